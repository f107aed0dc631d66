import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countSlots,
  customSlotsProblem,
  evenSplit,
  isEven,
  parseSlots,
  planReshard,
  rangesOf,
  renderSlots,
  type ShardSlots,
  SLOT_COUNT,
  type SlotMove,
  slotsOf,
} from './slots.ts';

test('slots are parsed and rendered in AWS’s notation', () => {
  for (const text of ['0-5461', '894-1767,3134-4443,5149-5461,6827-7332,12570-13662', '16383', '0-16383']) {
    assert.equal(renderSlots(parseSlots(text)!), text);
  }
  assert.equal(countSlots(parseSlots('894-1767,3134-4443,5149-5461,6827-7332,12570-13662')!), 4096);
  assert.deepEqual(parseSlots(' 0-9, 20 '), [
    [0, 9],
    [20, 20],
  ]);
  for (const text of ['', 'a', '1-', '-1', '5-4', '0-16384', '16384', '1,,2', '0x1', '1-2-3', '1;2']) {
    assert.equal(parseSlots(text), undefined, text);
  }
});

test('slots are joined into the fewest ranges', () => {
  assert.deepEqual(rangesOf([5, 1, 2, 3, 9, 10, 2]), [
    [1, 3],
    [5, 5],
    [9, 10],
  ]);
  assert.deepEqual(rangesOf([]), []);
  assert.deepEqual(
    slotsOf([
      [1, 3],
      [5, 5],
    ]),
    [1, 2, 3, 5],
  );
});

test('a new cluster is split as AWS splits it', () => {
  const table: [number, string[]][] = [
    [1, ['0-16383']],
    [2, ['0-8191', '8192-16383']],
    [3, ['0-5461', '5462-10922', '10923-16383']],
    [4, ['0-4095', '4096-8191', '8192-12287', '12288-16383']],
  ];
  for (const [count, expected] of table) assert.deepEqual(evenSplit(count).map(renderSlots), expected);
  for (const count of [5, 7, 90, 500]) {
    const split = evenSplit(count);
    assert.deepEqual(rangesOf(split.flatMap(slotsOf)), [[0, SLOT_COUNT - 1]]);
    assert.ok(isEven(split.map((slots) => ({ slots }))));
  }
});

test('custom slots must cover every slot exactly once', () => {
  assert.equal(customSlotsProblem(['0-8999', '9000-16383']), undefined);
  assert.equal(customSlotsProblem(['0-100,200-16383', '101-199']), undefined);
  const table: [string[], RegExp][] = [
    [['0-8999', '9001-16383'], /Slot 9000 is not assigned/],
    [['0-9000', '9000-16383'], /Slot 9000 is assigned more than once/],
    [['0-8999', 'nine'], /Invalid slots: nine/],
    [[], /Slot 0 is not assigned/],
    [['0-16384'], /Invalid slots/],
  ];
  for (const [slots, problem] of table) assert.match(customSlotsProblem(slots)!, problem);
});

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(i + 1).padStart(4, '0'));

const evenCluster = (count: number): ShardSlots[] =>
  evenSplit(count).map((slots, index) => ({ shardId: ids(count)[index]!, slots }));

test('common changes of shards give the expected moves', () => {
  const table: { name: string; current: ShardSlots[]; targets: string[]; moves: string[] }[] = [
    {
      name: '1 to 3',
      current: evenCluster(1),
      targets: ids(3),
      moves: ['0001>0002 0-5460', '0001>0003 5461-10921'],
    },
    {
      name: '3 to 2',
      current: evenCluster(3),
      targets: ['0001', '0002'],
      moves: ['0003>0001 10923-13652', '0003>0002 13653-16383'],
    },
    { name: 'nothing to do', current: evenCluster(3), targets: ids(3), moves: [] },
    {
      name: 'rebalance',
      current: [
        { shardId: '0001', slots: [[0, 99]] },
        { shardId: '0002', slots: [[100, 16383]] },
      ],
      targets: ['0001', '0002'],
      moves: ['0002>0001 100-8191'],
    },
    {
      name: 'the first shard leaves',
      current: evenCluster(2),
      targets: ['0002'],
      moves: ['0001>0002 0-8191'],
    },
  ];
  for (const { name, current, targets, moves } of table) {
    assert.deepEqual(planReshard(current, targets).map(renderMove), moves, name);
  }
});

const renderMove = (move: SlotMove): string => `${move.from}>${move.to} ${renderSlots(rangesOf(move.slots))}`;

test('every plan ends even, covers each slot once, and moves the fewest slots', () => {
  const random = seeded(20_260_411);
  for (let round = 0; round < 60; round++) {
    const before = ids(1 + Math.floor(random() * 12));
    const pool = ids(16);
    const targets = pool.filter(() => random() < 0.4);
    if (targets.length === 0) targets.push(pool[Math.floor(random() * 16)]!);
    const owner = Array.from({ length: SLOT_COUNT }, () => '');
    for (let slot = 0; slot < SLOT_COUNT; ) {
      const shard = before[Math.floor(random() ** 2 * before.length)]!;
      const end = Math.min(SLOT_COUNT, slot + 1 + Math.floor(random() * 900));
      while (slot < end) owner[slot++] = shard;
    }
    const current = before.map((shardId) => ({ shardId, slots: ownedBy(owner, shardId) }));
    const moves = planReshard(current, targets);
    assert.deepEqual(
      moves,
      planReshard([...current].reverse(), [...targets].reverse()),
      'order is irrelevant',
    );
    for (const move of moves) {
      for (const slot of move.slots) {
        assert.equal(owner[slot], move.from);
        owner[slot] = move.to;
      }
    }
    const after = targets.map((shardId) => ({ slots: ownedBy(owner, shardId) }));
    assert.ok(isEven(after), `round ${round} is even`);
    assert.deepEqual(rangesOf(after.flatMap(({ slots }) => slotsOf(slots))), [[0, SLOT_COUNT - 1]]);
    assert.equal(
      moves.reduce((sum, { slots }) => sum + slots.length, 0),
      fewestMoves(current, targets),
      `round ${round} moves the fewest`,
    );
  }
});

const ownedBy = (owner: readonly string[], shardId: string) =>
  rangesOf(owner.flatMap((each, slot) => (each === shardId ? [slot] : [])));

/** Every target keeps at most its even share; the remainder goes to the targets with most slots. */
function fewestMoves(current: readonly ShardSlots[], targets: readonly string[]): number {
  const base = Math.floor(SLOT_COUNT / targets.length);
  let odd = SLOT_COUNT % targets.length;
  let kept = 0;
  for (const shardId of targets) {
    const owns = countSlots(current.find((shard) => shard.shardId === shardId)?.slots ?? []);
    kept += Math.min(owns, base);
    if (owns > base && odd-- > 0) kept++;
  }
  return SLOT_COUNT - kept;
}

/** Mulberry32: small, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
