// Jobs that do nothing, added one by one by many callers, then a backlog worked off.
// node jobs.mjs pg-boss|graphile-worker URL CALLERS MILLISECONDS BACKLOG
import pg from 'pg';

const [which, url, callersText, spanText, backlogText] = process.argv.slice(2);
const [callers, span, backlog] = [Number(callersText), Number(spanText), Number(backlogText)];
const pool = new pg.Pool({ connectionString: url, max: 24 });
// The server drops the database at the end: nothing to do about it here.
pool.on('error', () => {});
pool.on('connect', (client) => { client.on('error', () => {}); });

async function closedLoop(add) {
  let [added, over] = [0, false];
  setTimeout(() => { over = true; }, span);
  const begin = performance.now();
  await Promise.all(Array.from({ length: callers }, async () => {
    while (!over) { await add(added); added += 1; }
  }));
  return added / ((performance.now() - begin) / 1000);
}

async function pgBoss() {
  const { default: PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ connectionString: url, max: 24, supervise: false, schedule: false });
  boss.on('error', (error) => { console.error(error); });
  await boss.start();
  await boss.createQueue('job');
  const inPerSecond = await closedLoop((n) => boss.send('job', { n }));
  await boss.purgeQueue('job');
  for (let n = 0; n < backlog; n += 1000) {
    await boss.insert(Array.from({ length: Math.min(1000, backlog - n) }, (_, k) => ({ name: 'job', data: { n: n + k } })));
  }
  await pool.query('VACUUM ANALYZE pgboss.job');
  // `work` looks at most twice a second; this is what it does in between, without the pause.
  let done = 0;
  const begin = performance.now();
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (;;) {
      const jobs = await boss.fetch('job', { batchSize: 256 });
      if (jobs.length === 0) { if (done >= backlog) return; continue; }
      await boss.complete('job', jobs.map((job) => job.id));
      done += jobs.length;
    }
  }));
  return [inPerSecond, done / ((performance.now() - begin) / 1000)];
}

async function graphileWorker() {
  const { makeWorkerUtils, run, Logger } = await import('graphile-worker');
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const inPerSecond = await closedLoop((n) => utils.addJob('job', { n }));
  await pool.query('DELETE FROM graphile_worker._private_jobs');
  for (let n = 0; n < backlog; n += 1000) {
    const jobs = Array.from({ length: Math.min(1000, backlog - n) }, (_, k) => ({ identifier: 'job', payload: { n: n + k } }));
    await utils.addJobs(jobs);
  }
  await pool.query('VACUUM ANALYZE graphile_worker._private_jobs');
  let done = 0;
  let finish;
  const all = new Promise((resolve) => { finish = resolve; });
  const begin = performance.now();
  // What its own performance tests switch on: jobs fetched and completed in batches.
  const preset = { worker: { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
  const runner = await run({
    preset, pgPool: pool, logger, noHandleSignals: true,
    taskList: { job: async () => { done += 1; if (done === backlog) finish(); } },
  });
  await all;
  const donePerSecond = done / ((performance.now() - begin) / 1000);
  await runner.stop();
  await utils.release();
  return [inPerSecond, donePerSecond];
}

const [inPerSecond, donePerSecond] = which === 'pg-boss' ? await pgBoss() : await graphileWorker();
console.log(JSON.stringify({ in_per_second: inPerSecond, done_per_second: donePerSecond }));
process.exit(0);
