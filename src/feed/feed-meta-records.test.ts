// Hashes of mappings read through the socket of a node of Millpond's, and from a server by its URL.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ENGINES, startBareEngine } from '../../test/support/bare-engine.ts';
import { metaRecordsOf } from './feed-meta-records.ts';
import type { FollowedNode } from './feeds.ts';
import { startRedis } from './redis/redis.fixture.ts';

const { signal } = new AbortController();
const RECORD = [{ key: '__meta_record__A', fields: new Map([['lambda', 'f']]) }];

it('of a cache of Millpond are read once each shard has a node that serves', async () => {
  await using engine = await startBareEngine(ENGINES[0]!);
  await engine.client.hset('__meta_record__A', 'lambda', 'f');
  const node: FollowedNode = {
    ...{ id: 'shop-001', role: 'primary', isServing: false, socket: engine.socket },
    ...{ username: 'default', password: '', commandNames: {} },
  };
  let asked = 0;
  const shardsNow = () => {
    asked += 1;
    return [{ id: '0001', slots: [[0, 16383]] as const, nodes: [{ ...node, isServing: asked > 1 }] }];
  };
  const source = { kind: 'replication', cache: 'shop', resync: 'diff' } as const;
  assert.deepEqual(await metaRecordsOf(source, shardsNow, signal), RECORD);
});

it('of another server are read by its URL', async (context) => {
  const redis = await startRedis(context);
  await redis.client.hset('__meta_record__A', 'lambda', 'f');
  const server = { url: redis.url, isCluster: false };
  const source = { kind: 'keyspace', server, pattern: '__key*__:*', database: 0 } as const;
  assert.deepEqual(await metaRecordsOf(source, () => [], signal), RECORD);
});
