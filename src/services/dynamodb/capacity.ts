// What requests consume: in answers that want to know it, as metrics, and, where throughput is throttled, from the
// buckets of tables and indexes.

import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../kernel/clock.ts';
import type { Index } from './domain/tables/model.ts';
import { throughputExceeded } from './faults/items.ts';
import type { OpenTable } from './storage/tables.ts';

/** Reads or writes. */
export type UnitKind = 'read' | 'write';

/** What a request consumed of one table. */
export interface Usage {
  table: OpenTable;
  kind: UnitKind;
  /** Units of the table itself. */
  units: number;
  /** Units of its indexes. */
  indexes: ReadonlyMap<Index, number>;
  isTransactional: boolean;
}

/** How much of its throughput a table uses. */
export interface Capacity {
  /** Throws ProvisionedThroughputExceededException when the table, or the index, has used up its throughput. */
  admit(table: OpenTable, kind: UnitKind, index?: Index): void;
  /** Takes the units, and reports them as metrics. */
  consume(usage: Usage): void;
}

/** Where metrics go: called for every usage. */
export type UsageSink = (usage: Usage) => void;

/** AWS: up to 300 seconds of unused throughput are kept. */
const BURST_SECONDS = 300;

interface Bucket {
  units: number;
  at: number;
}

/** `isThrottled`: whether provisioned throughput is enforced. */
export function createCapacity(options: { clock: Clock; isThrottled: boolean; report: UsageSink }): Capacity {
  const { clock, isThrottled, report } = options;
  const buckets = new WeakMap<OpenTable, Map<string, Bucket>>();

  function rateOf({ record }: OpenTable, kind: UnitKind, index: Index | undefined): number | undefined {
    if (index?.kind === 'global') return index.throughput?.[kind] ?? index.onDemand?.[kind];
    return record.throughput?.[kind] ?? record.onDemand?.[kind];
  }

  function bucketOf(table: OpenTable, kind: UnitKind, index: Index | undefined, rate: number): Bucket {
    let own = buckets.get(table);
    if (!own) buckets.set(table, (own = new Map()));
    const key = `${kind}/${index?.kind === 'global' ? index.id : ''}`;
    const now = clock.now();
    let bucket = own.get(key);
    if (!bucket) own.set(key, (bucket = { units: rate * BURST_SECONDS, at: now }));
    bucket.units = Math.min(
      bucket.units + (rate * Math.max(0, now - bucket.at)) / 1000,
      rate * BURST_SECONDS,
    );
    bucket.at = now;
    return bucket;
  }

  function take(table: OpenTable, kind: UnitKind, index: Index | undefined, units: number): void {
    const rate = rateOf(table, kind, index);
    if (rate !== undefined) bucketOf(table, kind, index, rate).units -= units;
  }

  return {
    admit(table, kind, index) {
      if (!isThrottled) return;
      const rate = rateOf(table, kind, index);
      if (rate === undefined || bucketOf(table, kind, index, rate).units > 0) return;
      throw throughputExceeded(index?.kind === 'global');
    },
    consume(usage) {
      report(usage);
      if (!isThrottled) return;
      take(usage.table, usage.kind, undefined, usage.units);
      for (const [index, units] of usage.indexes) take(usage.table, usage.kind, index, units);
    },
  };
}

const NONE: Usage['indexes'] = new Map();

/** The start of a request's usage of a table. */
export const noUsage = (table: OpenTable, kind: UnitKind, isTransactional = false): Usage => ({
  ...{ table, kind, units: 0, indexes: NONE, isTransactional },
});

/** Adds units of an index. */
export function useIndex(usage: Usage, index: Index, units: number): void {
  const { indexes } = usage;
  if (units > 0) usage.indexes = new Map([...indexes, [index, (indexes.get(index) ?? 0) + units]]);
}

/** What the request wants to know of it; `undefined` for nothing. `wanted` is ReturnConsumedCapacity. */
export function consumedCapacity(usage: Usage, wanted: string | undefined): ConsumedCapacity | undefined {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return undefined;
  const { table, units, indexes } = usage;
  let total = units;
  for (const each of indexes.values()) total += each;
  const shown = { TableName: table.record.name, ...unitsView(usage, total) };
  if (wanted === 'TOTAL') return shown;
  const ofKind = (kind: Index['kind']) =>
    [...indexes]
      .filter(([index]) => index.kind === kind)
      .map(([{ name }, each]) => [name, unitsView(usage, each)]);
  const local = ofKind('local');
  const global = ofKind('global');
  return {
    ...shown,
    Table: unitsView(usage, units),
    ...(local.length > 0 && { LocalSecondaryIndexes: Object.fromEntries(local) }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: Object.fromEntries(global) }),
  };
}

/** AWS: only transactions tell reads from writes. */
const unitsView = ({ kind, isTransactional }: Usage, units: number) => ({
  CapacityUnits: units,
  ...(isTransactional && (kind === 'read' ? { ReadCapacityUnits: units } : { WriteCapacityUnits: units })),
});
