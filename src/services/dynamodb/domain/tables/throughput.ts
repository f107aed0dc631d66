// The rules for the throughput of tables and indexes: provisioned, on demand, warm. Pure.

import type {
  OnDemandThroughput as GivenOnDemand,
  WarmThroughput as GivenWarm,
  ProvisionedThroughput,
} from '@aws-sdk/client-dynamodb';
import { tooManyDecreases } from '../../faults/tables.ts';
import { invalid, invalidParameter } from '../../faults/validation.ts';
import type { OnDemandThroughput, Throughput, WarmThroughput } from './model.ts';

const MOST_UNITS = 1_000_000_000_000;
/** AWS: the most decreases of a UTC day: four, and one more for each hour without one. */
const DECREASES_A_DAY = 27;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Throws ValidationException for units that are out of bounds. */
export function checkUnits(given: ProvisionedThroughput | undefined): void {
  for (const name of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    const units = given?.[name];
    if (units !== undefined && units > MOST_UNITS) {
      throw invalid(`Given value ${units} for ${name} is out of bounds`);
    }
  }
}

/** The throughput of a new table or index. */
export const newThroughput = (given: ProvisionedThroughput): Throughput => ({
  read: given.ReadCapacityUnits!,
  write: given.WriteCapacityUnits!,
  decreases: 0,
});

/** The throughput after a change. Throws LimitExceededException after too many decreases. */
export function changedThroughput(
  before: Throughput | undefined,
  given: ProvisionedThroughput,
  now: number,
): Throughput {
  const [read, write] = [given.ReadCapacityUnits!, given.WriteCapacityUnits!];
  if (!before) return { read, write, decreases: 0 };
  const isIncrease = read > before.read || write > before.write;
  const isDecrease = read < before.read || write < before.write;
  const today = decreasesToday(before, now);
  if (isDecrease && today >= DECREASES_A_DAY) throw tooManyDecreases();
  return {
    ...before,
    ...{ read, write, decreases: isDecrease ? today + 1 : today },
    ...(isIncrease && { increasedAt: now }),
    ...(isDecrease && { decreasedAt: now }),
  };
}

/** How often the throughput was decreased on the UTC day of `now`. */
export const decreasesToday = ({ decreases, decreasedAt }: Throughput, now: number): number =>
  decreasedAt !== undefined && Math.floor(decreasedAt / DAY_MS) === Math.floor(now / DAY_MS) ? decreases : 0;

/** AWS: -1 removes a limit. */
export function onDemandOf(given: GivenOnDemand | undefined): OnDemandThroughput | undefined {
  const limit = (units: number | undefined) => (units === undefined || units === -1 ? undefined : units);
  const read = limit(given?.MaxReadRequestUnits);
  const write = limit(given?.MaxWriteRequestUnits);
  if (read === undefined && write === undefined) return undefined;
  return { ...(read !== undefined && { read }), ...(write !== undefined && { write }) };
}

/** AWS: what a new table or index that is paid per request can do at once. */
export const INITIAL: WarmThroughput = { read: 12_000, write: 4_000 };

/**
 * Throws ValidationException for a warm throughput below what a new table or index has anyway. `of` is `table` or names
 * the index.
 */
export function checkWarm(
  warm: WarmThroughput | undefined,
  throughput: Throughput | undefined,
  of: string,
): void {
  const least = throughput ?? INITIAL;
  for (const kind of ['read', 'write'] as const) {
    if (!warm || warm[kind] >= least[kind]) continue;
    const name = kind === 'read' ? 'ReadUnitsPerSecond' : 'WriteUnitsPerSecond';
    const most = throughput ? 'provisioned throughput' : 'initial throughput for OnDemand';
    throw invalidParameter(`Requested ${name} for WarmThroughput for ${of} is lower than ${most}`);
  }
}

/** Warm throughput as a request gives it; what it does not give is 1. */
export const warmOf = (given: GivenWarm | undefined): WarmThroughput | undefined =>
  given && { read: given.ReadUnitsPerSecond ?? 1, write: given.WriteUnitsPerSecond ?? 1 };
