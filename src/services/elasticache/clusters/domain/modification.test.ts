import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../../../wire/fault.ts';
import { type Modification, modify } from './modification.ts';
import { groupOf } from './planning.fixture.ts';
import { advance } from './transition.ts';

const NOW = 5_000;
const refuses = (group: ReturnType<typeof groupOf>, request: Partial<Modification>, shape: string) =>
  assert.throws(
    () => modify(group, { applyImmediately: true, ...request }, NOW),
    (error) => error instanceof Fault && error.shape === shape,
  );

it('a modification to the present values changes nothing', () => {
  const group = groupOf();
  const before = structuredClone(group);
  const { nodeType, engine, engineVersion, parameterGroupName } = group;
  const same = { nodeType, engine, engineVersion, parameterGroupName, automaticFailover: true };
  assert.deepEqual(modify(group, { ...same, applyImmediately: true }, NOW), []);
  assert.deepEqual(group, before);
});

it('a new node type and version wait for the maintenance window, with the parameter group of the version', () => {
  const group = groupOf({}, { engineVersion: '6.2.6', parameterGroupName: 'default.redis6.x' });
  const upgrade = { engineVersion: '7.1.0', parameterGroupName: 'default.redis7' };
  assert.deepEqual(modify(group, { ...upgrade, applyImmediately: false }, NOW), []);
  assert.equal(group.status, 'available');
  assert.equal(group.engineVersion, '6.2.6');
  assert.equal(group.parameterGroupName, 'default.redis6.x');
  modify(group, { nodeType: 'cache.r7g.large', applyImmediately: false }, NOW);
  assert.deepEqual(group.pending, { ...upgrade, nodeType: 'cache.r7g.large' });

  const { events } = advance(group, { kind: 'pending-applied' }, NOW);
  assert.equal(group.pending, undefined);
  assert.equal(group.status, 'modifying');
  assert.equal(group.engineVersion, '7.1.0');
  assert.equal(group.nodeType, 'cache.r7g.large');
  assert.equal(group.parameterGroupName, 'default.redis7');
  assert.equal(events.length, 3, 'every member has an event for its parameter group');
});

it('ApplyImmediately also applies the pending changes', () => {
  const group = groupOf();
  modify(group, { nodeType: 'cache.r7g.large', applyImmediately: false }, NOW);
  modify(group, { applyImmediately: true }, NOW);
  assert.equal(group.nodeType, 'cache.r7g.large');
  assert.deepEqual(group.change, { kind: 'modify', since: NOW, scaledNodeType: 'cache.r7g.large' });
});

it('another parameter group takes effect at once', () => {
  const group = groupOf();
  const events = modify(group, { parameterGroupName: 'mine', applyImmediately: false }, NOW);
  assert.equal(group.parameterGroupName, 'mine');
  assert.deepEqual(
    events.map(({ sourceId, message }) => `${sourceId}: ${message}`),
    ['a-001', 'a-002', 'a-003'].map((id) => `${id}: Updated to use a CacheParameterGroup mine`),
  );
});

it('turning automatic failover on shows as modifying, turning it off is done at once', () => {
  const group = groupOf({}, { automaticFailover: false });
  modify(group, { automaticFailover: true, applyImmediately: true }, NOW);
  assert.deepEqual([group.status, group.automaticFailover], ['modifying', true]);
  assert.deepEqual(group.change, { kind: 'modify', since: NOW, turnedOnFailover: true });

  const on = groupOf();
  modify(on, { automaticFailover: false, applyImmediately: true }, NOW);
  assert.deepEqual([on.status, on.automaticFailover], ['available', false]);
});

it('a manual promotion is a planned change of primary', () => {
  const group = groupOf({}, { automaticFailover: false });
  modify(group, { primaryId: 'a-003', applyImmediately: true }, NOW);
  assert.deepEqual(group.shards[0]!.handover, { kind: 'planned', since: NOW, from: 'a-001', to: 'a-003' });
  assert.equal(group.status, 'modifying');

  const same = groupOf({}, { automaticFailover: false });
  modify(same, { primaryId: 'a-001', applyImmediately: true }, NOW);
  assert.equal(same.shards[0]!.handover, undefined);
  assert.equal(same.status, 'available');
});

it('refuses a modification that the group does not allow', () => {
  const combination = 'InvalidParameterCombinationException';
  const value = 'InvalidParameterValueException';
  refuses(groupOf({ clusterEnabled: true }), { automaticFailover: false }, combination);
  refuses(groupOf({}, { multiAz: true }), { automaticFailover: false }, combination);
  refuses(groupOf({ members: 1 }), { automaticFailover: true }, value);
  refuses(groupOf({ members: 1 }), { multiAz: true, automaticFailover: true }, value);
  refuses(groupOf(), { primaryId: 'a-002' }, 'InvalidReplicationGroupStateFault');
  refuses(groupOf({ clusterEnabled: true }), { primaryId: 'a-0001-002' }, combination);
  refuses(groupOf({}, { automaticFailover: false }), { primaryId: 'b-001' }, value);
});
