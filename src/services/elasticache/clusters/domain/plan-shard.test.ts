import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from './action.ts';
import type { Drain, Group, Handover, Member } from './model.ts';
import type { ObservedMember } from './observation.ts';
import { planShard } from './plan-shard.ts';
import {
  absent,
  busy,
  changed,
  DETECTION_MS,
  exited,
  GRACE_MS,
  groupOf,
  hung,
  NOW,
  primary,
  replica,
  seen,
  starting,
  WANTED,
} from './planning.fixture.ts';

const A = '127.9.1.1';
const B = '127.9.1.2';

/** Each list of actions as one line: `kill a-001, promote a-002, record primary-changed`. */
function planned(
  group: Group,
  differences: Record<string, ObservedMember> = {},
  changes: Parameters<typeof seen>[2] = {},
): string[] {
  return planShard(group, group.shards[0]!, seen(group, differences, changes))
    .filter(({ actions }) => actions.length > 0)
    .map(({ actions }) => actions.map(words).join(', '));
}

function words(action: Action): string {
  switch (action.do) {
    case 'record': {
      const { transition } = action;
      const about = 'to' in transition ? transition.to : 'memberId' in transition ? transition.memberId : '';
      return `record ${transition.kind} ${about}`.trim();
    }
    case 'start':
      return `start ${action.memberId} ${typeof action.data === 'string' ? action.data : `from ${action.data.replicaId}`}`;
    case 'stop':
      return `stop ${action.memberId}${action.refuseClients ? ' refusing clients' : ''}`;
    case 'switch':
      return `switch ${action.from} ${action.to}`;
    case 'follow':
      return `follow ${action.memberId} ${action.primaryId}`;
    case 'migrate':
      return 'migrate';
    default:
      return `${action.do} ${action.memberId}`;
  }
}

const failOver = (from: string, to: string) =>
  `record failover-begun ${to}, kill ${from}, promote ${to}, record primary-changed ${to}`;
const rebuild = (id: string, data: string) => `record recovery-begun ${id}, kill ${id}, start ${id} ${data}`;

const single = () => groupOf({ members: 1 });
const withoutFailover = () => groupOf({}, { automaticFailover: false });
const handedOver = (handover: Handover, changes: Partial<Group> = {}) =>
  changed(groupOf({}, changes), { shard: { handover } });
const tested = () => handedOver({ kind: 'test', since: 0, from: 'a-001' });
const failing = () => handedOver({ kind: 'failure', since: 0, from: 'a-001', to: 'a-002' });
const switching = (changes: Partial<Group> = {}) =>
  handedOver({ kind: 'planned', since: 0, from: 'a-001', to: 'a-002' }, changes);

type Case = [what: string, group: Group, seen: Record<string, ObservedMember>, plan: string[]];

function table(name: string, cases: Case[]): void {
  describe(name, () => {
    for (const [what, group, differences, plan] of cases) {
      it(what, () => {
        assert.deepEqual(planned(group, differences), plan);
        if (plan.length > 0 || name === HEALTHY) return;
        const reasons = planShard(group, group.shards[0]!, seen(group, differences)).map(
          ({ waitsFor }) => waitsFor,
        );
        assert.ok(reasons.some(Boolean), 'the plan says what it waits for');
      });
    }
  });
}

const HEALTHY = 'a healthy shard';

table(HEALTHY, [
  ['needs no actions', groupOf(), {}, []],
  ['with one member needs no actions', single(), {}, []],
]);

table('a dead primary', [
  [
    'is killed, and the replica with the least lag takes over',
    groupOf(),
    { 'a-001': exited, 'a-002': replica(A, { offset: 90 }), 'a-003': replica(A, { offset: 95 }) },
    [failOver('a-001', 'a-003')],
  ],
  [
    'is replaced by the lowest id among equal replicas',
    groupOf(),
    { 'a-001': exited },
    [failOver('a-001', 'a-002')],
  ],
  ['includes one that hangs', groupOf(), { 'a-001': hung }, [failOver('a-001', 'a-002')]],
  ['does not include one that is busy', groupOf(), { 'a-001': busy }, []],
  [
    'is not replaced by a replica that never synced',
    groupOf(),
    {
      'a-001': exited,
      'a-002': replica(A, { neverSynced: true, offset: 999 }),
      'a-003': replica(A, { offset: 1 }),
    },
    [failOver('a-001', 'a-003')],
  ],
  [
    'is not replaced by a replica that is loading',
    groupOf(),
    { 'a-001': exited, 'a-002': replica(A, { loading: true }) },
    [failOver('a-001', 'a-003')],
  ],
  [
    'is not replaced while another replica may be ahead, which has not reported its offset',
    groupOf(),
    { 'a-001': exited, 'a-003': { state: 'running' } },
    [],
  ],
  [
    'is not replaced while a replica that was just adopted may be ahead',
    groupOf(),
    { 'a-001': exited, 'a-003': starting },
    [],
  ],
  [
    'is replaced after all when that replica stays silent',
    groupOf(),
    { 'a-001': exited, 'a-003': { state: 'running', silentMs: 5_000 } },
    [failOver('a-001', 'a-002')],
  ],
  [
    'is replaced without waiting for a replica that loads its data',
    groupOf(),
    { 'a-001': exited, 'a-003': { state: 'starting', loads: true } },
    [failOver('a-001', 'a-002')],
  ],
  [
    'is replaced without waiting for a replica that is being recovered',
    changed(groupOf(), { members: { 'a-003': { phase: 'recovering' } } }),
    { 'a-001': exited, 'a-003': starting },
    [failOver('a-001', 'a-002')],
  ],
  [
    'is replaced without waiting for a busy replica',
    groupOf(),
    { 'a-001': exited, 'a-003': busy },
    [failOver('a-001', 'a-002')],
  ],
  [
    'is not replaced by a replica that hangs',
    groupOf(),
    { 'a-001': exited, 'a-002': hung },
    [failOver('a-001', 'a-003'), rebuild('a-002', 'keep')],
  ],
  [
    'waits for a busy replica when there is no other',
    groupOf(),
    { 'a-001': exited, 'a-002': busy, 'a-003': exited },
    [rebuild('a-003', 'keep')],
  ],
  [
    'is restarted in place when all replicas are empty',
    groupOf(),
    {
      'a-001': exited,
      'a-002': replica(A, { neverSynced: true, link: 'down', offset: 0 }),
      'a-003': replica(A, { neverSynced: true, link: 'down', offset: 0 }),
    },
    [rebuild('a-001', 'discard')],
  ],
  [
    'is restarted in place when all members are dead',
    groupOf(),
    { 'a-001': exited, 'a-002': exited, 'a-003': hung },
    [rebuild('a-001', 'discard'), rebuild('a-002', 'keep'), rebuild('a-003', 'keep')],
  ],
  [
    'is restarted in place when it is the only member',
    single(),
    { 'a-001': exited },
    [rebuild('a-001', 'discard')],
  ],
  [
    'is not replaced by a member that is being removed',
    changed(groupOf({ members: 2 }), { members: { 'a-002': { phase: 'deleting' } } }),
    { 'a-001': exited },
    [rebuild('a-001', 'discard'), 'remove a-002, record member-removed a-002'],
  ],
]);

table('a dead primary, automatic failover off', [
  [
    'is rebuilt in place from a replica',
    withoutFailover(),
    { 'a-001': exited },
    [rebuild('a-001', 'from a-002')],
  ],
  [
    'waits before it is rebuilt once more, when starts have failed',
    withoutFailover(),
    { 'a-001': { ...exited, startWaitMs: 500 } },
    [],
  ],
  [
    'waits until all replicas have reported their offsets',
    withoutFailover(),
    { 'a-001': exited, 'a-003': starting },
    [],
  ],
  [
    'waits for a replica that may answer',
    withoutFailover(),
    { 'a-001': exited, 'a-002': busy, 'a-003': busy },
    [],
  ],
  [
    'is rebuilt from its own data when no replica is left',
    withoutFailover(),
    { 'a-001': exited, 'a-002': exited, 'a-003': exited },
    [rebuild('a-001', 'discard'), rebuild('a-002', 'keep'), rebuild('a-003', 'keep')],
  ],
]);

table('a replica', [
  ['that exited is restarted with its data', groupOf(), { 'a-002': exited }, [rebuild('a-002', 'keep')]],
  ['that hangs is restarted with its data', groupOf(), { 'a-002': hung }, [rebuild('a-002', 'keep')]],
  ['that is busy is left alone', groupOf(), { 'a-002': busy }, []],
  ['that starts is left alone', groupOf(), { 'a-002': starting }, []],
  ['that follows another member is redirected', groupOf(), { 'a-003': replica(B) }, ['follow a-003 a-001']],
  [
    'that reports the role of a primary is redirected',
    groupOf(),
    { 'a-003': primary() },
    ['follow a-003 a-001'],
  ],
  [
    'is not redirected to a primary that does not serve yet',
    groupOf(),
    { 'a-001': primary({ loading: true }), 'a-003': replica(B) },
    [],
  ],
  [
    'whose link is up again is in service',
    changed(groupOf(), { members: { 'a-002': { phase: 'recovering' } } }),
    {},
    ['record member-in-service a-002'],
  ],
  [
    'whose link is down is not in service yet',
    changed(groupOf(), { members: { 'a-002': { phase: 'recovering' } } }),
    { 'a-002': replica(A, { link: 'down' }) },
    [],
  ],
  [
    'that is marked as deleting is removed',
    changed(groupOf(), { members: { 'a-003': { phase: 'deleting' } } }),
    {},
    ['remove a-003, record member-removed a-003'],
  ],
]);

table('a member that must be restarted', [
  [
    'is not restarted while it takes over',
    changed(groupOf({ members: 2 }), {
      members: { 'a-002': { phase: 'updating', start: { data: 'keep' } } },
    }),
    { 'a-001': exited },
    [failOver('a-001', 'a-002')],
  ],
  [
    'starts empty for the first time',
    changed(single(), {
      members: { 'a-001': { phase: 'creating', start: { data: 'discard' }, runs: undefined } },
    }),
    { 'a-001': absent },
    ['start a-001 new'],
  ],
  [
    'is killed for a reboot, which deletes its data',
    changed(groupOf(), { members: { 'a-001': { phase: 'rebooting', start: { data: 'discard' } } } }),
    {},
    ['kill a-001, start a-001 discard'],
  ],
  [
    'is shut down in order for an update, with its data kept',
    changed(groupOf(), { members: { 'a-002': { phase: 'updating', start: { data: 'keep' } } } }),
    {},
    ['stop a-002, start a-002 keep'],
  ],
  [
    'is not restarted again once it has started',
    changed(groupOf(), { members: { 'a-001': { phase: 'rebooting' } } }),
    {},
    ['record member-in-service a-001'],
  ],
]);

const IN_GRACE = { since: NOW - GRACE_MS + 1 };
const GRACE_OVER = { since: NOW - GRACE_MS };
const draining = (drain: Drain, changes: Partial<Member> = {}) =>
  changed(groupOf(), { members: { 'a-002': { drain, ...changes } } });
const restarting: Partial<Member> = { phase: 'updating', start: { data: 'keep' } };

table('a draining member', [
  ['keeps its clients during the grace period', draining(IN_GRACE), {}, []],
  [
    'drops its clients after the grace period',
    draining(GRACE_OVER),
    {},
    ['drop-clients a-002, record drained a-002'],
  ],
  [
    'drops its clients at once when the clock was set back to before the drain',
    draining({ since: NOW + 1 }),
    {},
    ['drop-clients a-002, record drained a-002'],
  ],
  [
    'drops its clients whether or not it is in sync',
    draining(GRACE_OVER),
    { 'a-002': replica(A, { link: 'down' }) },
    ['drop-clients a-002, record drained a-002'],
  ],
  [
    'is redirected to its primary first',
    draining(GRACE_OVER),
    { 'a-002': replica('127.9.1.3') },
    ['follow a-002 a-001'],
  ],
  ['is not restarted during the grace period', draining(IN_GRACE, restarting), {}, []],
  [
    'refuses clients while it is stopped for a restart',
    draining(GRACE_OVER, restarting),
    {},
    ['stop a-002 refusing clients, start a-002 keep'],
  ],
  [
    'is restarted at once when it has exited',
    draining(IN_GRACE, restarting),
    { 'a-002': exited },
    ['kill a-002, start a-002 keep'],
  ],
  [
    'is rebuilt at once when it has failed',
    draining(IN_GRACE),
    { 'a-002': exited },
    [rebuild('a-002', 'keep')],
  ],
]);

table('TestFailover', [
  [
    'kills nothing when no replica can take over',
    tested(),
    { 'a-002': exited, 'a-003': replica(A, { neverSynced: true }) },
    ['record handover-abandoned'],
  ],
  ['kills the primary', tested(), {}, ['kill a-001']],
  [
    'then promotes the replica with the least lag',
    tested(),
    { 'a-001': exited, 'a-002': replica(A, { offset: 1 }), 'a-003': replica(A, { offset: 2 }) },
    [failOver('a-001', 'a-003')],
  ],
  [
    'then waits until all replicas have reported their offsets',
    tested(),
    { 'a-001': exited, 'a-003': starting },
    [],
  ],
  ['waits for a replica that may answer', tested(), { 'a-001': exited, 'a-002': busy, 'a-003': exited }, []],
  [
    'is abandoned when no replica can take over',
    tested(),
    { 'a-001': exited, 'a-002': exited, 'a-003': exited },
    ['record handover-abandoned'],
  ],
]);

describe('a promoted primary in cluster mode', () => {
  const ID = 'a-0001-001';
  const promoted = (changes: Partial<Member> = {}): Group => {
    const group = groupOf({ clusterEnabled: true, members: 2 });
    group.shards[0]!.promoted = { from: 'a-0001-002', since: 0 };
    Object.assign(group.shards[0]!.members[0]!, changes);
    return group;
  };
  const sees = (group: Group, state: 'ok' | 'fail', slotCount: number): Record<string, ObservedMember> => {
    const id = group.shards[0]!.members[0]!.engineNodeId!;
    const nodes = [{ id, role: 'primary' as const, slotCount, handshake: false }];
    return { [ID]: primary({ cluster: { state, knownNodes: 2, assignedSlots: 16_384, nodes } }) };
  };
  const completed = 'record failover-completed';

  it('completes its failover when clients can write to it, and not before', () => {
    const planOf = (state: 'ok' | 'fail', slotCount: number) =>
      planned(promoted(), sees(promoted(), state, slotCount)).filter((line) => line.includes('completed'));
    assert.deepEqual(planOf('fail', 16_384), []);
    assert.deepEqual(planOf('ok', 0), []);
    assert.deepEqual(planOf('ok', 16_384), [completed]);
  });

  it('is in service after a rebuild when clients can write to it', () => {
    const group = promoted({ phase: 'recovering' });
    delete group.shards[0]!.promoted;
    assert.deepEqual(planned(group, sees(group, 'fail', 16_384)), []);
    assert.deepEqual(planned(group, sees(group, 'ok', 16_384)), [`record member-in-service ${ID}`]);
  });
});

table('a failover that has begun', [
  [
    'continues with the same successor',
    failing(),
    { 'a-001': exited },
    ['kill a-001, promote a-002, record primary-changed a-002'],
  ],
  [
    'fences first, even when the old primary answers again',
    failing(),
    {},
    ['kill a-001, promote a-002, record primary-changed a-002'],
  ],
  [
    'is carried out again when the successor is a primary already',
    failing(),
    { 'a-001': exited, 'a-002': primary() },
    ['kill a-001, promote a-002, record primary-changed a-002'],
  ],
  [
    'chooses another successor when the first died',
    failing(),
    { 'a-001': exited, 'a-002': exited },
    [`kill a-002, ${failOver('a-001', 'a-003')}`],
  ],
  [
    'chooses another successor when the first came back empty, and fences that one too',
    failing(),
    { 'a-001': exited, 'a-002': replica(A, { neverSynced: true, link: 'down' }) },
    [`kill a-002, ${failOver('a-001', 'a-003')}`],
  ],
  [
    'waits while the successor does not answer, because it may be the primary already',
    failing(),
    { 'a-001': exited, 'a-002': busy },
    [],
  ],
  [
    'is abandoned when all members died',
    failing(),
    { 'a-001': exited, 'a-002': exited, 'a-003': exited },
    ['record handover-abandoned'],
  ],
]);

table('a planned switch', [
  ['begins', switching(), {}, ['switch a-001 a-002']],
  [
    'continues after the demotion',
    switching(),
    { 'a-001': replica(B, { link: 'down' }) },
    ['switch a-001 a-002'],
  ],
  [
    'is completed when both have swapped roles already',
    switching(),
    { 'a-001': replica(B), 'a-002': primary() },
    ['switch a-001 a-002'],
  ],
  ['is abandoned when the successor died', switching(), { 'a-002': exited }, ['record handover-abandoned']],
  [
    'becomes a failover when the old primary died',
    switching(),
    { 'a-001': exited },
    [failOver('a-001', 'a-002')],
  ],
  [
    'is abandoned without automatic failover when the old primary died',
    switching({ automaticFailover: false }),
    { 'a-001': exited },
    ['record handover-abandoned'],
  ],
  [
    'keeps a promoted successor when the demoted primary died',
    switching({ automaticFailover: false }),
    { 'a-001': exited, 'a-002': primary() },
    ['kill a-001, record primary-changed a-002'],
  ],
]);

describe('a primary that the cluster elected by itself', () => {
  const [RECORDED, ELECTED] = ['a-0001-001', 'a-0001-002'];
  const group = groupOf({ clusterEnabled: true, members: 2 });
  const { engineNodeId: id } = group.shards[0]!.members[1]!;
  const nodes = [{ id: id!, role: 'primary' as const, slotCount: 16_384, handshake: false }];
  const cluster = { state: 'ok' as const, knownNodes: 2, assignedSlots: 16_384, nodes };
  const electedWith = (offset: number, keys: number) => primary({ cluster, offset, keys });
  const dump: ObservedMember = { state: 'exited', stored: { clean: true, dump: { bytes: 100, offset: 9 } } };
  const follower = replica(B, { offset: 50, keys: 3 });
  const accepted = `record primary-changed ${ELECTED}`;
  const fenced = [`kill ${RECORDED}, ${accepted}`];
  const cases: [string, ObservedMember, ObservedMember, string[]][] = [
    ['is recorded when the recorded one is dead', exited, electedWith(50, 3), fenced],
    ['is recorded when the recorded one follows it', follower, electedWith(50, 3), [accepted]],
    ['is recorded even though a client emptied it', dump, electedWith(50, 0), fenced],
    ['is recorded when no member has data', exited, electedWith(0, 0), fenced],
    [
      'is recorded when the recorded one follows it and neither has data',
      replica(B, { offset: 0, keys: 0 }),
      electedWith(0, 0),
      [accepted],
    ],
    ['is killed when it is empty and a dump has data', dump, electedWith(0, 0), [`kill ${ELECTED}`]],
    [
      'is killed when it is empty, before the recorded one copies the emptiness',
      follower,
      electedWith(0, 0),
      [`kill ${ELECTED}, promote ${RECORDED}`],
    ],
  ];
  for (const [name, recorded, elected, expected] of cases)
    it(name, () => assert.deepEqual(planned(group, { [RECORDED]: recorded, [ELECTED]: elected }), expected));
});

describe('cluster mode off: a member that others follow although the record names another primary', () => {
  const group = groupOf();
  const [recorded, ...rest] = group.shards[0]!.members;
  const [follower, leader] = rest;
  const following = { [follower!.id]: replica(leader!.address), [leader!.id]: primary() };
  const cases: [name: string, differences: Record<string, ObservedMember>, expected: string[]][] = [
    [
      'is recorded when the recorded primary follows it too',
      { ...following, [recorded!.id]: replica(leader!.address) },
      [`record primary-changed ${leader!.id}`],
    ],
    [
      'is recorded when the recorded primary is dead',
      { ...following, [recorded!.id]: exited },
      [`kill ${recorded!.id}, record primary-changed ${leader!.id}`],
    ],
    [
      'is redirected to the recorded primary when that serves',
      { ...following, [recorded!.id]: primary() },
      [`follow ${follower!.id} ${recorded!.id}`, `follow ${leader!.id} ${recorded!.id}`],
    ],
    [
      'may not have answered yet, and the plan waits for it',
      { [recorded!.id]: replica(leader!.address), [leader!.id]: starting },
      [],
    ],
    [
      'is not recorded when no member has synced with it',
      {
        [recorded!.id]: replica(follower!.address),
        [follower!.id]: replica(leader!.address, { neverSynced: true }),
        [leader!.id]: primary(),
      },
      [`promote ${recorded!.id}`],
    ],
  ];
  for (const [name, differences, expected] of cases)
    it(name, () => assert.deepEqual(planned(groupOf(), differences), expected));
});

it('a node that announces the wrong kind of endpoint is corrected', () => {
  const group = groupOf({ members: 2 });
  changed(group, {
    members: { 'a-002': { runs: { ...group.shards[0]!.members[1]!.runs!, announcesName: true } } },
  });
  assert.deepEqual(planned(group), ['announce a-002']);
  assert.deepEqual(planned(group, {}, { wanted: { ...WANTED, announceNames: true } }), ['announce a-001']);
});

describe('a member that cuts of the network isolate', () => {
  const isolated = (member: ObservedMember, forMs = DETECTION_MS): ObservedMember => ({
    ...member,
    isolatedSince: NOW - forMs,
  });
  const follower = replica(A);
  const rows: [what: string, seen: Record<string, ObservedMember>, plan: string[]][] = [
    ['a primary, for long enough', { 'a-001': isolated(primary()) }, [failOver('a-001', 'a-002')]],
    ['a primary, for too short a time', { 'a-001': isolated(primary(), DETECTION_MS - 1) }, []],
    [
      'a primary with a replica that is isolated, too, and has more data',
      { 'a-001': isolated(primary()), 'a-002': isolated(replica(A, { offset: 200 })) },
      [failOver('a-001', 'a-003')],
    ],
    [
      'a primary without a replica that can be reached',
      { 'a-001': isolated(primary()), 'a-002': isolated(follower), 'a-003': isolated(follower) },
      [],
    ],
    [
      'a primary whose reachable replicas are down',
      { 'a-001': isolated(primary()), 'a-002': isolated(follower), 'a-003': { state: 'hung' } },
      ['record recovery-begun a-003, kill a-003, start a-003 keep'],
    ],
    [
      'a primary that waits for a replica that has not reported its data',
      { 'a-001': isolated(primary()), 'a-002': { state: 'running' } },
      [],
    ],
    ['a replica', { 'a-002': isolated(follower) }, []],
    ['a replica that is down', { 'a-002': isolated(exited) }, []],
    ['a replica that follows another node', { 'a-002': isolated(replica(B)) }, []],
    ['a replica that accepts writes', { 'a-002': isolated(primary()) }, ['kill a-002']],
    [
      'the best copy of the data',
      { 'a-001': exited, 'a-002': isolated(follower), 'a-003': { ...exited, isolatedSince: 0 } },
      [],
    ],
  ];
  for (const [what, differences, plan] of rows) {
    it(what, () => assert.deepEqual(planned(groupOf(), differences), plan));
  }

  it('is replaced by the primary that the engines elected', () => {
    const elected = { 'a-001': isolated(primary()), 'a-002': primary(), 'a-003': replica(B) };
    assert.deepEqual(planned(groupOf(), elected), ['kill a-001, record primary-changed a-002']);
  });

  it('stays the primary without automatic failover', () => {
    assert.deepEqual(
      planned(groupOf({}, { automaticFailover: false }), { 'a-001': isolated(primary()) }),
      [],
    );
  });

  it('ends a planned change of primary', () => {
    const handover: Handover = { kind: 'planned', since: 0, from: 'a-001', to: 'a-002' };
    const group = () => changed(groupOf(), { shard: { handover } });
    const abandoned = ['record handover-abandoned'];
    assert.deepEqual(planned(group(), { 'a-002': isolated(follower) }), abandoned);
    assert.deepEqual(planned(group(), { 'a-002': { ...follower, detached: true } }), abandoned);
    assert.deepEqual(planned(group(), { 'a-001': isolated(primary()) }), [failOver('a-001', 'a-002')]);
  });

  it('is stopped and started in order when its data was saved', () => {
    const group = changed(groupOf(), { members: { 'a-002': { start: { data: 'keep' } } } });
    assert.deepEqual(planned(group, { 'a-002': isolated(exited) }), ['kill a-002, start a-002 keep']);
  });
});
