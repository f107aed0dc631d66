import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseClusterView } from './cluster-view.ts';
import { judgeSlots, type ShardEvidence } from './judge-slots.ts';

// Shards A, B and C have the primaries a, b, c; A's former primary is d, B's is e. Every case is about slot 0.
const SHARDS: Record<string, string> = { a: 'A', d: 'A', b: 'B', e: 'B', c: 'C' };

interface Says {
  /** The owner according to this primary; `epochs` of the nodes it knows where they matter. */
  owner?: string;
  epochs?: Record<string, number>;
  mark?: string;
  keys?: number;
}

function evidenceOf(says: Record<'a' | 'b' | 'c', Says>): ShardEvidence[] {
  return Object.entries(says).map(([self, { owner, epochs = {}, mark, keys }]) => {
    const lines = Object.keys(SHARDS).map((id) => {
      const flags = id === self ? 'myself,master' : 'master';
      const slots = [id === owner ? ' 0' : '', id === self && mark ? ` ${mark}` : ''].join('');
      return `${id} 127.0.0.1:6379@16379 ${flags} - 0 0 ${epochs[id] ?? 1} connected${slots}`;
    });
    return {
      shardId: SHARDS[self]!,
      view: parseClusterView(lines.join('\n')),
      contestedKeys: new Map(keys ? [[0, keys]] : []),
    };
  });
}

const judge = (says: Record<'a' | 'b' | 'c', Says>, recorded?: string) =>
  judgeSlots(evidenceOf(says), {
    shardOf: (nodeId) => SHARDS[nodeId ?? ''],
    recordedOwner: () => recorded,
    slotCount: 1,
  })[0];

const A = { owner: 'a' };

test('each combination of reports leads to the expected verdict', () => {
  const table: [string, Parameters<typeof judge>[0], ReturnType<typeof judge>][] = [
    ['all agree', { a: A, b: A, c: A }, undefined],
    [
      'the bus has not told everybody',
      { a: { owner: 'a' }, b: { owner: 'b' }, c: { owner: 'b' } },
      // Two claim it: the one with the newer epoch.
      { slot: 0, owner: 'A', disputed: true, misMarked: false },
    ],
    [
      'two claim it, and the one with the older claim has its keys',
      { a: { owner: 'a', epochs: { a: 9 } }, b: { owner: 'b', keys: 3 }, c: A },
      { slot: 0, owner: 'B', disputed: true, misMarked: false },
    ],
    [
      'open at both ends',
      { a: { owner: 'a', mark: '[0->-b]' }, b: { owner: 'a', mark: '[0-<-a]' }, c: A },
      { slot: 0, owner: 'A', disputed: false, misMarked: false, to: 'B' },
    ],
    [
      'only the target is marked',
      { a: A, b: { owner: 'a', mark: '[0-<-a]' }, c: A },
      { slot: 0, owner: 'A', disputed: false, misMarked: true, to: 'B' },
    ],
    [
      "the source's primary was replaced, and the new one knows of nothing",
      { a: A, b: { owner: 'a', mark: '[0-<-d]', keys: 2 }, c: A },
      { slot: 0, owner: 'A', disputed: false, misMarked: true, to: 'B' },
    ],
    [
      "the target's primary was replaced",
      { a: { owner: 'a', mark: '[0->-e]' }, b: A, c: A },
      { slot: 0, owner: 'A', disputed: false, misMarked: true, to: 'B' },
    ],
    [
      'no marks are left, but keys lie elsewhere',
      { a: A, b: A, c: { owner: 'a', keys: 1 } },
      { slot: 0, owner: 'A', disputed: false, misMarked: true, to: 'C' },
    ],
    [
      'a dead primary of B had claimed it, and its successor does not know',
      {
        a: { owner: 'e', epochs: { e: 7 } },
        b: { owner: 'd', epochs: { d: 3 } },
        c: { owner: 'e', epochs: { e: 7 } },
      },
      { slot: 0, owner: 'B', disputed: true, misMarked: false },
    ],
    [
      'the target has claimed it, the source is still marked',
      { a: { owner: 'b', mark: '[0->-b]' }, b: { owner: 'b' }, c: { owner: 'b' } },
      { slot: 0, owner: 'B', disputed: false, misMarked: true },
    ],
    [
      'marked as going to a node that nobody knows',
      { a: { owner: 'a', mark: '[0->-ff]' }, b: A, c: A },
      { slot: 0, owner: 'A', disputed: false, misMarked: true },
    ],
  ];
  for (const [name, says, expected] of table) assert.deepEqual(judge(says), expected, name);
});

test('an unowned slot goes to the recorded owner, or is left alone', () => {
  assert.deepEqual(judge({ a: {}, b: {}, c: {} }, 'C'), {
    slot: 0,
    owner: 'C',
    disputed: true,
    misMarked: false,
  });
  assert.equal(judge({ a: {}, b: {}, c: {} }), undefined);
});
