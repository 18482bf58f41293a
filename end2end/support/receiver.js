// A real HTTP receiver for webhooks.
import { createServer } from 'node:http';

/** Listens on a free port of this machine. `answers` are the first statuses it gives; then 200. */
export async function startReceiver(answers = []) {
  const received = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      received.push({ path: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    received,
    ofType: (type) => received.map(({ body }) => body).filter((body) => body.type === type),
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
