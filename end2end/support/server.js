// A Recado of our own: a folder of its own, a free port, its own PostgreSQL.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** The program under test. */
export const program = process.env.RECADO_BIN ?? join(root, 'target', 'debug', 'recado');
const environment = {
  RECADO_ALLOW_LOCAL_WEBHOOKS: '1',
  // No pause between messages: journeys wait for what happens, not for politeness.
  RECADO_GAP_SECONDS: '0-0',
  RECADO_LOG: 'warn',
  RECADO_SITE_DIR: join(root, 'target', 'site'),
  ...process.env,
};
// A database somebody works with must never be the tests'.
delete environment.DATABASE_URL;

/** A new folder that PostgreSQL's user can walk into, so that everything a server makes is below it and goes with it. */
function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'recado-e2e-'));
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * Starts a server; `args` are further arguments of `recado serve`. `data` takes up the folder that an earlier server of
 * the journey left with `stop({ keep: true })`; `env` is put on top of the environment.
 */
export async function startServer(args = [], { data = newFolder(), env = {} } = {}) {
  const child = spawn(program, ['serve', '--mode', 'dev', '--port', '0', '--data', data, ...args], {
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    child.once('error', reject);
    ended.then((code) => reject(new Error(`recado serve ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length).trim());
    });
  });
  return {
    url,
    data,
    /** Stops it cleanly and, unless it is to be kept, removes its folder. */
    async stop({ keep = false } = {}) {
      child.kill('SIGTERM');
      await ended;
      if (!keep) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Runs another command of `recado` on an installation, e.g. `recado(data, 'staff', 'create', …)`; returns its output. */
export function recado(data, ...args) {
  return execFileSync(program, [...args, '--data', data], { env: environment, encoding: 'utf8' });
}
