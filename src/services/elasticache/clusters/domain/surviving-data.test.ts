// Tests which member continues when a shard's primary has to start, by the data that each member has.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from './action.ts';
import type { Group, Member } from './model.ts';
import type { ObservedMember, StoredView } from './observation.ts';
import { planShard } from './plan-shard.ts';
import { busy, changed, groupOf, primary, replica, seen, starting } from './planning.fixture.ts';

const A = '127.9.1.1';
const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);

type Dump = NonNullable<StoredView['dump']>;

const dump = (offset: number, changes: Partial<Dump> = {}): Dump => ({
  bytes: 200,
  checksum: '0f',
  savedAt: 1_000,
  replicationId: OLD,
  offset,
  ...changes,
});
const cutShort = { bytes: 90, damage: 'it is cut short' };

/** A node that saved its data when it was shut down in order. */
const saved = (found?: Dump): ObservedMember => ({
  state: 'absent',
  stored: { ...(found && { dump: found }), clean: true },
});
/** A node whose last run was cut off while Millpond did not watch. */
const left = (found?: Dump): ObservedMember => ({
  state: 'absent',
  stored: { ...(found && { dump: found }), clean: false },
});
/** A node that failed while Millpond watched it. */
const failed = (found?: Dump): ObservedMember => ({ ...left(found), state: 'exited', served: true });
/** A replica that has loaded its own dump and has not reached its primary. */
const restored = (offset: number, found?: Dump): ObservedMember => ({
  ...replica(A, { neverSynced: true, link: 'down', offset, replicationId: OLD, keys: 1 }),
  stored: { ...(found && { dump: found }), clean: false },
});

const START: Partial<Member> = {
  start: { data: 'keep' },
  saved: { bytes: 200, checksum: '0f', replicationId: OLD, offset: 100 },
};

/** A group as `millpond down` leaves it. */
function ended(changes: Partial<Group> = {}, members = 3): Group {
  const group = groupOf({ members }, { automaticFailover: members > 1, ...changes });
  return changed(group, {
    members: Object.fromEntries(group.shards[0]!.members.map(({ id }) => [id, START])),
  });
}
const withoutFailover = (members = 3) => ended({ automaticFailover: false }, members);
/** Marks these members as started since. */
function started(group: Group, ...ids: string[]): Group {
  for (const member of group.shards[0]!.members) {
    if (!ids.includes(member.id)) continue;
    delete member.start;
    delete member.saved;
  }
  return group;
}
const recovering = (group: Group, id: string) =>
  changed(group, { members: { [id]: { phase: 'recovering' } } });

function words(action: Action): string {
  switch (action.do) {
    case 'record':
      return `record ${action.transition.kind}`;
    case 'start': {
      const data = typeof action.data === 'string' ? action.data : `from ${action.data.replicaId}`;
      return `start ${action.memberId} ${data}${action.lost ? ` (${action.lost})` : ''}`;
    }
    default:
      return `${action.do} ${'memberId' in action ? action.memberId : ''}`;
  }
}

/** The planned actions, without records and kills. */
function planned(group: Group, differences: Record<string, ObservedMember>): string[] {
  return planShard(group, group.shards[0]!, seen(group, differences))
    .flatMap(({ actions }) => actions)
    .map(words)
    .filter((text) => !/^(record|kill)/.test(text));
}

type Case = [what: string, group: Group, seen: Record<string, ObservedMember>, plan: string[]];

function table(name: string, cases: Case[]): void {
  describe(name, () => {
    for (const [what, group, differences, plan] of cases) {
      it(what, () => assert.deepEqual(planned(group, differences), plan));
    }
  });
}

const GONE = 'starts without its data: its dump of 200 bytes is gone';
const DAMAGED = 'starts without its data: its dump is damaged (it is cut short) and was set aside';
const NONE_LEFT = ', and no other node of its shard has any';

table('after an orderly shutdown', [
  [
    'the primary has the best copy, and all members start at once',
    ended(),
    { 'a-001': saved(dump(100)), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-001 keep', 'start a-002 keep', 'start a-003 keep'],
  ],
  [
    'the primary is preferred among equal copies',
    ended(),
    { 'a-001': saved(dump(90)), 'a-002': saved(dump(90)), 'a-003': saved(dump(90)) },
    ['start a-001 keep', 'start a-002 keep', 'start a-003 keep'],
  ],
  [
    'a primary whose dump is gone waits for a replica that has one',
    ended(),
    { 'a-001': saved(), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-002 keep', 'start a-003 keep'],
  ],
  [
    'a damaged dump counts as gone',
    ended(),
    { 'a-001': saved(cutShort), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-002 keep', 'start a-003 keep'],
  ],
  [
    'a replica’s newer dump is preferred to the primary’s older one',
    ended(),
    { 'a-001': saved(dump(50)), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-002 keep', 'start a-003 keep'],
  ],
  [
    'with only the primary’s dump left, the others start without data',
    ended(),
    { 'a-001': saved(dump(100)), 'a-002': saved(), 'a-003': saved(cutShort) },
    ['start a-001 keep', `start a-002 keep (${GONE})`, `start a-003 set-aside (${DAMAGED})`],
  ],
  [
    'the primary waits while the replica with the best copy loads it',
    started(ended({}, 2), 'a-002'),
    { 'a-001': saved(), 'a-002': { ...starting, loads: true, stored: { dump: dump(90), clean: false } } },
    [],
  ],
  [
    'a replica that answers and still loads counts by its dump: an intact, older dump of the primary does not win',
    started(ended({}, 2), 'a-002'),
    {
      'a-001': saved(dump(50, { bytes: 150, checksum: 'f0' })),
      'a-002': {
        ...replica(A, { neverSynced: true, link: 'down', loading: true, offset: 0 }),
        stored: { dump: dump(90), clean: false },
      },
    },
    [],
  ],
  [
    'the primary does not start with a dump that it has not saved itself while a replica may still answer',
    started(ended({}, 2), 'a-002'),
    {
      'a-001': saved(dump(150, { bytes: 150, checksum: 'f0' })),
      'a-002': { ...starting, state: 'running' },
    },
    [],
  ],
  [
    'a node whose engine could not be started several times waits before it is started again',
    ended({}, 2),
    {
      'a-001': { ...saved(dump(100)), startWaitMs: 500 },
      'a-002': { ...saved(dump(90)), startWaitMs: 500 },
    },
    [],
  ],
  [
    'the replica with the best copy takes over once it has loaded it',
    started(ended(), 'a-002', 'a-003'),
    { 'a-001': saved(), 'a-002': restored(90), 'a-003': restored(95) },
    ['promote a-003'],
  ],
  [
    'when no member has data, all start empty and report it',
    ended(),
    { 'a-001': saved(), 'a-002': saved(cutShort), 'a-003': saved() },
    [
      `start a-001 discard (${GONE}${NONE_LEFT})`,
      `start a-002 set-aside (${DAMAGED})`,
      `start a-003 keep (${GONE})`,
    ],
  ],
  ['the only member starts with its dump', ended({}, 1), { 'a-001': saved(dump(1)) }, ['start a-001 keep']],
  [
    'the only member reports that its dump is gone',
    ended({}, 1),
    { 'a-001': saved() },
    [`start a-001 discard (${GONE}${NONE_LEFT})`],
  ],
  [
    'the only member sets a damaged dump aside',
    ended({}, 1),
    { 'a-001': saved(cutShort) },
    [`start a-001 set-aside (${DAMAGED}${NONE_LEFT})`],
  ],
  [
    'the primary waits for a busy replica, which may have data',
    started(ended({}, 2), 'a-002'),
    { 'a-001': saved(), 'a-002': busy },
    [],
  ],
]);

table('after an orderly shutdown, automatic failover off', [
  [
    'the primary starts with a copy of what a replica saved',
    withoutFailover(2),
    { 'a-001': saved(), 'a-002': saved(dump(90)) },
    [`start a-001 from a-002 (${GONE})`, 'start a-002 keep'],
  ],
  [
    'the primary starts with a copy of what a replica has loaded',
    started(withoutFailover(2), 'a-002'),
    { 'a-001': saved(cutShort), 'a-002': restored(90) },
    [`start a-001 from a-002 (${DAMAGED})`],
  ],
]);

table('the engine refuses a dump', [
  [
    'of the primary: a replica that has loaded its own takes over',
    started(ended({}, 2), 'a-002'),
    { 'a-001': { state: 'exited', stored: { dump: cutShort, clean: true } }, 'a-002': restored(90) },
    ['promote a-002'],
  ],
  [
    'of the primary, after a crash: a replica that has loaded its own takes over',
    recovering(groupOf({ members: 2 }), 'a-002'),
    { 'a-001': { state: 'exited', stored: { dump: cutShort, clean: false } }, 'a-002': restored(90) },
    ['promote a-002'],
  ],
  [
    'of a replica: it starts without data, and the primary with its own',
    ended({}, 2),
    { 'a-001': saved(dump(10)), 'a-002': { state: 'exited', stored: { dump: cutShort, clean: true } } },
    ['start a-001 keep', `start a-002 set-aside (${DAMAGED})`],
  ],
]);

const OLD_DATA = 'starts with old data of 1970-01-01T00:00:01.000Z: its last run did not end in order';

table('after a crash that Millpond did not watch', [
  [
    'the newest copy is used',
    groupOf(),
    { 'a-001': left(dump(20)), 'a-002': left(dump(50)), 'a-003': left() },
    [`start a-002 keep (${OLD_DATA})`, 'start a-003 keep'],
  ],
  [
    'the history that was saved last is used, whatever the offsets of others',
    groupOf(),
    {
      'a-001': left(dump(20, { replicationId: NEW, savedAt: 2_000 })),
      'a-002': left(dump(500)),
      'a-003': left(dump(10, { replicationId: NEW, savedAt: 1_500 })),
    },
    // The other history's dump is not replaced before the primary serves.
    [`start a-001 keep (${OLD_DATA.replace('01.000Z', '02.000Z')})`, 'start a-003 keep'],
  ],
  [
    'among histories saved in the same second the primary’s is used',
    groupOf({ members: 2 }),
    { 'a-001': left(dump(20, { replicationId: NEW })), 'a-002': left(dump(500)) },
    [`start a-001 keep (${OLD_DATA})`],
  ],
  [
    'when no member has data, all start empty',
    groupOf({ members: 2 }),
    { 'a-001': left(), 'a-002': left() },
    [`start a-001 discard (starts empty: it has no data${NONE_LEFT})`, 'start a-002 keep'],
  ],
]);

table('the history that the record names', [
  [
    'is preferred to one that was saved later',
    ended({}, 2),
    { 'a-001': saved(), 'a-002': saved(dump(1, { replicationId: NEW, savedAt: 9_000 })) },
    ['start a-002 keep'],
  ],
  [
    'causes another history’s dump to be set aside once the primary serves',
    started(ended({}, 2), 'a-001'),
    {
      'a-001': primary({ previousReplicationId: OLD }),
      'a-002': saved(dump(500, { replicationId: NEW, savedAt: 9_000 })),
    },
    ['start a-002 set-aside'],
  ],
  [
    'includes the history that the primary continues',
    started(ended({}, 2), 'a-001'),
    { 'a-001': primary({ previousReplicationId: OLD }), 'a-002': saved(dump(90)) },
    ['start a-002 keep'],
  ],
]);

table('nodes that failed while they were watched', [
  [
    'all of them: no old copy is used',
    groupOf({ members: 2 }),
    { 'a-001': failed(dump(50)), 'a-002': failed(dump(50)) },
    ['start a-001 discard', 'start a-002 keep'],
  ],
  [
    'an old copy that a replica has loaded since is not used',
    recovering(groupOf({ members: 2 }), 'a-002'),
    { 'a-001': failed(), 'a-002': restored(50) },
    ['start a-001 discard'],
  ],
  [
    'a dump saved by an orderly shutdown is not an old copy',
    groupOf({ members: 2 }),
    { 'a-001': failed(), 'a-002': { ...saved(dump(50)), state: 'exited', served: true } },
    ['start a-002 keep'],
  ],
  [
    'a primary that failed before its replica first synced: the better copy of both is used',
    groupOf({ members: 2 }),
    { 'a-001': failed(dump(100)), 'a-002': restored(90) },
    [`start a-001 keep (${OLD_DATA})`],
  ],
  [
    'the same with the primary’s dump gone: the replica is promoted',
    groupOf({ members: 2 }),
    { 'a-001': failed(), 'a-002': restored(90) },
    ['promote a-002'],
  ],
]);
