// All that Route 53 keeps: hosted zones, record sets and changes as documents, and the zones in memory beside them.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Outcome } from './domain/change-batch.ts';
import { placeKey, type SetPlace } from './domain/listing-order.ts';
import type { RecordSet } from './domain/record-set.ts';
import { type LiveZone, LiveZones } from './live-zones.ts';
import type { ChangeRecord, ComputedRecordSet, HostedZoneRecord, StoredSet } from './model.ts';

export interface Records {
  readonly live: LiveZones;
  /** Sorted by id. */
  zonesOf(scope: Scope): LiveZone[];
  /** `undefined` when it is another account's, too. */
  zone(scope: Scope, id: string): LiveZone | undefined;
  saveZone(scope: Scope, record: HostedZoneRecord): void;
  deleteZone(scope: Scope, zone: LiveZone): void;
  changeSets(scope: Scope, zoneId: string, outcome: Outcome): void;
  /** In Route 53's order, beginning with the first that is not below `from`. */
  listSets(scope: Scope, zoneId: string, from: SetPlace | undefined, limit: number): RecordSet[];
  /** What belongs to the zone without having been stored there. */
  computedSets(zone: LiveZone): ComputedRecordSet[];
  addChange(scope: Scope, comment?: string): ChangeRecord;
  change(scope: Scope, id: string): ChangeRecord | undefined;
}

export interface RecordsOptions {
  store: Store;
  clock: Clock;
  /** Of every account. */
  computed(): readonly ComputedRecordSet[];
}

/** AWS: Route 53 is global; what an account has is the same in every region. */
const accountOf = ({ accountId }: Scope): Scope => ({ accountId, region: 'us-east-1' });

const keyOf = (zoneId: string, set: SetPlace): string => `${zoneId} ${placeKey(set)}`;

export function openRecords({ store, clock, computed }: RecordsOptions): Records {
  const zones = store.collection<HostedZoneRecord>('route53/hosted-zone');
  const sets = store.collection<StoredSet>('route53/record-set');
  const live = new LiveZones();
  for (const { scope, value } of zones.listAll()) live.remember(scope.accountId, value);
  for (const { value } of sets.listAll()) live.change(value.zoneId, { put: [value.set], deleted: [] });

  return {
    live,
    zonesOf: (scope) => zones.list(accountOf(scope)).flatMap(({ id }) => live.zone(id) ?? []),
    zone(scope, id) {
      const zone = live.zone(id);
      return zone?.accountId === scope.accountId ? zone : undefined;
    },
    saveZone(scope, record) {
      zones.put(accountOf(scope), record.id, record);
      store.afterCommit(() => live.remember(scope.accountId, record));
    },
    deleteZone(scope, { record: { id }, contents }) {
      zones.delete(accountOf(scope), id);
      for (const set of contents.all()) sets.delete(accountOf(scope), keyOf(id, set));
      store.afterCommit(() => live.forget(id));
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
    ...changesOf(store.collection<ChangeRecord>('route53/change'), clock),
  };
}

const MOST_CHANGES = 4_096;
const CHANGES_FORGOTTEN_AT_ONCE = 512;
const ID_CHARACTERS = 12;

/** Changes are done at once; they are kept for whoever asks whether they are. The oldest are forgotten. */
function changesOf(changes: Collection<ChangeRecord>, clock: Clock): Pick<Records, 'addChange' | 'change'> {
  const counts = new Map<string, number>();
  const forgetSome = (account: Scope) => {
    const oldest = changes.list(account, { limit: CHANGES_FORGOTTEN_AT_ONCE });
    for (const { id } of oldest) changes.delete(account, id);
    return oldest.length;
  };
  return {
    addChange(scope, comment) {
      const account = accountOf(scope);
      const submittedAt = clock.now();
      // Ids sort by time, so that the oldest are found.
      const time = submittedAt.toString(36).padStart(ID_CHARACTERS, '0');
      const id = `C${time}${randomHex(ID_CHARACTERS)}`.toUpperCase();
      const change = { id, ...(comment && { comment }), submittedAt };
      let count = counts.get(account.accountId) ?? changes.count(account);
      if (count >= MOST_CHANGES) count -= forgetSome(account);
      changes.put(account, id, change);
      counts.set(account.accountId, count + 1);
      return change;
    },
    change: (scope, id) => changes.get(accountOf(scope), id),
  };
}
