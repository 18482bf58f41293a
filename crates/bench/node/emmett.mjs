// A closed loop of commands on emmett-postgresql with its defaults: aggregate, decide, append with the expected version.
// node emmett.mjs URL create|existing TASKS MILLISECONDS EXISTING
import { randomUUID } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';

const [url, kind, tasksText, spanText, existingText] = process.argv.slice(2);
const [tasks, span, existing] = [Number(tasksText), Number(spanText), Number(existingText)];
const store = getPostgreSQLEventStore(url);
await store.schema.migrate();

const event = (amount) => ({
  type: 'sample.recorded',
  data: {
    amount,
    purpose: 'Entrada de teste com o tamanho de um evento comum: identificadores, horas, estados e algumas palavras a mais',
    reference: '0199f0aa-7d3c-7bb2-8f55-0a1b2c3d4e5f/2026-10-05T12:00:00Z',
  },
});
const initialState = () => ({ entries: 0, total: 0 });
const evolve = (state, { data }) => ({ entries: state.entries + 1, total: state.total + data.amount });

async function command(stream, amount) {
  const { state, currentStreamVersion } = await store.aggregateStream(stream, { evolve, initialState });
  if (state.entries > 1_000_000) throw new Error('nobody comes here');
  await store.appendToStream(stream, [event(amount)], { expectedStreamVersion: currentStreamVersion });
}

const name = (k) => `sample-${k}`;
if (kind === 'existing') {
  for (let first = 0; first < existing; first += 64) {
    await Promise.all(Array.from({ length: 64 }, (_, n) => store.appendToStream(name(first + n), [event(1)])));
  }
}

const took = [];
let over = false;
async function loop(task) {
  const turns = Math.floor(existing / tasks);
  for (let n = 0; !over; n += 1) {
    const stream = kind === 'create' ? `sample-${randomUUID()}` : name(task + tasks * (n % turns));
    const start = performance.now();
    await command(stream, n % 100);
    took.push(performance.now() - start);
  }
}
const begin = performance.now();
const cpu = process.cpuUsage();
setTimeout(() => { over = true; }, span);
await Promise.all(Array.from({ length: tasks }, (_, task) => loop(task)));
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(cpu);
took.sort((a, b) => a - b);
const at = (share) => took[Math.min(took.length - 1, Math.floor((took.length * share) / 100))] ?? 0;
console.log(JSON.stringify({
  per_second: took.length / seconds, p50_ms: at(50), p99_ms: at(99), count: took.length, client_us: (user + system) / Math.max(1, took.length),
}));
await store.close();
process.exit(0);
