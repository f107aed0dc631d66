// The peer of the benchmark of DynamoDB: dynalite in a process of its own, with its tables on disk. The benchmark
// installs it at the version of peers/dynalite into `.toolchain/peers`.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../test/support/free-port.ts';
import type { Bench } from './context.ts';

const LISTED = fileURLToPath(new URL('peers/dynalite', import.meta.url));
const INSTALLED = fileURLToPath(new URL('../.toolchain/peers/dynalite', import.meta.url));
const PROGRAM = join(INSTALLED, 'node_modules/dynalite/cli.js');

/** A running dynalite. */
export interface Dynalite {
  readonly pid: number;
  readonly url: string;
}

/** Installs dynalite if it is missing, and starts it; the bench stops it. */
export async function startDynalite(bench: Bench): Promise<Dynalite> {
  if (!existsSync(PROGRAM)) await install(bench);
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-dynalite-'));
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAM, '--port', String(port), '--path', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  bench.own({
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  });
  await listens(child);
  return { pid: child.pid!, url: `http://127.0.0.1:${port}` };
}

async function install(bench: Bench): Promise<void> {
  bench.say('installing dynalite for the comparison…');
  mkdirSync(INSTALLED, { recursive: true });
  cpSync(LISTED, INSTALLED, { recursive: true });
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: INSTALLED });
}

/** Resolves when dynalite says that it listens. */
async function listens(child: ChildProcess): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += chunk;
    if (/listening/i.test(text)) break;
  }
  child.stdout!.resume();
}
