// A feed of a cache of three shards, to a function and to a table, while clients write; and what must be when all is quiet:
// the table equals the cache, every write that was acknowledged and replicated was delivered, and in order for its key.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { ModifyReplicationGroupShardConfigurationCommand } from '@aws-sdk/client-elasticache';
import type { FeedView } from '../../src/status.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import { type ChangesSeen, type SeenChange, seeChanges } from './changes-seen.ts';
import { type HashWriter, startHashWriter } from './hash-writers.ts';
import type { MillpondProcess } from './millpond-process.ts';
import { signal } from './node-processes.ts';
import { createGroup, isAvailable, withMillpond } from './program.ts';
import type { Random } from './random.ts';
import { ask, redirectionOf } from './session.ts';
import { areReplaced, shardsOf, strike } from './victims.ts';
import { until } from './wait.ts';

const GROUP = 'shop';
const PORT = 6379;
const HASHES = 24;
const MOST_SHARDS = 4;
const WRITES_BETWEEN = 100;
const WRITES_WITHIN_MS = 60_000;
const SETTLES_WITHIN_MS = 90_000;

const FEED = `
name: carts
cache: ${GROUP}
matching: all
mappings:
  - {name: function, keys: 'cart:*', target: {lambda: seen}, timeout: 2s, batch: {size: 200}}
  - {name: table, keys: 'cart:*', target: {dynamodb: Carts}}
`;

/** What happens to a feed. */
export interface FeedScene {
  millpond: MillpondProcess;
  seen: ChangesSeen;
  random: Random;
  tell(line: string): void;
}

type Fault = (scene: FeedScene) => Promise<void>;

export const FEED_FAULTS: Readonly<Record<string, Fault>> = {
  async 'kill a primary'({ millpond, random }) {
    const { primary } = random.pick(await shardsOf(millpond, GROUP));
    strike([primary], 'SIGKILL');
    await areReplaced(millpond, [primary]);
  },
  async 'kill the followed replicas'({ millpond, random }) {
    const { replicas } = random.pick(await shardsOf(millpond, GROUP));
    strike(replicas, 'SIGKILL');
    await areReplaced(millpond, replicas);
  },
  async 'kill the feed'({ millpond }) {
    const { status } = await feedOf(millpond);
    signal(status.pid!, 'SIGKILL');
    await until('another process runs', SETTLES_WITHIN_MS, async () => {
      const { pid } = (await feedOf(millpond)).status;
      return (pid !== undefined && pid !== status.pid) || `it is ${pid}`;
    });
  },
  async 'kill Millpond'({ millpond }) {
    await millpond.kill9();
    await millpond.start();
  },
  async 'kill Millpond and a primary'({ millpond, random }) {
    const { primary } = random.pick(await shardsOf(millpond, GROUP));
    await millpond.kill9();
    strike([primary], 'SIGKILL');
    await millpond.start();
    await areReplaced(millpond, [primary]);
  },
  async 'the function fails'(scene) {
    await whileBroken(scene, 'fail');
  },
  async 'the function hangs'(scene) {
    await whileBroken(scene, 'hang');
  },
  async 'add a shard, or remove one'({ millpond, random, tell }) {
    const shards = await shardsOf(millpond, GROUP);
    const grows = shards.length < MOST_SHARDS;
    const NodeGroupsToRemove = [random.pick(shards).id];
    tell(grows ? 'a shard comes' : `shard ${NodeGroupsToRemove[0]} goes`);
    await millpond.elasticache.send(
      new ModifyReplicationGroupShardConfigurationCommand({
        ...{ ReplicationGroupId: GROUP, ApplyImmediately: true },
        NodeGroupCount: shards.length + (grows ? 1 : -1),
        ...(!grows && { NodeGroupsToRemove }),
      }),
    );
    await isAvailable(millpond, GROUP);
  },
};

async function whileBroken({ seen, millpond }: FeedScene, mode: ChangesSeen['mode']): Promise<void> {
  await until('what failed before is over', SETTLES_WITHIN_MS, async () => {
    const { state } = (await feedOf(millpond)).status;
    return state === 'running' || state;
  });
  seen.mode = mode;
  try {
    const { read } = (await feedOf(millpond)).status;
    await until('changes wait', SETTLES_WITHIN_MS, async () => {
      const { status } = await feedOf(millpond);
      return status.state === 'failing' || `${status.read - read} more changes were read`;
    });
  } finally {
    seen.mode = 'work';
  }
}

async function feedOf({ url }: MillpondProcess): Promise<FeedView> {
  const { feeds } = (await (await fetch(`${url}/_millpond/feeds`)).json()) as { feeds: FeedView[] };
  return feeds[0]!;
}

/** Plays these faults, one after the other, with writes in between. */
export async function feedUnderFaults(
  t: TestContext,
  { seed, faults }: { seed?: number; faults(random: Random): readonly string[] },
): Promise<void> {
  const seen = await seeChanges();
  t.after(() => seen.close());
  const env = { AWS_ENDPOINT_URL_LAMBDA: seen.url };
  await withMillpond(t, { ...(seed !== undefined && { seed }), env }, async (millpond, random) => {
    await createGroup(millpond, GROUP, 'cluster mode on, 3x(1+1)');
    await makeTable(millpond);
    await isAvailable(millpond, GROUP);
    await makeFeed(t, millpond);
    const writers = startWriters(millpond);
    const scene: FeedScene = { millpond, seen, random, tell: (line) => t.diagnostic(line) };
    try {
      for (const name of faults(random)) {
        await haveWritten(writers);
        const at = performance.now();
        await FEED_FAULTS[name]!(scene);
        t.diagnostic(`${name}: ${(performance.now() - at).toFixed(0)} ms`);
      }
      await haveWritten(writers);
    } finally {
      await Promise.all(writers.map((writer) => writer.stop()));
    }
    await isAvailable(millpond, GROUP);
    await settled(millpond, seen, writers);
    checkOrder(seen, writers);
    const { status } = await feedOf(millpond);
    t.diagnostic(
      `${sum(writers)} writes, ${status.read} changes, ${seen.changes.length} seen by the function`,
    );
    assert.equal(status.dead, 0);
  });
}

const sum = (writers: readonly HashWriter[]) => writers.reduce((all, { written }) => all + written, 0);

async function haveWritten(writers: readonly HashWriter[]): Promise<void> {
  const before = sum(writers);
  await until('clients write', WRITES_WITHIN_MS, () => {
    const more = sum(writers) - before;
    return more >= WRITES_BETWEEN || `${more} writes`;
  });
}

async function makeTable(millpond: MillpondProcess): Promise<void> {
  await tableOf(millpond).createTable({
    ...{ TableName: 'Carts', BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
}

const tableOf = ({ url }: MillpondProcess) =>
  new DynamoDB({
    ...{ endpoint: url, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

async function makeFeed(t: TestContext, { dataDir }: MillpondProcess): Promise<void> {
  const file = join(tmpdir(), `millpond-feed-${process.pid}-${Math.random()}.yml`);
  t.after(() => rmSync(file, { force: true }));
  writeFileSync(file, FEED);
  const { code, stderr } = await runCommand(MILLPOND, [
    'feed',
    'create',
    '--file',
    file,
    '--data-dir',
    dataDir,
  ]);
  assert.equal(code, 0, stderr);
}

function startWriters(millpond: MillpondProcess): HashWriter[] {
  const addresses = async () => (await millpond.group(GROUP)).members.map(({ address }) => address);
  return Array.from({ length: HASHES }, (_, index) =>
    startHashWriter({ key: `cart:${index}`, port: PORT, addresses }),
  );
}

/** Resolves once the table equals the cache, and the function has seen what was acknowledged and replicated. */
async function settled(
  millpond: MillpondProcess,
  seen: ChangesSeen,
  writers: readonly HashWriter[],
): Promise<void> {
  await until('everything is delivered', SETTLES_WITHIN_MS, async () => {
    const { address } = (await millpond.group(GROUP)).members[0]!;
    const cache = new Map<string, string>();
    for (const { key } of writers) {
      const fields = await hashAt(address, key);
      if (fields.n !== undefined) cache.set(key, fields.n);
    }
    const { Items = [] } = await tableOf(millpond).scan({ TableName: 'Carts', ConsistentRead: true });
    const table = new Map(Items.map(({ id, n }) => [id!.S!, n?.S ?? n?.N ?? '']));
    const differ = writers.find(({ key }) => cache.get(key) !== table.get(key))?.key;
    const { status } = await feedOf(millpond);
    return (
      (differ === undefined && missing(seen, writers).length === 0) ||
      `${differ}: ${cache.get(differ ?? '')} in the cache, ${table.get(differ ?? '')} in the table; ` +
        `not seen by the function: ${missing(seen, writers).slice(0, 10)}; ${JSON.stringify(status)}`
    );
  });
}

async function hashAt(address: string, key: string): Promise<Record<string, string>> {
  try {
    const reply = (await ask(address, PORT, 'HGETALL', key)) as string[];
    return Object.fromEntries(reply.flatMap((word, index) => (index % 2 ? [] : [[word, reply[index + 1]!]])));
  } catch (error) {
    const to = redirectionOf(error);
    if (!to) throw error;
    return hashAt(to.address, key);
  }
}

/** Of a full resynchronization, only the last of several writes is delivered. */
function missing(seen: ChangesSeen, writers: readonly HashWriter[]): string[] {
  return writers.flatMap(({ key, replicated }) => {
    const changes = seen.changes.filter((change) => change.key === key);
    const numbers = new Set(changes.map(numberOf));
    const synced = changes.filter(({ eventName }) => eventName === 'sync');
    const latest = Math.max(0, ...synced.map(({ value }) => Number(value?.n ?? 0)));
    const lacks = [...replicated].filter((number) => !numbers.has(number) && number > latest);
    return lacks.map((number) => `${key} ${number}`);
  });
}

/** A change may be delivered again; what is delivered for the first time is in order. */
function checkOrder(seen: ChangesSeen, writers: readonly HashWriter[]): void {
  for (const { key } of writers) {
    let [latest, latestNumber] = [0n, 0];
    for (const change of seen.changes) {
      if (change.key !== key || BigInt(change.sequence) <= latest) continue;
      latest = BigInt(change.sequence);
      const number = numberOf(change);
      if (number === undefined) continue;
      assert.ok(number > latestNumber, `${key}: ${number} is first delivered after ${latestNumber}`);
      latestNumber = number;
    }
  }
}

/** What a HSET of a writer sets `n` to. */
function numberOf({ command }: SeenChange): number | undefined {
  const at = command?.[0] === 'HSET' ? command.indexOf('n') : -1;
  return at > 0 ? Number(command![at + 1]) : undefined;
}
