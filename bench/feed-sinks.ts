// Changes that a feed carries from a cache into a table and into a function, next to the same calls of the sink without a
// feed in the same run: what is left of the sink's own speed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { Redis } from 'ioredis';
import type { FeedConfiguration, Mapping, Target } from '../src/feed/configuration/configuration.ts';
import { compileRoute } from '../src/feed/delivery/route.ts';
import { openFeeds } from '../src/feed/feed-processes.ts';
import type { FollowedNode, FollowedShard } from '../src/feed/feeds.ts';
import type { AwsCalls, Message } from '../src/feed/sink.ts';
import { createSink } from '../src/feed/sinks/create-sink.ts';
import { callsTo } from '../src/feed/sinks/sinks.fixture.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { silentLog } from '../src/kernel/log.ts';
import { createDynamoDb } from '../src/services/dynamodb/service.ts';
import { nodeFunction, startTestLambda } from '../src/services/lambda/lambda.fixture.ts';
import type { Bench } from './context.ts';
import { type JudgedRow, p50, row } from './row.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const CACHE = 'us-east-1/000000000000/bench';
const PARALLEL = 4;

/** Rows of changes for each second, of each sink. */
export async function measureFeedSinks(bench: Bench): Promise<JudgedRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-bench-feed-'));
  bench.own({ stop: () => rmSync(directory, { recursive: true, force: true }) });
  const redis = await startRedis(bench, directory);
  const calls = await startSinks(bench, directory);
  const sinks: [name: string, target: Target, batch: Mapping['batch'], count: number][] = [
    [
      'DynamoDB',
      { kind: 'dynamodb', table: 'bench', row: { key: {} } },
      { size: 100, windowMs: 0, parallel: PARALLEL },
      bench.rounds(40_000, 10_000),
    ],
    [
      'Lambda, in batches of 100',
      { kind: 'lambda', function: 'bench', reportsItemFailures: false },
      { size: 100, windowMs: 0, parallel: PARALLEL },
      bench.rounds(80_000, 20_000),
    ],
  ];
  const rows: JudgedRow[] = [];
  for (const [name, target, batch, count] of sinks) {
    const mapping = mappingTo(target, batch);
    const [fed, bare]: [number[], number[]] = [[], []];
    const rounds = bench.rounds(5, 3);
    for (let round = 0; round <= rounds; round++) {
      bench.say(`feed-sinks: ${name}: ${round} of ${rounds}`);
      const rates = [
        await rateOfFeed(bench, { ...redis, directory, calls, mapping, count }),
        await rateOfSink(mapping, calls, count),
      ];
      // The first round warms both up.
      if (round === 0) continue;
      fed.push(rates[0]!);
      bare.push(rates[1]!);
    }
    rows.push(
      row(`changes from a cache to ${name}, beside the same calls without a feed`, p50(fed), '/s', {
        floor: p50(bare),
      }),
    );
  }
  return rows;
}

const mappingTo = (target: Target, batch: Mapping['batch']): Mapping => ({
  ...{ name: 'all', keys: ['*'], types: [], commands: [], fields: [], filters: [], payload: 'change' },
  ...{ target, batch, retry: { attempts: -1, maxAgeMs: -1, bisects: false } },
});

const fieldsOf = (index: number) => ({ total: String(index), note: 'n'.repeat(40), status: 'open' });

interface FeedRun {
  client: Redis;
  shard: FollowedShard;
  directory: string;
  calls: AwsCalls;
  mapping: Mapping;
  count: number;
}

/** From the first write to the last delivery. */
async function rateOfFeed(bench: Bench, run: FeedRun): Promise<number> {
  const { client, shard, directory, calls, mapping, count } = run;
  const feeds = bench.own(
    openFeeds({
      ...{ dataDir: directory, log: silentLog },
      callsOf: () => calls,
    }),
  );
  const configuration: FeedConfiguration = {
    ...{ name: 'bench', value: 'after', mappings: [mapping], readsMetaRecords: false },
    source: { kind: 'replication', cache: 'bench', resync: 'diff' },
  };
  await client.flushall();
  feeds.setNodes(CACHE, [shard]);
  await feeds.set({ id: 'bench', scope: SCOPE, configuration });
  const began = performance.now();
  for (let index = 0; index < count; ) {
    const pipeline = client.pipeline();
    for (let size = 0; size < 500 && index < count; size++, index++)
      pipeline.hset(`key:${index}`, fieldsOf(index));
    await pipeline.exec();
  }
  while ((feeds.status('bench')?.delivered ?? 0) < count) await delay(5);
  const seconds = (performance.now() - began) / 1_000;
  await feeds.remove('bench');
  await feeds.stop();
  return count / seconds;
}

/** The same messages in the same batches, by the same sink, as many at the same time. */
async function rateOfSink(mapping: Mapping, calls: AwsCalls, count: number): Promise<number> {
  const sink = createSink(mapping, calls);
  const route = compileRoute(mapping, sink.limits.bytes);
  const messages: Message[] = Array.from({ length: count }, (_, index) => {
    const key = Buffer.from(`key:${index}`);
    const flat = Object.entries(fieldsOf(index)).map(
      ([name, value]) => [Buffer.from(name), Buffer.from(value)] as const,
    );
    return route.messageOf({
      ...{ sequence: String(index), cache: 'bench', database: 0, key, kind: 'write', at: Date.now() },
      command: [Buffer.from('HSET'), key, ...flat.flat()],
      value: { type: 'hash', fields: flat },
    }).message;
  });
  const size = Math.min(mapping.batch.size, sink.limits.messages);
  const began = performance.now();
  let next = 0;
  const deliver = async () => {
    while (next < count) {
      const from = next;
      next += size;
      const failures = await sink.deliver(messages.slice(from, from + size), new AbortController().signal);
      if (failures.length > 0) throw new Error(failures[0]!.reason);
    }
  };
  await Promise.all(Array.from({ length: mapping.batch.parallel }, deliver));
  const seconds = (performance.now() - began) / 1_000;
  await sink.close();
  return count / seconds;
}

async function startSinks(bench: Bench, directory: string): Promise<AwsCalls> {
  const dynamodb = createDynamoDb({
    ...{ file: join(directory, 'dynamodb.sqlite'), clock: systemClock, log: silentLog, isThrottled: false },
    report() {},
  });
  dynamodb.start();
  bench.own(dynamodb);
  const lambda = bench.own(await startTestLambda());
  await lambda.client.send(
    new CreateFunctionCommand(nodeFunction('bench', 'exports.handler = async () => null;')),
  );
  const calls = callsTo({ dynamodb: dynamodb.service, lambda: lambda.service });
  await calls.call('dynamodb', 'CreateTable', {
    TableName: 'bench',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  return calls;
}

async function startRedis(bench: Bench, directory: string): Promise<{ client: Redis; shard: FollowedShard }> {
  const socket = join(directory, 'engine.sock');
  const words = ['--port', '0', '--unixsocket', socket, '--save', '', '--repl-diskless-sync-delay', '0'];
  const child = spawn('redis-server', words, { cwd: directory, stdio: 'ignore' });
  bench.own({
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
  while (!existsSync(socket)) await delay(10);
  const client = new Redis({ path: socket, protocol: 2 });
  bench.own({ stop: () => client.disconnect() });
  await client.ping();
  const node: FollowedNode = {
    ...{ id: 'bench-001', role: 'primary', isServing: true, socket, username: 'default', password: '' },
    commandNames: {},
  };
  return { client, shard: { id: '0001', slots: [[0, 16_383]], nodes: [node] } };
}
