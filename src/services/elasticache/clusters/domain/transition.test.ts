import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Group, GroupChange, Member, Shard } from './model.ts';
import { changed, groupOf, WANTED } from './planning.fixture.ts';
import { advance, type Transition } from './transition.ts';

const NOW = 7_000;

/** The events as `source: message`. */
const eventsOf = (group: Group, transition: Transition): string[] =>
  advance(group, transition, NOW).events.map(({ sourceId, message }) => `${sourceId}: ${message}`);

const phaseOf = (group: Group, id: string): Member['phase'] | undefined =>
  group.shards.flatMap(({ members }) => members).find((member) => member.id === id)?.phase;

const inPhase = (phase: Member['phase'], changes: Partial<Group> = {}): Group =>
  changed(groupOf({}, changes), { members: { 'a-002': { phase } } });

it('a change of primary gives one event of the member and one of the group', () => {
  const group = groupOf();
  advance(group, { kind: 'failover-begun', shardId: '0001', from: 'a-001', to: 'a-002' }, NOW);
  assert.deepEqual(group.shards[0]!.handover, { kind: 'failure', since: NOW, from: 'a-001', to: 'a-002' });
  const done: Transition = { kind: 'primary-changed', shardId: '0001', to: 'a-002' };
  const text = 'Failover from primary node a-001 to replica node a-002 completed';
  assert.deepEqual(eventsOf(group, done), [`a-002: ${text}`, `a: ${text}`]);
  const { primaryId, epoch, handover } = group.shards[0]!;
  assert.deepEqual([primaryId, epoch, handover], ['a-002', 2, undefined]);
  assert.deepEqual(eventsOf(group, done), []);
  assert.equal(group.shards[0]!.epoch, 2);
});

it('in cluster mode a change of primary gives its events once, when clients can write', () => {
  const group = groupOf({ clusterEnabled: true });
  const [{ id: shardId, members }] = group.shards as [Shard];
  const [from, to] = members.map((member) => member.id) as [string, string];
  assert.deepEqual(eventsOf(group, { kind: 'primary-changed', shardId, to }), []);
  assert.deepEqual(group.shards[0]!.promoted, { from, since: NOW });
  const text = `Failover from primary node ${from} to replica node ${to} completed`;
  const completed: Transition = { kind: 'failover-completed', shardId };
  assert.deepEqual(eventsOf(group, completed), [`${to}: ${text}`, `a: ${text}`]);
  assert.deepEqual(eventsOf(group, completed), []);
});

describe('the drain of a member', () => {
  const drainOf = (group: Group, id: string) =>
    group.shards[0]!.members.find((member) => member.id === id)!.drain;
  const handOver = (group: Group, kind: 'planned' | 'failure') => {
    group.shards[0]!.handover = { kind, since: 0, from: 'a-001', to: 'a-002' };
    advance(group, { kind: 'primary-changed', shardId: '0001', to: 'a-002' }, NOW);
    return group;
  };

  it('begins for the old primary when a planned change demotes it', () => {
    assert.deepEqual(drainOf(handOver(groupOf(), 'planned'), 'a-001'), { since: NOW });
    assert.equal(drainOf(handOver(groupOf(), 'failure'), 'a-001'), undefined);
    const cluster = groupOf({ clusterEnabled: true });
    const [{ id, members }] = cluster.shards as [Shard];
    cluster.shards[0]!.handover = { kind: 'planned', since: 0, from: members[0]!.id, to: members[1]!.id };
    advance(cluster, { kind: 'primary-changed', shardId: id, to: members[1]!.id }, NOW);
    assert.equal(members[0]!.drain, undefined, 'with cluster mode on clients get MOVED');
  });

  it('begins for a replica that is about to restart, unless it has already begun', () => {
    const group = handOver(groupOf(), 'planned');
    for (const memberId of ['a-001', 'a-002', 'a-003'])
      advance(group, { kind: 'update-begun', memberId }, NOW + 100);
    assert.deepEqual(
      ['a-001', 'a-002', 'a-003'].map((id) => drainOf(group, id)?.since),
      [NOW, undefined, NOW + 100],
    );
  });

  it('ends when the clients are disconnected, and when the process ends', () => {
    const ends: Transition[] = [
      { kind: 'drained', memberId: 'a-002' },
      { kind: 'started', memberId: 'a-002', runs: WANTED },
      { kind: 'recovery-begun', memberId: 'a-002' },
      { kind: 'primary-changed', shardId: '0001', to: 'a-002' },
    ];
    for (const end of ends) {
      const group = changed(groupOf(), { members: { 'a-002': { drain: { since: 0 } } } });
      advance(group, end, NOW);
      assert.equal(drainOf(group, 'a-002'), undefined, end.kind);
    }
  });
});

it('a recovery gives one event when it begins and one when it ends', () => {
  const group = groupOf();
  const begin: Transition = { kind: 'recovery-begun', memberId: 'a-002' };
  assert.deepEqual(eventsOf(group, begin), ['a-002: Recovering cache nodes 0001']);
  assert.deepEqual(eventsOf(group, begin), []);
  const end: Transition = { kind: 'member-in-service', memberId: 'a-002' };
  assert.deepEqual(eventsOf(group, end), ['a-002: Finished recovery for cache nodes 0001']);
  assert.deepEqual(eventsOf(group, end), []);
});

it('a dead primary gets one new address when its successor takes over', () => {
  const group = groupOf();
  const died = { kind: 'primary-changed', shardId: '0001', to: 'a-002', oldDied: true } as const;
  advance(group, { ...died, newAddress: '127.9.7.7' }, NOW);
  advance(group, { ...died, newAddress: '127.9.7.8' }, NOW);
  const addresses = group.shards[0]!.members.map(({ address }) => address);
  assert.deepEqual(addresses, ['127.9.7.7', '127.9.1.2', '127.9.1.3']);
});

it('the events of a member that comes into service depend on its phase', () => {
  const events: [phase: Member['phase'], changes: Partial<Group>, texts: string[]][] = [
    [
      'creating',
      {},
      [
        'a-002: Cache cluster created',
        "a-002: This cache cluster does not support persistence (ex: 'appendonly').  Please use a different instance type to enable persistence.",
        'a-002: Added cache node 0001 in availability zone us-east-1a',
      ],
    ],
    ['updating', {}, []],
    ['updating', { change: { kind: 'modify', since: 0, upgraded: true } }, ['a-002: Cache cluster patched']],
    ['rebooting', {}, []],
  ];
  for (const [phase, changes, texts] of events) {
    const group = inPhase(phase, changes);
    assert.deepEqual(eventsOf(group, { kind: 'member-in-service', memberId: 'a-002' }), texts, phase);
    assert.equal(phaseOf(group, 'a-002'), 'available');
  }
});

it('a reboot gives its events when the node has started', () => {
  const group = changed(groupOf(), {
    members: { 'a-002': { phase: 'rebooting', start: { data: 'discard' } } },
  });
  const started: Transition = { kind: 'started', memberId: 'a-002', runs: WANTED };
  assert.deepEqual(eventsOf(group, started), [
    'a-002: Cache node 0001 shutdown',
    'a-002: Cache node 0001 restarted',
  ]);
  assert.equal(group.shards[0]!.members[1]!.start, undefined);
  assert.deepEqual(eventsOf(group, started), []);
});

describe('the end of a change', () => {
  const cases: [change: GroupChange, changes: Partial<Group>, texts: string[]][] = [
    [{ kind: 'create', since: 0 }, { automaticFailover: false }, ['a: Replication group a created']],
    [
      { kind: 'create', since: 0 },
      {},
      ['a: Replication group a created', 'a: Automatic failover has been turned on for replication group a'],
    ],
    [{ kind: 'create', since: 0 }, { kind: 'cache-cluster' }, []],
    [{ kind: 'replicas', since: 0 }, {}, []],
    [
      { kind: 'modify', since: 0, turnedOnFailover: true },
      {},
      ['a: Automatic failover has been turned on for replication group a'],
    ],
    [
      { kind: 'modify', since: 0, scaledNodeType: 'cache.t4g.small' },
      {},
      ['a-001', 'a-002', 'a-003', 'a'].map(
        (id) => `${id}: Succeeded applying modification to cache node type to cache.t4g.small.`,
      ),
    ],
  ];
  for (const [change, changes, texts] of cases) {
    it(JSON.stringify({ ...change, ...changes }), () => {
      const group = groupOf({}, { ...changes, change, status: 'modifying' });
      assert.deepEqual(eventsOf(group, { kind: 'change-done' }), texts);
      assert.deepEqual([group.status, group.change], ['available', undefined]);
    });
  }
});

it('the end of a change does not undo a deletion that began meanwhile', () => {
  const group = groupOf({}, { status: 'deleting' });
  advance(group, { kind: 'change-done' }, NOW);
  assert.equal(group.status, 'deleting');
});

it('a shard is removed with its last member', () => {
  const group = groupOf({ shards: 2, members: 1, clusterEnabled: true });
  assert.deepEqual(eventsOf(group, { kind: 'member-removed', memberId: 'a-0002-001' }), [
    'a-0002-001: Cache cluster deleted',
  ]);
  assert.deepEqual(
    group.shards.map(({ id }) => id),
    ['0001'],
  );
});

describe('resharding', () => {
  const resharding = (step: 'add' | 'migrate' | 'remove'): Group => {
    const group = groupOf({ shards: 2, members: 2, clusterEnabled: true }, { status: 'modifying' });
    group.change = { kind: 'reshard', since: 1, step, moves: [], movedSlots: 0, totalSlots: 8192 };
    group.shards[1]!.leaving = true;
    return group;
  };

  it('slots are recorded as the engines report them', () => {
    const group = resharding('migrate');
    const shards = { '0001': [[0, 16_383]], '0002': [] } as Record<string, [number, number][]>;
    advance(group, { kind: 'slots-moved', shards, movedSlots: 8192, since: 1 }, NOW);
    assert.deepEqual(
      group.shards.map(({ slots }) => slots),
      [[[0, 16_383]], []],
    );
  });

  it('an empty shard that is leaving is removed', () => {
    const group = resharding('migrate');
    group.shards[1]!.slots = [];
    advance(group, { kind: 'reshard-step', step: 'remove', since: 1 }, NOW);
    assert.equal(phaseOf(group, 'a-0002-001'), 'deleting');
    assert.equal(phaseOf(group, 'a-0001-001'), 'available');
  });

  it('a leaving shard that still owns slots stays', () => {
    const group = resharding('migrate');
    advance(group, { kind: 'reshard-step', step: 'remove', since: 1 }, NOW);
    assert.equal(group.shards[1]!.leaving, undefined);
    assert.equal(phaseOf(group, 'a-0002-001'), 'available');
  });

  it('reports of an earlier resharding’s job are ignored', () => {
    const group = resharding('migrate');
    const before = structuredClone(group);
    advance(group, { kind: 'reshard-step', step: 'remove', since: 0 }, NOW);
    advance(group, { kind: 'slots-moved', shards: {}, movedSlots: 3, since: 0 }, NOW);
    assert.deepEqual(group, before);
  });
});

it('a transition that no longer applies changes nothing', () => {
  const late: Transition[] = [
    { kind: 'failover-begun', shardId: '0009', from: 'a-001', to: 'a-002' },
    { kind: 'handover-planned', shardId: '0009', to: 'a-002' },
    { kind: 'handover-abandoned', shardId: '0001' },
    { kind: 'primary-changed', shardId: '0009', to: 'a-002' },
    { kind: 'recovery-begun', memberId: 'gone' },
    { kind: 'update-begun', memberId: 'gone' },
    { kind: 'started', memberId: 'gone', runs: WANTED },
    { kind: 'configured', memberId: 'gone', directives: {} },
    { kind: 'member-in-service', memberId: 'gone' },
    { kind: 'member-removed', memberId: 'gone' },
    { kind: 'change-done' },
    { kind: 'pending-applied' },
    { kind: 'reshard-step', step: 'migrate', since: 1 },
  ];
  for (const transition of late) {
    const group = groupOf();
    assert.deepEqual(eventsOf(group, transition), [], transition.kind);
    assert.deepEqual(group, groupOf(), transition.kind);
  }
});
