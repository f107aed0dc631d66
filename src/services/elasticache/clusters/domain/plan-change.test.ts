import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from './action.ts';
import { type Group, membersOf } from './model.ts';
import { planChange } from './plan-change.ts';
import { groupOf, NOW, replica, seen, WANTED } from './planning.fixture.ts';

const plannedFor = (group: Group): Action[] => planChange(group, seen(group)).actions;
const transitionsOf = (group: Group) =>
  plannedFor(group).map((action) => action.do === 'record' && action.transition);

describe('another node type', () => {
  /** Two shards with a replica each. The members with these ids already run with the wanted type. */
  function updated(...ids: string[]): Group {
    const group = groupOf(
      { shards: 2, members: 2, clusterEnabled: true },
      { status: 'modifying', change: { kind: 'modify', since: 0 } },
    );
    for (const member of membersOf(group)) {
      if (!ids.includes(member.id)) member.runs = { ...WANTED, nodeType: 'cache.t4g.nano' };
    }
    return group;
  }

  it('is rolled out one member at a time, one shard after another', () => {
    const one = ['a-0001-002'];
    assert.deepEqual(transitionsOf(updated()), [{ kind: 'update-begun', memberId: 'a-0001-002' }]);
    assert.deepEqual(transitionsOf(updated(...one)), [
      { kind: 'handover-planned', shardId: '0001', to: 'a-0001-002' },
    ]);
    assert.deepEqual(transitionsOf(updated(...one, 'a-0001-001')), [
      { kind: 'update-begun', memberId: 'a-0002-002' },
    ]);
  });

  it('waits for a member that is not in sync, and says so', () => {
    const group = updated();
    const late = { 'a-0002-002': replica('127.9.2.1', { link: 'down' }) };
    assert.deepEqual(planChange(group, seen(group, late)), {
      actions: [],
      waitsFor: 'a-0002-002 is not in sync with a-0002-001',
    });
  });

  it('updates a demoted primary while it drains, and is done when the drain is over', () => {
    const group = updated('a-0001-002');
    const [shard] = group.shards as [Group['shards'][number]];
    shard.primaryId = 'a-0001-002';
    shard.members[0]!.drain = { since: NOW };
    assert.deepEqual(transitionsOf(group), [{ kind: 'update-begun', memberId: 'a-0001-001' }]);
    for (const member of membersOf(group)) member.runs = { ...WANTED };
    assert.deepEqual(plannedFor(group), []);
    delete shard.members[0]!.drain;
    assert.deepEqual(transitionsOf(group), [{ kind: 'change-done' }]);
  });
});
