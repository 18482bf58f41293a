// An installation with a history: forty days ago its people signed up, subscribed, sent and received; today its months
// are over. Made by running the server with its clock set back, then again with the real one.

import { Place } from './place.js';
import { recado, startServer } from './server.js';

const DAYS = 40;
// An instance that nobody pays for is deleted a week after its trial; here it is to be seen. Invoices are paid by Pix.
const env = {
  RECADO_DELETE_UNPAID_DAYS: '3650',
  RECADO_PIX_KEY: 'financeiro@example.com',
  RECADO_PIX_NAME: 'Recado Tecnologia',
  RECADO_PIX_CITY: 'Goiânia',
};

/** The month, `YYYY-MM`, that it was in São Paulo `days` ago. */
export function monthOf(days) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo', year: 'numeric', month: '2-digit' });
  return parts.format(Date.now() - days * 24 * 3600 * 1000).slice(0, 7);
}

/** The fixture: `{place, account, subscribed, expired, phone, month}`. */
export async function past({}, use) {
  const shift = `-${DAYS}d`;
  const then = await startServer(['--clock-offset', shift], { env });
  const demo = JSON.parse(recado(then.data, 'demo', '--json', '--clock-offset', shift));
  const before = new Place(then.url, then.data, { demo, shift });
  const [subscribed, expired] = demo.instances.map(({ id, token, name }) => {
    return { id, token, name, page: `/instancias/${id}`, rest: `${then.url}/instances/${id}/token/${token}` };
  });
  const phone = before.link(subscribed);
  await subscribe(then.url, demo.account, subscribed);
  await then.stop({ keep: true });

  const now = await startServer([], { data: then.data, env });
  for (const instance of [subscribed, expired]) instance.rest = instance.rest.replace(then.url, now.url);
  const place = new Place(now.url, now.data, { demo });
  await use({ place, account: demo.account, subscribed, expired, phone, month: monthOf(DAYS) });
  await now.stop();
}

/** Subscribes by posting the panel's own forms. */
async function subscribe(url, { email, password }, instance) {
  const cookies = new Map();
  const visit = async (path, form) => {
    const answer = await fetch(`${url}${path}`, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      redirect: 'manual',
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split(/=(.*)/s);
      cookies.set(name, value);
    }
    return { status: answer.status, key: (await answer.text()).match(/name="_csrf" value="([^"]+)"/)?.[1] };
  };
  const door = await visit('/entrar');
  await visit('/entrar', { _csrf: door.key, email, senha: password, voltar: '' });
  const page = await visit(instance.page);
  const done = await visit(`${instance.page}/assinar`, { _csrf: page.key });
  if (done.status !== 303) throw new Error(`subscribing answered ${done.status}`);
}
