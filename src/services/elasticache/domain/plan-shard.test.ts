import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from './action.ts';
import type { Group, Handover } from './model.ts';
import type { ObservedMember } from './observation.ts';
import { planShard } from './plan-shard.ts';
import {
  absent,
  busy,
  changed,
  exited,
  groupOf,
  hung,
  primary,
  replica,
  seen,
  starting,
  WANTED,
} from './planning.fixture.ts';

const A = '127.9.1.1';
const B = '127.9.1.2';

/** Each list as one line: `kill a-001, promote a-002, record primary-changed`. */
function planned(
  group: Group,
  differences: Record<string, ObservedMember> = {},
  changes: Parameters<typeof seen>[2] = {},
): string[] {
  return planShard(group, group.shards[0]!, seen(group, differences, changes))
    .filter((actions) => actions.length > 0)
    .map((actions) => actions.map(words).join(', '));
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
      it(what, () => assert.deepEqual(planned(group, differences), plan));
    }
  });
}

table('a shard that is well', [
  ['needs nothing', groupOf(), {}, []],
  ['with one member neither', single(), {}, []],
]);

table('a primary that is gone', [
  [
    'is killed for certain and the replica with the least lag takes over',
    groupOf(),
    { 'a-001': exited, 'a-002': replica(A, { offset: 90 }), 'a-003': replica(A, { offset: 95 }) },
    [failOver('a-001', 'a-003')],
  ],
  ['among equals the lowest id', groupOf(), { 'a-001': exited }, [failOver('a-001', 'a-002')]],
  ['hung counts as gone', groupOf(), { 'a-001': hung }, [failOver('a-001', 'a-002')]],
  ['busy does not', groupOf(), { 'a-001': busy }, []],
  [
    'a replica that never synced is no successor',
    groupOf(),
    {
      'a-001': exited,
      'a-002': replica(A, { neverSynced: true, offset: 999 }),
      'a-003': replica(A, { offset: 1 }),
    },
    [failOver('a-001', 'a-003')],
  ],
  [
    'nor one that loads',
    groupOf(),
    { 'a-001': exited, 'a-002': replica(A, { loading: true }) },
    [failOver('a-001', 'a-003')],
  ],
  [
    'one that has not said how far it is may be ahead, and is waited for',
    groupOf(),
    { 'a-001': exited, 'a-003': { state: 'running' } },
    [],
  ],
  ['so may one that has just been adopted', groupOf(), { 'a-001': exited, 'a-003': starting }, []],
  [
    'but not for ever',
    groupOf(),
    { 'a-001': exited, 'a-003': { state: 'running', silentMs: 5_000 } },
    [failOver('a-001', 'a-002')],
  ],
  [
    'nor one that loads its data',
    groupOf(),
    { 'a-001': exited, 'a-003': { state: 'starting', loads: true } },
    [failOver('a-001', 'a-002')],
  ],
  [
    'one that is being recovered',
    changed(groupOf(), { members: { 'a-003': { phase: 'recovering' } } }),
    { 'a-001': exited, 'a-003': starting },
    [failOver('a-001', 'a-002')],
  ],
  ['or one that is busy', groupOf(), { 'a-001': exited, 'a-003': busy }, [failOver('a-001', 'a-002')]],
  [
    'nor one that hangs',
    groupOf(),
    { 'a-001': exited, 'a-002': hung },
    [failOver('a-001', 'a-003'), rebuild('a-002', 'keep')],
  ],
  [
    'a busy replica is waited for when there is no other',
    groupOf(),
    { 'a-001': exited, 'a-002': busy, 'a-003': exited },
    [rebuild('a-003', 'keep')],
  ],
  [
    'only empty replicas: the primary comes back in its place',
    groupOf(),
    {
      'a-001': exited,
      'a-002': replica(A, { neverSynced: true, link: 'down', offset: 0 }),
      'a-003': replica(A, { neverSynced: true, link: 'down', offset: 0 }),
    },
    [rebuild('a-001', 'discard')],
  ],
  [
    'all dead: everybody comes back',
    groupOf(),
    { 'a-001': exited, 'a-002': exited, 'a-003': hung },
    [rebuild('a-001', 'discard'), rebuild('a-002', 'keep'), rebuild('a-003', 'keep')],
  ],
  ['the only member comes back', single(), { 'a-001': exited }, [rebuild('a-001', 'discard')]],
  [
    'a member that is leaving is no successor',
    changed(groupOf({ members: 2 }), { members: { 'a-002': { phase: 'deleting' } } }),
    { 'a-001': exited },
    [rebuild('a-001', 'discard'), 'remove a-002, record member-removed a-002'],
  ],
]);

table('a primary that is gone, automatic failover off', [
  [
    'is rebuilt in place from a replica',
    withoutFailover(),
    { 'a-001': exited },
    [rebuild('a-001', 'from a-002')],
  ],
  [
    'waits until all have said how far they are',
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
    'with no replica left, from what it has',
    withoutFailover(),
    { 'a-001': exited, 'a-002': exited, 'a-003': exited },
    [rebuild('a-001', 'discard'), rebuild('a-002', 'keep'), rebuild('a-003', 'keep')],
  ],
]);

table('a replica', [
  ['that ended comes back with its data', groupOf(), { 'a-002': exited }, [rebuild('a-002', 'keep')]],
  ['that hangs too', groupOf(), { 'a-002': hung }, [rebuild('a-002', 'keep')]],
  ['that is busy is left alone', groupOf(), { 'a-002': busy }, []],
  ['that starts is left alone', groupOf(), { 'a-002': starting }, []],
  ['that follows another is set right', groupOf(), { 'a-003': replica(B) }, ['follow a-003 a-001']],
  ['that takes itself for a primary is set right', groupOf(), { 'a-003': primary() }, ['follow a-003 a-001']],
  [
    'but not to a primary that is none yet',
    groupOf(),
    { 'a-001': primary({ loading: true }), 'a-003': replica(B) },
    [],
  ],
  [
    'that is linked again is in service',
    changed(groupOf(), { members: { 'a-002': { phase: 'recovering' } } }),
    {},
    ['record member-in-service a-002'],
  ],
  [
    'that is not yet linked is not',
    changed(groupOf(), { members: { 'a-002': { phase: 'recovering' } } }),
    { 'a-002': replica(A, { link: 'down' }) },
    [],
  ],
  [
    'on its way out is removed',
    changed(groupOf(), { members: { 'a-003': { phase: 'deleting' } } }),
    {},
    ['remove a-003, record member-removed a-003'],
  ],
]);

table('a member that is to be started anew', [
  [
    'is not, while it takes over',
    changed(groupOf({ members: 2 }), {
      members: { 'a-002': { phase: 'updating', start: { data: 'keep' } } },
    }),
    { 'a-001': exited },
    [failOver('a-001', 'a-002')],
  ],
  [
    'empty, for the first time',
    changed(single(), {
      members: { 'a-001': { phase: 'creating', start: { data: 'discard' }, runs: undefined } },
    }),
    { 'a-001': absent },
    ['start a-001 new'],
  ],
  [
    'rebooting: killed, since its data goes anyway',
    changed(groupOf(), { members: { 'a-001': { phase: 'rebooting', start: { data: 'discard' } } } }),
    {},
    ['kill a-001, start a-001 discard'],
  ],
  [
    'updating: stopped in order, its data kept',
    changed(groupOf(), { members: { 'a-002': { phase: 'updating', start: { data: 'keep' } } } }),
    {},
    ['stop a-002, start a-002 keep'],
  ],
  [
    'once started it is no longer started',
    changed(groupOf(), { members: { 'a-001': { phase: 'rebooting' } } }),
    {},
    ['record member-in-service a-001'],
  ],
]);

table('TestFailover', [
  [
    'kills nothing when nobody could take over',
    tested(),
    { 'a-002': exited, 'a-003': replica(A, { neverSynced: true }) },
    ['record handover-abandoned'],
  ],
  ['kills the primary', tested(), {}, ['kill a-001']],
  [
    'then promotes whoever is nearest',
    tested(),
    { 'a-001': exited, 'a-002': replica(A, { offset: 1 }), 'a-003': replica(A, { offset: 2 }) },
    [failOver('a-001', 'a-003')],
  ],
  ['then waits until all have said how far they are', tested(), { 'a-001': exited, 'a-003': starting }, []],
  ['waits for a replica that may answer', tested(), { 'a-001': exited, 'a-002': busy, 'a-003': exited }, []],
  [
    'is given up when nobody can take over',
    tested(),
    { 'a-001': exited, 'a-002': exited, 'a-003': exited },
    ['record handover-abandoned'],
  ],
]);

table('a failover that was begun', [
  [
    'goes on with the same successor',
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
    'is only written down when the successor is a primary already',
    failing(),
    { 'a-001': exited, 'a-002': primary() },
    ['kill a-001, promote a-002, record primary-changed a-002'],
  ],
  [
    'takes another when the successor died',
    failing(),
    { 'a-001': exited, 'a-002': exited },
    [`kill a-002, ${failOver('a-001', 'a-003')}`],
  ],
  [
    'takes another when the successor came back empty, and fences that as well',
    failing(),
    { 'a-001': exited, 'a-002': replica(A, { neverSynced: true, link: 'down' }) },
    [`kill a-002, ${failOver('a-001', 'a-003')}`],
  ],
  [
    'takes no other while the successor cannot be asked: it may be the primary already',
    failing(),
    { 'a-001': exited, 'a-002': busy },
    [],
  ],
  [
    'is given up when all died',
    failing(),
    { 'a-001': exited, 'a-002': exited, 'a-003': exited },
    ['record handover-abandoned'],
  ],
]);

table('a planned switch', [
  ['begins', switching(), {}, ['switch a-001 a-002']],
  [
    'goes on after the demotion',
    switching(),
    { 'a-001': replica(B, { link: 'down' }) },
    ['switch a-001 a-002'],
  ],
  [
    'is ended when both have changed places already',
    switching(),
    { 'a-001': replica(B), 'a-002': primary() },
    ['switch a-001 a-002'],
  ],
  ['is given up when the successor died', switching(), { 'a-002': exited }, ['record handover-abandoned']],
  [
    'becomes a failover when the old primary died',
    switching(),
    { 'a-001': exited },
    [failOver('a-001', 'a-002')],
  ],
  [
    'without automatic failover is given up when the old primary died',
    switching({ automaticFailover: false }),
    { 'a-001': exited },
    ['record handover-abandoned'],
  ],
  [
    'demoted and dead: the successor that is a primary stays it',
    switching({ automaticFailover: false }),
    { 'a-001': exited, 'a-002': primary() },
    ['kill a-001, record primary-changed a-002'],
  ],
]);

it('nodes that announce something else than is wanted are told so', () => {
  const group = groupOf({ members: 2 });
  changed(group, {
    members: { 'a-002': { runs: { ...group.shards[0]!.members[1]!.runs!, announcesName: true } } },
  });
  assert.deepEqual(planned(group), ['announce a-002']);
  assert.deepEqual(planned(group, {}, { wanted: { ...WANTED, announceNames: true } }), ['announce a-001']);
});
