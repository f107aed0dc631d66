// Engines started without Millpond, as the baseline. They have no admin user and no withheld commands, and end with the
// benchmark.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { freeAddress, testPort } from '../src/drivers/local/testing/loopback.ts';
import type { Bench } from './context.ts';

export const PORT = testPort;

/** A running engine without Millpond. */
export interface BareEngine {
  readonly address: string;
  readonly pid: number;
  readonly process: ChildProcess;
  kill(): Promise<void>;
}

export interface BareEngineOptions {
  address?: string;
  directives?: Record<string, string>;
  /** Files to put into its directory. */
  files?: Record<string, string>;
  sentinel?: boolean;
}

const PROGRAM = process.env.MILLPOND_BENCH_ENGINE ?? 'redis-server';

/** Resolves when the process exists; `untilAnswers` resolves when it serves. */
export async function spawnBareEngine(bench: Bench, options: BareEngineOptions = {}): Promise<BareEngine> {
  const address = options.address ?? (await freeAddress());
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-engine-'));
  mkdirSync(directory, { recursive: true });
  const directives = {
    port: String(PORT),
    bind: address,
    'bind-source-addr': address,
    'protected-mode': 'no',
    ...(options.sentinel
      ? { 'sentinel announce-ip': address }
      : { 'replica-announce-ip': address, 'repl-diskless-sync-delay': '0', save: '""' }),
    ...options.directives,
  };
  const lines = Object.entries(directives).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(join(directory, 'engine.conf'), lines.join(''));
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(directory, name), text);
  const child = spawn(PROGRAM, ['engine.conf', ...(options.sentinel ? ['--sentinel'] : [])], {
    cwd: directory,
    stdio: 'ignore',
  });
  const engine: BareEngine = {
    address,
    pid: child.pid!,
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  bench.own({
    async stop() {
      await engine.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  });
  return engine;
}

const WITHOUT_RETRIES: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 1_000,
  commandTimeout: 1_000,
  maxRetriesPerRequest: 0,
  enableReadyCheck: false,
  disableClientInfo: true,
  retryStrategy: () => null,
};

/** Opens a connection; the caller closes it. */
export async function connectTo(address: string, port = PORT): Promise<Redis> {
  const redis = new Redis({ ...WITHOUT_RETRIES, host: address, port });
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

/** Runs one command over a new connection. */
export async function ask(address: string, command: string, ...words: (string | number)[]): Promise<unknown> {
  const redis = await connectTo(address);
  try {
    return await redis.call(command, ...words);
  } finally {
    redis.disconnect();
  }
}

/** Calls `look` without pauses until it returns a value; rejects after `limitMs`. */
export async function asSoonAs<T>(look: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`nothing came of it within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
