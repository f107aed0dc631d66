import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseZones, freeMemberNumbers, memberIdOf, shardIdOf } from './placement.ts';
import { chooseReplicasToRemove } from './replica-count.ts';

type Members = Parameters<typeof chooseReplicasToRemove>[0]['members'];

test('ids have the form that AWS gives them', () => {
  assert.equal(memberIdOf('demo', '0001', 2, false), 'demo-002');
  assert.equal(memberIdOf('demo', '0012', 2, true), 'demo-0012-002');
  assert.equal(shardIdOf(7), '0007');
  assert.equal(shardIdOf(500), '0500');
});

test('the lowest free member numbers come first', () => {
  const table: [number[], number, number[]][] = [
    [[], 3, [1, 2, 3]],
    [[1, 3], 2, [2, 4]],
    [[2], 1, [1]],
    [[1, 2], 0, []],
  ];
  for (const [taken, count, expected] of table) {
    const members = taken.map((number) => ({ id: memberIdOf('demo', '0001', number, true) })) as Members;
    assert.deepEqual(freeMemberNumbers({ members }, count), expected);
  }
});

test('members go to the requested zones, then to the emptiest, so that shards and primaries spread', () => {
  const table: [string, number, Parameters<typeof chooseZones>[2], string][] = [
    ['abc', 3, {}, 'abc'],
    ['abc', 3, { offset: 1 }, 'bca'],
    ['abc', 6, { offset: 5 }, 'cabcab'],
    ['a', 3, { offset: 2 }, 'aaa'],
    ['abc', 4, { wanted: ['b'] }, 'baca'],
    ['abc', 3, { wanted: ['b', 'b', 'b'] }, 'bbb'],
    ['abc', 2, { present: ['a'] }, 'bc'],
    ['abc', 3, { present: ['a', 'b', 'c'] }, 'abc'],
    ['abc', 2, { present: ['b', 'b'] }, 'ac'],
  ];
  for (const [zones, count, options, expected] of table) {
    assert.equal(chooseZones([...zones], count, options).join(''), expected, JSON.stringify(options));
  }
});

test('replicas are removed from the fullest zones first, then by lag, and never the primary', () => {
  // Each word is zone and lag of one member; the first is the primary.
  const table: [string, number, string][] = [
    ['a0 b5 c9', 1, '3'],
    ['a0 a0 b9', 1, '2'],
    ['a0 a3 a4 b9', 2, '3 2'],
    ['a0 b9 b8 a0', 2, '2 4'],
    ['a9 b0', 1, '2'],
    ['a0 b1', 0, ''],
    ['a0 b1 c1', 1, '3'],
  ];
  for (const [words, count, expected] of table) {
    const lags = words.split(' ').map((word) => Number(word.slice(1)));
    const members = words
      .split(' ')
      .map((word, index) => ({ id: String(index + 1), zone: word[0]! })) as Members;
    const shard = { members, primaryId: '1' } as Parameters<typeof chooseReplicasToRemove>[0];
    const removed = chooseReplicasToRemove(shard, count, ({ id }) => lags[Number(id) - 1]!);
    assert.equal(removed.join(' '), expected, words);
  }
});
