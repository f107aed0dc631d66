import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isNodesFile, refreshNodesFile, renderNodesFile } from './cluster-seed.ts';
import type { ClusterSeed } from './fleet.ts';

const [A, B, UNKNOWN] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];

const seedAt = (block: string): ClusterSeed => ({
  self: A,
  busPort: 16_379,
  epoch: 1,
  nodes: [
    { id: A, address: `${block}.0.4`, port: 6379, slots: [[0, 16_383]], epoch: 1 },
    { id: B, address: `${block}.0.5`, port: 6379, slots: [], epoch: 0, primaryId: A },
  ],
});

/** In the form of engines: details after the endpoint, and a node that the record does not know. */
const WRITTEN = `${B} 127.5.0.5:6379@16379,,shard-id=${A} slave ${A} 0 1796028988000 1 connected
${UNKNOWN} 127.5.0.9:6379@16379 master,fail - 1796028988000 1796028980000 3 disconnected 5-7 [8->-${A}]
${A} 127.5.0.4:6379@16379,,shard-id=${A} myself,master - 0 0 1 connected 0-4 8-16383
vars currentEpoch 3 lastVoteEpoch 0
`;

it('accepts rendered files and files of engines as nodes.conf', () => {
  assert.equal(
    isNodesFile(renderNodesFile(seedAt('127.5'), { engine: 'redis', version: '7.0.15' }), seedAt('127.5')),
    true,
  );
  assert.equal(isNodesFile(WRITTEN, seedAt('127.5')), true);
});

it('rejects a file that is cut off, altered or another node’s', () => {
  const seed = seedAt('127.5');
  for (let length = 0; length < WRITTEN.length - 1; length++) {
    const cut = WRITTEN.slice(0, length);
    // Only missing last digits of the last number go unnoticed; they are harmless.
    if (/lastVoteEpoch \d+$/.test(cut)) continue;
    assert.equal(isNodesFile(cut, seed), false, cut);
  }
  assert.equal(isNodesFile(WRITTEN.replace('connected', '\0\0'), seed), false);
  assert.equal(isNodesFile(WRITTEN, { ...seed, self: B }), false);
});

it('updates the addresses of nodes, and leaves the rest unchanged', () => {
  const text = refreshNodesFile(WRITTEN.replaceAll('127.5.0.9', '127.6.0.9'), seedAt('127.6'));
  assert.equal(text, WRITTEN.replaceAll('127.5.0', '127.6.0'));
});

it('leaves out unknown nodes in other blocks: a copy must not contact its original', () => {
  const text = refreshNodesFile(WRITTEN, seedAt('127.6'));
  assert.ok(!text.includes(UNKNOWN) && !text.includes('127.5.'), text);
  assert.ok(isNodesFile(text, seedAt('127.6')));
});

it('removes the slot claims of a replaced primary', () => {
  const seed = seedAt('127.5');
  seed.nodes = [
    { ...seed.nodes[0]!, slots: [], epoch: 0, primaryId: B },
    { id: B, address: '127.5.0.5', port: 6379, slots: [[0, 16_383]], epoch: 1 },
  ];
  const [replica, unknown] = WRITTEN.split('\n') as [string, string];
  const expected = `${B} 127.5.0.5:6379@16379,,shard-id=${A} master - 0 0 1 connected 0-4 8-16383
${A} 127.5.0.4:6379@16379,,shard-id=${A} myself,slave ${B} 0 0 0 connected
${unknown}
vars currentEpoch 3 lastVoteEpoch 0
`;
  assert.equal(refreshNodesFile(WRITTEN, seed), expected);
  assert.equal(refreshNodesFile(WRITTEN.replace(`${replica}\n`, ''), seed), expected, 'it knew no other');
  assert.equal(refreshNodesFile(expected, seed), expected, 'the file of a replica stays as it is');
});
