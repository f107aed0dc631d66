// Real engines for tests of sources: a single server, which can be killed and started again with its data, or a cluster.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Redis } from 'ioredis';
import { freePort } from '../../../test/support/free-port.ts';
import type { Change } from '../change.ts';
import type { Source, SourceBatch } from '../source.ts';

/** A single server. */
export interface TestRedis {
  url: string;
  directory: string;
  client: Redis;
  process: ChildProcess;
  kill(): Promise<void>;
  /** With the data of its append-only file. */
  restart(): Promise<void>;
}

/** Starts a server and stops it when the test ends. */
export async function startRedis(test: Pick<TestContext, 'after'>, ...more: string[]): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--appendonly', 'yes'];
  const start = () => {
    const options = { cwd: directory, stdio: 'ignore' } as const;
    return spawn('redis-server', [...words, '--appendfsync', 'no', '--save', '', ...more], options);
  };
  const password = more[more.indexOf('--requirepass') + 1];
  const client = new Redis(port, '127.0.0.1', {
    ...(more.includes('--requirepass') && { password: password! }),
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
    protocol: 2,
  });
  client.on('error', () => {});
  const redis: TestRedis = {
    ...{ url: `redis://127.0.0.1:${port}`, directory },
    client,
    process: start(),
    async kill() {
      const gone = once(redis.process, 'exit');
      redis.process.kill('SIGKILL');
      await gone;
    },
    async restart() {
      redis.process = start();
      await client.ping();
    },
  };
  test.after(async () => {
    client.disconnect();
    if (redis.process.exitCode === null && redis.process.signalCode === null) await redis.kill();
    rmSync(directory, { recursive: true, force: true });
  });
  await client.ping();
  return redis;
}

/** Reads a source, batch by batch. */
export class Reading {
  readonly changes: Change[] = [];
  readonly batches: SourceBatch[] = [];
  readonly source: Source;
  readonly #iterator: AsyncIterator<SourceBatch>;
  /** Acknowledges each batch at once. */
  acknowledges = true;

  constructor(test: Pick<TestContext, 'after'>, source: Source) {
    this.source = source;
    this.#iterator = source.batches()[Symbol.asyncIterator]();
    test.after(() => source.close());
  }

  /** Reads until there are changes that fulfil this, and returns all that were read. */
  async until(isEnough: (changes: readonly Change[]) => boolean): Promise<readonly Change[]> {
    while (!isEnough(this.changes)) {
      const { done, value } = await this.#iterator.next();
      if (done) throw new Error('the source has ended');
      this.changes.push(...value.changes);
      this.batches.push(value);
      if (this.acknowledges) value.acknowledge();
    }
    return this.changes;
  }

  count = (count: number) => this.until((changes) => changes.length >= count);
}

/** Resolves when the condition holds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The fields of a change's hash as texts. */
export const fieldsOf = ({ value }: Change): Record<string, string> =>
  value?.type === 'hash'
    ? Object.fromEntries(value.fields.map(([name, text]) => [String(name), String(text)]))
    : {};
