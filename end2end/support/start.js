// Before all journeys: one server with the demonstration data. Journeys find it in the environment:
// RECADO_URL (also Playwright's baseURL), RECADO_DATA (for `recado` commands), RECADO_DEMO (what `recado demo --json` said).
import { recado, startServer } from './server.js';

export default async function start() {
  const server = await startServer();
  process.env.RECADO_URL = server.url;
  process.env.RECADO_DATA = server.data;
  process.env.RECADO_DEMO = recado(server.data, 'demo', '--json');
  return () => server.stop();
}
