import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Spot, standingsOf } from './isolation.ts';
import { type Group, membersOf } from './model.ts';
import { groupOf } from './planning.fixture.ts';

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d'];

/** A group whose members are in these zones, in their order; the first of each shard is its primary. */
function groupIn(zones: string, shape: Parameters<typeof groupOf>[0] = {}): Group {
  const group = groupOf({ members: zones.length, ...shape });
  membersOf(group).forEach((member, index) => {
    member.zone = `us-east-1${zones[index]}`;
  });
  return group;
}

/** `a|b`: zones; `1|*`: a member from everything; `c`: clients; `a>b`: one way. */
function matches(end: string, { zone, node }: Spot): boolean {
  if (end === '*') return true;
  if (end === 'clients') return node === undefined;
  if (/^\d/.test(end)) return node?.id === `a-00${end}`;
  return zone === `us-east-1${end}`;
}

const separatedBy = (cuts: string) => (a: Spot, b: Spot) => {
  const found = cuts.split(' ').findIndex((cut) => {
    const [from, to] = cut.split(/[|>]/) as [string, string];
    const holds = (one: Spot, other: Spot) =>
      matches(from, one) && matches(to, other) && !matches(from, other);
    return holds(a, b) || holds(b, a);
  });
  return found < 0 ? undefined : 100 + found;
};

const standingsText = (group: Group, cuts: string) =>
  [...standingsOf(group, { separatedSince: separatedBy(cuts), zones: ZONES })]
    .map(
      ([id, { isolatedSince }]) => `${id.slice(2)} ${isolatedSince === undefined ? 'detached' : 'isolated'}`,
    )
    .join(', ');

describe('who is isolated', () => {
  const rows: [what: string, zones: string, cuts: string, expected: string][] = [
    ['nobody without a cut', 'abc', 'd|d', ''],
    ['the primary in a zone cut off from both others', 'abc', 'a|b a|c', '001 isolated'],
    ['the primary in a zone cut off from everything', 'abc', 'a|*', '001 isolated'],
    ['no one by half of the zones, but the replica is detached', 'abc', 'a|b', '002 detached'],
    ['the same one way: packets have to pass both ways', 'abc', 'a>b', '002 detached'],
    ['a replica in a zone cut off from both others', 'abc', 'c|a c|b', '003 isolated'],
    ['all, when each zone is alone', 'abc', 'a|b a|c b|c', '001 isolated, 002 isolated, 003 isolated'],
    ['of two zones the one with fewer members: the primary', 'abb', 'a|b', '001 isolated'],
    ['of two zones the one with fewer members: the replica', 'aab', 'a|b', '003 isolated'],
    ['of two equal zones the one of the replica', 'ab', 'a|b', '002 isolated'],
    ['of two equal zones the one that lost more clients', 'ab', 'a|b a|c', '001 isolated'],
    ['of two equal zones, the one cut off from everything', 'ab', 'a|*', '001 isolated'],
    [
      'of two equal zones with two members each, the one of both replicas',
      'aabb',
      'a|b',
      '003 detached, 004 detached',
    ],
    ['a primary alone in its zone', 'aaa', '1|*', '001 isolated'],
    ['a primary that has lost all clients', 'abc', '1|clients', '001 isolated'],
    ['nobody, when all have lost all clients', 'abc', '1|clients 2|clients 3|clients', ''],
    ['a primary that has lost its only replica', 'aa', '1|2', '002 isolated'],
    ['a primary that has lost its only replica and everything else', 'aa', '1|*', '001 isolated'],
    ['a single node cut off from everything', 'a', 'a|*', ''],
  ];
  for (const [what, zones, cuts, expected] of rows) {
    it(what, () => assert.equal(standingsText(groupIn(zones), cuts), expected));
  }

  it('is counted over all shards of a cluster', () => {
    const group = groupIn('abbcca', { shards: 3, members: 2, clusterEnabled: true });
    assert.equal(standingsText(group, 'a|*'), '0001-001 isolated, 0003-002 isolated');
  });

  it('begins with the last of the cuts that matter', () => {
    const standings = standingsOf(groupIn('abc'), { separatedSince: separatedBy('a|b a|c'), zones: ZONES });
    assert.deepEqual(standings, new Map([['a-001', { isolatedSince: 101 }]]));
  });
});
