import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../../test/support/random-input.ts';
import type { Group, Member } from '../../clusters/domain/model.ts';
import { plan } from '../../clusters/domain/plan.ts';
import { groupOf, seen } from '../../clusters/domain/planning.fixture.ts';
import {
  nameTargets,
  nextSubstitutes,
  patternOf,
  recordedTargets,
  replicaName,
  settleReplicaNames,
} from './replica-names.ts';

const PATTERN = 'read.private.redisdub.pl';

/** A group of members a-001 to a-00N; the first is the primary, and every replica has a name. */
function named(members: number): Group {
  const group = groupOf({ members });
  group.replicaNames = { pattern: PATTERN, homes: [], guests: [] };
  settleReplicaNames(group);
  return group;
}

const shardOf = (group: Group) => group.shards[0]!;
const memberOf = (group: Group, id: string): Member => shardOf(group).members.find((one) => one.id === id)!;

function promote(group: Group, id: string): void {
  shardOf(group).primaryId = id;
  delete shardOf(group).handover;
  settleReplicaNames(group);
}

/** The last digits of the members that the names point to, while `unsynced` are not in sync. */
const hosts = (group: Group, ...unsynced: string[]): string =>
  nameTargets(group, (id) => !unsynced.includes(id.at(-1)!))
    .map((id) => id.at(-1))
    .join('');

/** Updates the record as the controller's pass does. */
function look(group: Group, ...unsynced: string[]): void {
  const substitutes = nextSubstitutes(group, (id) => !unsynced.includes(id.at(-1)!));
  if (substitutes) group.replicaNames!.guests = substitutes;
}

describe('the pattern', () => {
  it('is a domain name with a prefix that numbers can follow', () => {
    assert.equal(patternOf('Read.private.redisdub.pl.'), PATTERN);
    assert.equal(replicaName(PATTERN, 3), 'read3.private.redisdub.pl');
    for (const value of [
      '',
      'read',
      'read.',
      '.pl',
      'read1.pl',
      'a..b',
      'a b.c',
      '*.pl',
      `${'a'.repeat(60)}.pl`,
    ])
      assert.equal(patternOf(value), undefined, value);
    assert.equal(patternOf(`r.${'a.'.repeat(130)}b`), undefined, 'too long');
  });
});

describe('the owner of a name', () => {
  it('is a replica, in order of the members, and never the primary', () => {
    assert.equal(hosts(named(4)), '234');
    assert.equal(hosts(named(1)), '');
    const group = named(3);
    group.status = 'creating';
    settleReplicaNames(group);
    assert.equal(hosts(group), '', 'none while the group is made');
  });

  it('a demoted primary gets the name of the promoted replica, once it is in sync', () => {
    const group = named(6);
    promote(group, 'a-004');
    assert.equal(hosts(group), '23156');
    assert.equal(hosts(group, '1')[2] !== '4' && hosts(group, '1')[2] !== '1', true, 'until then it shares');
    promote(group, 'a-002');
    assert.equal(hosts(group), '43156');
  });

  it('a new replica gets a name when it comes into service', () => {
    const group = named(3);
    const added = { ...structuredClone(memberOf(group, 'a-003')), id: 'a-004', phase: 'creating' as const };
    shardOf(group).members.push(added);
    settleReplicaNames(group);
    assert.equal(hosts(group), '23');
    memberOf(group, 'a-004').phase = 'available';
    settleReplicaNames(group);
    assert.equal(hosts(group), '234');
  });

  it('the highest number is dropped, whichever replica is removed', () => {
    const group = named(5);
    memberOf(group, 'a-003').phase = 'deleting';
    settleReplicaNames(group);
    assert.equal(hosts(group), '254');
  });
});

describe('while its owner is not in sync, a name points', () => {
  it('to the replica in sync with the fewest names', () => {
    const group = named(6);
    assert.equal(hosts(group, '2', '3'), '45456');
    assert.equal(hosts(group, '2', '3', '4', '5'), '66666');
  });

  it('to the same substitute as long as that is in sync', () => {
    const group = named(6);
    look(group, '2', '3');
    assert.deepEqual(recordedTargets(group.replicaNames!).join(), 'a-004,a-005,a-004,a-005,a-006');
    look(group, '3');
    assert.equal(hosts(group, '3'), '25456', 'the second stays with 5 though 2 has but one name');
    look(group, '3', '5');
    assert.equal(hosts(group, '3', '5')[1] !== '5', true);
    look(group);
    assert.deepEqual(group.replicaNames!.guests, [null, null, null, null, null]);
  });

  it('to its owner when no replica is in sync, never to the primary', () => {
    const group = named(3);
    assert.equal(hosts(group, '2', '3'), '23');
    promote(group, 'a-002');
    assert.equal(hosts(group, '1', '3'), '13');
  });

  it('away from a replica that is being promoted, unless it is the only one', () => {
    const group = named(3);
    shardOf(group).handover = { kind: 'failure', since: 0, from: 'a-001', to: 'a-002' };
    assert.equal(hosts(group, '1'), '33');
    assert.equal(hosts(group, '1', '3'), '22');
  });
});

it('the plan records the substitutes once', () => {
  const group = named(3);
  assert.deepEqual(plan(group, seen(group)).lists, []);
  const down = { 'a-002': { state: 'starting' as const } };
  const substitutes = ['a-003', null];
  assert.deepEqual(plan(group, seen(group, down)).lists, [
    [{ do: 'record', transition: { kind: 'replica-names-redirected', substitutes } }],
  ]);
  group.replicaNames!.guests = substitutes;
  assert.deepEqual(plan(group, seen(group, down)).lists, []);
});

it('after random changes each replica has one name, targets differ, and names move only when they must', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
    const group = named(2 + Math.floor(random() * 5));
    const unsynced = new Set<string>();
    const isSynced = (id: string) => !unsynced.has(id);
    let next = 100;
    for (let step = 0; step < 40; step++) {
      const shard = shardOf(group);
      const before = nameTargets(group, isSynced);
      const owners = [...group.replicaNames!.homes];
      const replicas = shard.members.filter(({ id }) => id !== shard.primaryId);
      const victim = replicas.length > 0 ? pick(replicas) : undefined;
      const change = pick(['kill', 'kill', 'sync', 'sync', 'add', 'serve', 'remove', 'promote'] as const);
      if (change === 'kill' && victim) unsynced.add(victim.id);
      if (change === 'sync' && victim) unsynced.delete(victim.id);
      if (change === 'serve' && victim?.phase === 'creating') victim.phase = 'available';
      if (change === 'add' && replicas.length < 5) {
        const added = structuredClone(shard.members[0]!);
        shard.members.push({ ...added, id: `a-${next++}`, phase: 'creating' });
      }
      if (change === 'remove' && victim && replicas.length > 1)
        shard.members = shard.members.filter((member) => member !== victim);
      if (change === 'promote' && victim && isSynced(victim.id) && victim.phase === 'available') {
        unsynced.add(shard.primaryId);
        shard.primaryId = victim.id;
      }
      settleReplicaNames(group);
      const substitutes = nextSubstitutes(group, isSynced);
      if (substitutes) group.replicaNames!.guests = substitutes;
      check(group, isSynced, { before, owners, step: `seed ${seed}, step ${step}, ${change}` });
    }
  }
});

interface Before {
  before: string[];
  owners: string[];
  step: string;
}

function check(group: Group, isSynced: (id: string) => boolean, { before, owners, step }: Before): void {
  const { members, primaryId } = shardOf(group);
  const replicas = members
    .filter(({ id, phase }) => id !== primaryId && phase !== 'creating')
    .map(({ id }) => id);
  const { homes } = group.replicaNames!;
  assert.deepEqual([...homes].sort(), [...replicas].sort(), `${step}: each replica has one name`);
  const after = nameTargets(group, isSynced);
  assert.deepEqual(recordedTargets(group.replicaNames!), after, `${step}: the record says the same`);
  const anySynced = replicas.some(isSynced);
  for (const [index, host] of after.entries()) {
    assert.notEqual(host, primaryId, step);
    if (anySynced) assert.ok(isSynced(host), `${step}: ${host} is not in sync`);
    const old = before[index];
    if (old === undefined || old === host) continue;
    const isBack = host === homes[index];
    const stillServes = replicas.includes(old) && isSynced(old);
    assert.ok(!stillServes || isBack, `${step}: name ${index + 1} left ${old}, which lives`);
  }
  for (const [index, owner] of owners.entries()) {
    if (index < homes.length && replicas.includes(owner)) assert.equal(homes[index], owner, step);
  }
  if (replicas.every(isSynced)) assert.equal(new Set(after).size, after.length, `${step}: all are different`);
}
