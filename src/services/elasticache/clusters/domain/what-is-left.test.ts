// Who goes on when a shard's primary has to be started: by what each member is seen to have.

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

/** Saved at an orderly end. */
const saved = (found?: Dump): ObservedMember => ({
  state: 'absent',
  stored: { ...(found && { dump: found }), clean: true },
});
/** Its last run was cut off, and nobody watched it. */
const left = (found?: Dump): ObservedMember => ({
  state: 'absent',
  stored: { ...(found && { dump: found }), clean: false },
});
/** Failed under Millpond's eyes. */
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

/** As `millpond down` leaves it. */
function ended(changes: Partial<Group> = {}, members = 3): Group {
  const group = groupOf({ members }, { automaticFailover: members > 1, ...changes });
  return changed(group, {
    members: Object.fromEntries(group.shards[0]!.members.map(({ id }) => [id, START])),
  });
}
const withoutFailover = (members = 3) => ended({ automaticFailover: false }, members);
/** These have been started since. */
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

/** What is done about each member's process; records and kills are left out. */
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

table('after an orderly end', [
  [
    'the primary has most, and all start at once',
    ended(),
    { 'a-001': saved(dump(100)), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-001 keep', 'start a-002 keep', 'start a-003 keep'],
  ],
  [
    'among equals too',
    ended(),
    { 'a-001': saved(dump(90)), 'a-002': saved(dump(90)), 'a-003': saved(dump(90)) },
    ['start a-001 keep', 'start a-002 keep', 'start a-003 keep'],
  ],
  [
    'its dump is gone: it waits for a replica that has one',
    ended(),
    { 'a-001': saved(), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-002 keep', 'start a-003 keep'],
  ],
  [
    'damaged is like gone',
    ended(),
    { 'a-001': saved(cutShort), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-002 keep', 'start a-003 keep'],
  ],
  [
    'an older dump in its place is less than what a replica has',
    ended(),
    { 'a-001': saved(dump(50)), 'a-002': saved(dump(90)), 'a-003': saved(dump(95)) },
    ['start a-002 keep', 'start a-003 keep'],
  ],
  [
    'with only the primary’s left, the others begin without',
    ended(),
    { 'a-001': saved(dump(100)), 'a-002': saved(), 'a-003': saved(cutShort) },
    ['start a-001 keep', `start a-002 keep (${GONE})`, `start a-003 set-aside (${DAMAGED})`],
  ],
  [
    'while the replica that has most still loads, the primary waits',
    started(ended({}, 2), 'a-002'),
    { 'a-001': saved(), 'a-002': { ...starting, loads: true, stored: { dump: dump(90), clean: false } } },
    [],
  ],
  [
    'once it has loaded it takes over',
    started(ended(), 'a-002', 'a-003'),
    { 'a-001': saved(), 'a-002': restored(90), 'a-003': restored(95) },
    ['promote a-003'],
  ],
  [
    'nobody has anything: all begin empty, and say so',
    ended(),
    { 'a-001': saved(), 'a-002': saved(cutShort), 'a-003': saved() },
    [
      `start a-001 discard (${GONE}${NONE_LEFT})`,
      `start a-002 set-aside (${DAMAGED})`,
      `start a-003 keep (${GONE})`,
    ],
  ],
  ['the only member has its dump', ended({}, 1), { 'a-001': saved(dump(1)) }, ['start a-001 keep']],
  ['or has lost it', ended({}, 1), { 'a-001': saved() }, [`start a-001 discard (${GONE}${NONE_LEFT})`]],
  [
    'or has a damaged one, which is kept',
    ended({}, 1),
    { 'a-001': saved(cutShort) },
    [`start a-001 set-aside (${DAMAGED}${NONE_LEFT})`],
  ],
  [
    'a replica that cannot be asked may have more than nothing',
    started(ended({}, 2), 'a-002'),
    { 'a-001': saved(), 'a-002': busy },
    [],
  ],
]);

table('after an orderly end, automatic failover off', [
  [
    'the primary begins with a copy of what a replica saved',
    withoutFailover(2),
    { 'a-001': saved(), 'a-002': saved(dump(90)) },
    [`start a-001 from a-002 (${GONE})`, 'start a-002 keep'],
  ],
  [
    'or of what it has loaded already',
    started(withoutFailover(2), 'a-002'),
    { 'a-001': saved(cutShort), 'a-002': restored(90) },
    [`start a-001 from a-002 (${DAMAGED})`],
  ],
]);

table('the engine refuses a dump', [
  [
    'the primary’s: a replica that has loaded its own takes over',
    started(ended({}, 2), 'a-002'),
    { 'a-001': { state: 'exited', stored: { dump: cutShort, clean: true } }, 'a-002': restored(90) },
    ['promote a-002'],
  ],
  [
    'even after an end that was not in order',
    recovering(groupOf({ members: 2 }), 'a-002'),
    { 'a-001': { state: 'exited', stored: { dump: cutShort, clean: false } }, 'a-002': restored(90) },
    ['promote a-002'],
  ],
  [
    'the replica’s: it begins without, and the primary with what it has',
    ended({}, 2),
    { 'a-001': saved(dump(10)), 'a-002': { state: 'exited', stored: { dump: cutShort, clean: true } } },
    ['start a-001 keep', `start a-002 set-aside (${DAMAGED})`],
  ],
]);

const OLD_DATA = 'starts with old data of 1970-01-01T00:00:01.000Z: its last run did not end in order';

table('after an end that was not in order and that nobody watched', [
  [
    'the newest copy goes on',
    groupOf(),
    { 'a-001': left(dump(20)), 'a-002': left(dump(50)), 'a-003': left() },
    [`start a-002 keep (${OLD_DATA})`, 'start a-003 keep'],
  ],
  [
    'an offset of another history says nothing: the history that was written last goes on',
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
    'written in the same second: the primary’s',
    groupOf({ members: 2 }),
    { 'a-001': left(dump(20, { replicationId: NEW })), 'a-002': left(dump(500)) },
    [`start a-001 keep (${OLD_DATA})`],
  ],
  [
    'nobody has anything',
    groupOf({ members: 2 }),
    { 'a-001': left(), 'a-002': left() },
    [`start a-001 discard (starts empty: it has no data${NONE_LEFT})`, 'start a-002 keep'],
  ],
]);

table('a history that the record names', [
  [
    'goes before one that was written later',
    ended({}, 2),
    { 'a-001': saved(), 'a-002': saved(dump(1, { replicationId: NEW, savedAt: 9_000 })) },
    ['start a-002 keep'],
  ],
  [
    'which is set aside once the primary serves',
    started(ended({}, 2), 'a-001'),
    {
      'a-001': primary({ previousReplicationId: OLD }),
      'a-002': saved(dump(500, { replicationId: NEW, savedAt: 9_000 })),
    },
    ['start a-002 set-aside'],
  ],
  [
    'one that the primary goes on from is its own',
    started(ended({}, 2), 'a-001'),
    { 'a-001': primary({ previousReplicationId: OLD }), 'a-002': saved(dump(90)) },
    ['start a-002 keep'],
  ],
]);

table('nodes that failed while they were watched', [
  [
    'all of them: no old copy comes back',
    groupOf({ members: 2 }),
    { 'a-001': failed(dump(50)), 'a-002': failed(dump(50)) },
    ['start a-001 discard', 'start a-002 keep'],
  ],
  [
    'nor one that a replica has loaded since',
    recovering(groupOf({ members: 2 }), 'a-002'),
    { 'a-001': failed(), 'a-002': restored(50) },
    ['start a-001 discard'],
  ],
  [
    'but what was ended in order is no old copy',
    groupOf({ members: 2 }),
    { 'a-001': failed(), 'a-002': { ...saved(dump(50)), state: 'exited', served: true } },
    ['start a-002 keep'],
  ],
  [
    'the primary, before its replica had reached it for the first time: the most of both',
    groupOf({ members: 2 }),
    { 'a-001': failed(dump(100)), 'a-002': restored(90) },
    [`start a-001 keep (${OLD_DATA})`],
  ],
  [
    'and has lost its dump as well',
    groupOf({ members: 2 }),
    { 'a-001': failed(), 'a-002': restored(90) },
    ['promote a-002'],
  ],
]);
