import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ClusterNode, parseClusterInfo, parseClusterNodes } from './cluster-nodes.ts';
import { renderNodesFile } from './cluster-seed.ts';
import type { ClusterSeed } from './fleet.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

describe('parseClusterNodes', () => {
  const cases: [name: string, line: string, expected: Partial<ClusterNode>][] = [
    [
      'itself, a primary with slots on the move',
      `${a} 127.5.0.1:6379@16379 myself,master - 0 0 7 connected 0-99 101 [5-<-${b}] [101->-${b}]`,
      {
        id: a,
        address: '127.5.0.1',
        port: 6379,
        role: 'primary',
        isSelf: true,
        epoch: 7,
        link: 'up',
        slots: [
          [0, 99],
          [101, 101],
        ],
        importing: [{ slot: 5, from: b }],
        migrating: [{ slot: 101, to: b }],
      },
    ],
    [
      'a replica that has failed, with a host name',
      `${a} 127.5.0.2:7000@17000,host.example,shard-id=abc slave,fail ${b} 1 2 3 disconnected`,
      {
        port: 7000,
        role: 'replica',
        primaryId: b,
        flags: ['slave', 'fail'],
        link: 'down',
        slots: [],
        isSelf: false,
      },
    ],
    [
      'one without an address',
      `${a} :0@0 master,noaddr - 0 0 0 disconnected`,
      { address: '', port: 0, flags: ['master', 'noaddr'] },
    ],
    ['an IPv6 address', `${a} ::1:6379@16379 master - 0 0 1 connected`, { address: '::1', port: 6379 }],
  ];
  for (const [name, line, expected] of cases) {
    it(`reads ${name}`, () => {
      const [node] = parseClusterNodes(`${line}\n`);
      assert.deepEqual({ ...node, ...expected }, node);
    });
  }

  it('reads what we write before the first start', () => {
    const seed: ClusterSeed = {
      self: a,
      busPort: 1122,
      epoch: 2,
      nodes: [
        { id: a, address: '127.5.0.1', port: 6379, slots: [[0, 16383]], epoch: 2 },
        { id: b, address: '127.5.0.2', port: 6379, slots: [], epoch: 0, primaryId: a },
      ],
    };
    const text = renderNodesFile(seed, { engine: 'redis', version: '7.0.15' });
    assert.match(text, /\nvars currentEpoch 2 lastVoteEpoch 0\n$/);
    const nodes = parseClusterNodes(text.replace(/vars.*\n/, ''));
    assert.deepEqual(
      nodes.map(({ id, isSelf, primaryId, slots }) => ({ id, isSelf, primaryId, slots })),
      [
        { id: a, isSelf: true, primaryId: undefined, slots: [[0, 16383]] },
        { id: b, isSelf: false, primaryId: a, slots: [] },
      ],
    );
  });
});

it('parseClusterInfo reads the state and the numbers', () => {
  const text =
    'cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_known_nodes:6\r\ncluster_my_epoch:3\r\n';
  const info = parseClusterInfo(text);
  assert.deepEqual(
    [info.state, info.slotsAssigned, info.knownNodes, info.myEpoch, info.size],
    ['ok', 16384, 6, 3, 0],
  );
});
