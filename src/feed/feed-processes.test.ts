// The processes of feeds: what they are told, how they end, and what happens when they die.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLog } from '../kernel/log.ts';
import { startTickOf } from '../kernel/process-identity.ts';
import { openFeeds } from './feed-processes.ts';
import type { Feed, FollowedShard } from './feeds.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };
const CACHE = 'us-east-1/000000000000/shop';

const feed = (id: string): Feed => ({
  ...{ id, scope },
  configuration: {
    name: id,
    source: { kind: 'replication', cache: 'shop', resync: 'diff' },
    value: 'none',
    mappings: [],
    readsMetaRecords: false,
  },
});

const shard: FollowedShard = { id: '0001', slots: [[0, 16383]], nodes: [] };

function open(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-feeds-'));
  const feeds = openFeeds({
    ...{ dataDir, log: silentLog },
    callsOf: () => ({ call: async () => undefined }),
  });
  t.after(async () => {
    await feeds.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { feeds, dataDir };
}

/** Its process runs, and waits for nodes that serve. */
async function begin({ feeds }: Pick<ReturnType<typeof open>, 'feeds'>, id: string) {
  feeds.set(feed(id)).catch(() => {});
  await until(() => feeds.status(id)?.pid !== undefined);
  return feeds.status(id)!;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the processes of feeds', () => {
  it('are one for each feed, which ends when the feed is removed, with its directory', async (t) => {
    const { feeds, dataDir } = open(t);
    const [a, b] = [await begin({ feeds }, 'a'), await begin({ feeds }, 'b')];
    assert.deepEqual([a.state, a.details], ['starting', ['waits for the nodes of its cache']]);
    assert.notEqual(a.pid, b.pid);
    assert.ok(existsSync(join(dataDir, 'feeds/a')));
    await feeds.remove('a');
    assert.equal(startTickOf(a.pid!), undefined);
    assert.ok(startTickOf(b.pid!) !== undefined);
    assert.equal(feeds.status('a'), undefined);
    assert.ok(!existsSync(join(dataDir, 'feeds/a')));
  });

  it('are started again when they die, with the nodes as they are then', async (t) => {
    const { feeds } = open(t);
    feeds.setNodes(CACHE, [shard]);
    const { pid } = await begin({ feeds }, 'a');
    feeds.setNodes(CACHE, [shard, { ...shard, id: '0002' }]);
    process.kill(pid!, 'SIGKILL');
    await until(() => startTickOf(pid!) === undefined);
    await until(() => feeds.status('a')?.pid !== undefined && feeds.status('a')!.pid !== pid);
    await until(() => feeds.status('a')!.details.length === 2);
  });

  it('keep nobody waiting who wants a node to be left', async (t) => {
    const { feeds } = open(t);
    await feeds.leave(CACHE, 'shop-001');
    const { pid } = await begin({ feeds }, 'a');
    assert.ok(await feeds.leave(CACHE, 'shop-001'));
    process.kill(pid!, 'SIGSTOP');
    assert.ok(!(await feeds.leave(CACHE, 'shop-001')), 'a feed that hangs may still follow it');
    process.kill(pid!, 'SIGKILL');
    assert.ok(await feeds.leave(CACHE, 'shop-001'), 'a process that ends follows nothing');
  });
});
