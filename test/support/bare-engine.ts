// An engine without Millpond, on a socket in a temporary directory: what its replication and its dumps are tested with.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { until } from '../../src/engine/testing/settle.ts';
import { toolAt } from '../../src/kernel/programs.ts';

/** The engines of this machine. */
export const ENGINES = ['redis-server', 'valkey-server'].filter(
  (program) => versionOf(program) !== undefined,
);

/** `7.0.15`; `undefined` where the program is missing. */
export function versionOf(program: string): string | undefined {
  try {
    const text = execFileSync(toolAt(program, process.env), ['--version'], { encoding: 'utf8' });
    return /v=(\d+\.\d+\.\d+)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** A running engine. It ends with `stop`, or with the test process. */
export interface BareEngine extends AsyncDisposable {
  readonly client: Redis;
  readonly socket: string;
  /** Its dump.rdb, after SAVE. */
  dump(): Promise<Buffer>;
  /** A connection on which nothing was said yet. */
  connect(): Socket;
}

/** Starts `program` with these directives. */
export async function startBareEngine(
  program: string,
  directives: Record<string, string> = {},
): Promise<BareEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bare-engine-'));
  const socket = join(directory, 'engine.sock');
  const all = { port: '0', unixsocket: socket, save: '', 'enable-debug-command': 'yes', ...directives };
  const child = spawn(
    toolAt(program, process.env),
    [...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])],
    { cwd: directory, stdio: 'ignore' },
  );
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const client = new Redis({ path: socket, lazyConnect: true, retryStrategy: () => 20 });
  client.on('error', () => {});
  await until(`${program} answers`, async () => (await client.ping()) === 'PONG');
  return {
    client,
    socket,
    async dump() {
      await client.save();
      return readFileSync(join(directory, 'dump.rdb'));
    },
    connect: () => connect(socket),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      process.off('exit', end);
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        end();
        await ended;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
