import assert from 'node:assert/strict';
import { it } from 'node:test';
import { refreshNodesFile, renderNodesFile } from './cluster-seed.ts';
import type { ClusterSeed } from './fleet.ts';

const ONE = '1'.repeat(40);
const TWO = '2'.repeat(40);

const REDIS_7_0 = { engine: 'redis', version: '7.0.15' } as const;

const seed = (hostnames: { one?: string; two?: string } = {}): ClusterSeed => ({
  self: ONE,
  busPort: 16_379,
  epoch: 1,
  nodes: [
    {
      ...{ id: ONE, address: '127.9.0.4', port: 6379, slots: [[0, 16_383]], epoch: 1 },
      ...(hostnames.one && { hostname: hostnames.one }),
    },
    {
      ...{ id: TWO, address: '127.9.0.5', port: 6379, slots: [], epoch: 0, primaryId: ONE },
      ...(hostnames.two && { hostname: hostnames.two }),
    },
  ],
});

const endpointsIn = (text: string) => [...text.matchAll(/^\w{40} (\S+)/gm)].map(([, endpoint]) => endpoint);

it('a new cluster knows the names of all its nodes from the start', () => {
  assert.deepEqual(
    endpointsIn(renderNodesFile(seed({ one: 'one.example', two: 'two.example' }), REDIS_7_0)),
    ['127.9.0.4:6379@16379,one.example', '127.9.0.5:6379@16379,two.example'],
  );
  assert.deepEqual(endpointsIn(renderNodesFile(seed(), REDIS_7_0)), [
    '127.9.0.4:6379@16379',
    '127.9.0.5:6379@16379',
  ]);
});

it('engines that know shard ids get them', () => {
  const { nodes, ...rest } = seed({ one: 'one.example' });
  const shards = { ...rest, nodes: nodes.map((node) => ({ ...node, shardId: 'c'.repeat(40) })) };
  const id = `shard-id=${'c'.repeat(40)}`;
  for (const binary of [
    { engine: 'valkey', version: '8.0.1' },
    { engine: 'redis', version: '7.2.0' },
  ] as const)
    assert.deepEqual(endpointsIn(renderNodesFile(shards, binary)), [
      `127.9.0.4:6379@16379,one.example,${id}`,
      `127.9.0.5:6379@16379,,${id}`,
    ]);
  const [first] = endpointsIn(renderNodesFile(shards, REDIS_7_0));
  assert.equal(first, '127.9.0.4:6379@16379,one.example');
});

it('a restarted node gets the current addresses and names, and keeps the rest of the file', () => {
  const written = [
    `${ONE} 127.8.0.1:6379@16379,old.example myself,master - 0 0 1 connected 0-16383`,
    `${TWO} 127.8.0.2:6379@16379,,tls-port=0,shard-id=${'a'.repeat(40)} slave ${ONE} 0 0 1 connected`,
    'vars currentEpoch 1 lastVoteEpoch 0',
  ].join('\n');
  assert.deepEqual(endpointsIn(refreshNodesFile(written, seed({ two: 'two.example' }))), [
    '127.9.0.4:6379@16379',
    `127.9.0.5:6379@16379,two.example,tls-port=0,shard-id=${'a'.repeat(40)}`,
  ]);
  assert.deepEqual(endpointsIn(refreshNodesFile(written, seed({ one: 'one.example' }))), [
    '127.9.0.4:6379@16379,one.example',
    `127.9.0.5:6379@16379,,tls-port=0,shard-id=${'a'.repeat(40)}`,
  ]);
});
