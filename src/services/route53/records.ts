// Route 53's records: hosted zones, record sets and changes in the store, and the zones in memory beside them.

import { openRecords as openKind, type RecordKind, type Records as RecordsOf } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Store } from '../../store/store.ts';
import type { Outcome } from './domain/change-batch.ts';
import { placeKey, type SetPlace, zoneKey } from './domain/listing-order.ts';
import type { RecordSet } from './domain/record-set.ts';
import { noSuchChange, noSuchHostedZone, tooManyHostedZones } from './faults.ts';
import { type LiveZone, LiveZones } from './live-zones.ts';
import {
  type ChangeRecord,
  type ComputedRecordSet,
  type HostedZoneRecord,
  MOST_ZONES,
  type StoredSet,
  type VpcPlace,
} from './model.ts';

/** The collections of Route 53 and the zones in memory. */
export interface Records {
  readonly live: LiveZones;
  readonly zones: RecordsOf<HostedZoneRecord>;
  /** By id. Ids sort by time. */
  readonly changes: RecordsOf<ChangeRecord>;
  /** A zone of the account. Throws NoSuchHostedZone. */
  zone(scope: Scope, id: string): LiveZone;
  /** Stores a new zone. Throws TooManyHostedZones. */
  addZone(scope: Scope, record: HostedZoneRecord): void;
  saveZone(scope: Scope, record: HostedZoneRecord): void;
  deleteZone(scope: Scope, zone: LiveZone): void;
  /** Stores the outcome of a batch. The DNS server answers with it after the commit. */
  changeSets(scope: Scope, zoneId: string, outcome: Outcome): void;
  /** Stored record sets in Route 53's order, from `from` on. */
  listSets(scope: Scope, zoneId: string, from: SetPlace | undefined, limit: number): RecordSet[];
  /** The computed record sets that the zone shows. */
  computedSets(zone: LiveZone): ComputedRecordSet[];
  /** Counts the record sets of the account's zones, computed ones included. */
  setCounter(scope: Scope): (id: string) => number;
  /** Stores a change, which is INSYNC at once. */
  addChange(scope: Scope, comment?: string): ChangeRecord;
}

/** What `openRecords` needs. */
export interface RecordsOptions {
  store: Store;
  clock: Clock;
  /** The computed record sets of all accounts. */
  computed(): readonly ComputedRecordSet[];
}

/** AWS: Route 53 is global. An account's zones are the same in every region. */
const accountOf = ({ accountId }: Scope): Scope => ({ accountId, region: 'us-east-1' });

const keyOf = (zoneId: string, set: SetPlace): string => `${zoneId} ${placeKey(set)}`;

/** Prefix of a VPC's keys in the index `vpc`; the zone's id follows it. */
export const vpcKey = ({ id, region }: VpcPlace): string => `${region} ${id} `;

const ZONE: RecordKind<HostedZoneRecord> = {
  collection: 'route53/hosted-zone',
  idOf: ({ id }) => id,
  placeOf: accountOf,
  indexes: {
    callerReference: ({ callerReference }) => callerReference,
    /** By `zoneKey`. */
    name: zoneKey,
    /** Private zones, by id. */
    private: ({ isPrivate, id }) => (isPrivate ? id : undefined),
    vpc: ({ vpcs, id }) => vpcs.map((vpc) => vpcKey(vpc) + id),
  },
  notFound: noSuchHostedZone,
  quota: { most: MOST_ZONES, exceeded: tooManyHostedZones },
};

const CHANGE: RecordKind<ChangeRecord> = {
  collection: 'route53/change',
  idOf: ({ id }) => id,
  placeOf: accountOf,
  notFound: noSuchChange,
};

/** Opens the collections and loads all zones into memory. */
export async function openRecords({ store, clock, computed }: RecordsOptions): Promise<Records> {
  const zones = openKind(store, ZONE);
  const sets = store.collection<StoredSet>('route53/record-set');
  const changes = openKind(store, CHANGE);
  const live = new LiveZones();
  for await (const batch of zones.everywhere()) {
    for (const { scope, value } of batch) live.put(scope.accountId, value);
  }
  for await (const batch of sets.everywhere()) {
    for (const { value } of batch) live.change(value.zoneId, { put: [value.set], deleted: [] });
  }

  return {
    ...{ live, zones, changes },
    zone(scope, id) {
      const zone = live.zone(id);
      if (zone?.accountId !== scope.accountId) throw noSuchHostedZone(id);
      return zone;
    },
    addZone(scope, record) {
      zones.add(scope, record);
      store.afterCommit(() => live.put(scope.accountId, record));
    },
    saveZone(scope, record) {
      zones.put(scope, record);
      store.afterCommit(() => live.put(scope.accountId, record));
    },
    deleteZone(scope, { record: { id }, contents }) {
      zones.remove(scope, id);
      for (const set of contents.all()) sets.delete(accountOf(scope), keyOf(id, set));
      store.afterCommit(() => live.remove(id));
    },
    changeSets(scope, zoneId, outcome) {
      for (const set of outcome.deleted) sets.delete(accountOf(scope), keyOf(zoneId, set));
      for (const set of outcome.put) sets.put(accountOf(scope), keyOf(zoneId, set), { zoneId, set });
      store.afterCommit(() => live.change(zoneId, outcome));
    },
    listSets(scope, zoneId, from, limit) {
      const range = { prefix: `${zoneId} `, from: from && keyOf(zoneId, from), limit };
      return sets.list(accountOf(scope), range).map(({ set }) => set);
    },
    computedSets: ({ accountId, record }) =>
      computed().filter(
        (set) => set.accountId === accountId && live.covering(accountId, set.name)?.record.id === record.id,
      ),
    setCounter({ accountId }) {
      const counts = new Map<string, number>();
      for (const set of computed()) {
        const id = set.accountId === accountId && live.covering(accountId, set.name)?.record.id;
        if (id) counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      return (id) => (live.zone(id)?.contents.count ?? 0) + (counts.get(id) ?? 0);
    },
    addChange: changesOf(changes, clock),
  };
}

const MOST_CHANGES = 4_096;
const CHANGES_REMOVED_AT_ONCE = 512;
const ID_CHARACTERS = 12;

/** Changes take effect at once and are stored only for GetChange. The oldest are removed. */
function changesOf(changes: Records['changes'], clock: Clock): Records['addChange'] {
  const counts = new Map<string, number>();
  const removeOldest = (scope: Scope) => {
    const oldest = changes.list(scope, { limit: CHANGES_REMOVED_AT_ONCE });
    for (const { id } of oldest) changes.remove(scope, id);
    return oldest.length;
  };
  return (scope, comment) => {
    const { accountId } = scope;
    const submittedAt = clock.now();
    // Ids sort by time, so that the oldest changes are listed first.
    const time = submittedAt.toString(36).padStart(ID_CHARACTERS, '0');
    const id = `C${time}${randomHex(ID_CHARACTERS)}`.toUpperCase();
    const change = { id, ...(comment && { comment }), submittedAt };
    let count = counts.get(accountId) ?? changes.count(scope);
    if (count >= MOST_CHANGES) count -= removeOldest(scope);
    changes.put(scope, change);
    counts.set(accountId, count + 1);
    return change;
  };
}
