// Checks the data of a PutMetricData call and turns them into points. Pure.

import {
  bothGiven,
  invalid,
  maximumBelowMinimum,
  noValue,
  outsideOfTwoWeeks,
  required,
  tooMany,
  unequal,
} from '../faults.ts';
import { checkMetricName, checkNamespace, type MetricIdentity, readDimensions } from './identity.ts';
import { NO_UNIT, type Point, pointOfValue, pointOfValues, UNITS, type Unit } from './point.ts';
import { DEFAULT_RESOLUTION, FINEST, floorTo } from './resolution.ts';

/** A datum as in requests. */
export interface GivenDatum {
  MetricName?: string | undefined;
  Dimensions?: { Name?: string | undefined; Value?: string | undefined }[] | undefined;
  Timestamp?: Date | undefined;
  Value?: number | undefined;
  Values?: number[] | undefined;
  Counts?: number[] | undefined;
  StatisticValues?: StatisticSet | undefined;
  Unit?: string | undefined;
  StorageResolution?: number | undefined;
}

interface StatisticSet {
  SampleCount?: number | undefined;
  Sum?: number | undefined;
  Minimum?: number | undefined;
  Maximum?: number | undefined;
}

/** A checked datum. `resolution` is in seconds: 1 or 60. */
export interface Datum {
  identity: MetricIdentity;
  resolution: number;
  point: Point;
}

const MOST_DATA = 1_000;
const MOST_VALUES = 150;
/** AWS: values are from -2^360 to 2^360. */
const LARGEST = 2 ** 360;
const TWO_WEEKS_MS = 14 * 86_400_000;
const TWO_HOURS_MS = 2 * 3_600_000;

/**
 * `now` is in milliseconds since the epoch. Throws InvalidParameterValue, InvalidParameterCombination or
 * MissingParameter.
 */
export function readData(namespace: string, data: readonly GivenDatum[], now: number): Datum[] {
  checkNamespace(namespace);
  if (data.length === 0) throw required('MetricData');
  if (data.length > MOST_DATA) throw tooMany('MetricData', MOST_DATA);
  return data.map((datum, index) => readDatum(namespace, datum, `MetricData.member.${index + 1}`, now));
}

function readDatum(namespace: string, datum: GivenDatum, path: string, now: number): Datum {
  if (datum.MetricName === undefined) throw required(`${path}.MetricName`);
  const identity = {
    namespace,
    name: checkMetricName(datum.MetricName, `${path}.MetricName`),
    dimensions: readDimensions(datum.Dimensions, `${path}.Dimensions`),
  };
  const resolution = readResolution(datum.StorageResolution, path);
  const at = floorTo(readTime(datum.Timestamp, path, now) / 1000, resolution);
  return { identity, resolution, point: readPoint(datum, at, readUnit(datum.Unit), path) };
}

function readResolution(given: number | undefined, path: string): number {
  if (given === undefined || given === DEFAULT_RESOLUTION) return DEFAULT_RESOLUTION;
  if (given === FINEST) return FINEST;
  throw invalid(given, `${path}.StorageResolution`);
}

function readTime(given: Date | undefined, path: string, now: number): number {
  if (!given) return now;
  const time = given.getTime();
  if (time >= now - TWO_WEEKS_MS && time <= now + TWO_HOURS_MS) return time;
  throw outsideOfTwoWeeks(`${path}.Timestamp`);
}

/** The unit's index in UNITS. */
export const readUnit = (given: string | undefined): number =>
  given === undefined ? NO_UNIT : UNITS.indexOf(given as Unit);

function readPoint(datum: GivenDatum, at: number, unit: number, path: string): Point {
  const { Value, Values, StatisticValues } = datum;
  const given = [
    Value !== undefined && 'Value',
    Values !== undefined && Values.length > 0 && 'Values',
    StatisticValues !== undefined && 'StatisticValues',
  ].filter((name) => name !== false);
  if (given.length > 1) throw bothGiven(`${path}.${given[0]}`, `${path}.${given[1]}`);
  if (given[0] === 'Value') return pointOfValue(at, unit, checkValue(Value!, `${path}.Value`));
  if (given[0] === 'Values') return pointOfValues(at, unit, readPairs(datum, path));
  if (given[0] === 'StatisticValues')
    return { at, unit, ...readSet(StatisticValues!, `${path}.StatisticValues`) };
  throw noValue(path);
}

function readPairs({ Values = [], Counts }: GivenDatum, path: string): number[] {
  if (Values.length > MOST_VALUES) throw tooMany(`${path}.Values`, MOST_VALUES);
  if (Counts && Counts.length > MOST_VALUES) throw tooMany(`${path}.Counts`, MOST_VALUES);
  if (Counts && Counts.length > 0 && Counts.length !== Values.length)
    throw unequal(`${path}.Values`, `${path}.Counts`);
  return Values.flatMap((value, index) => [
    checkValue(value, `${path}.Values.member.${index + 1}`),
    checkCount(Counts?.[index] ?? 1, `${path}.Counts.member.${index + 1}`),
  ]);
}

function readSet({ SampleCount, Sum, Minimum, Maximum }: StatisticSet, path: string) {
  if (SampleCount === undefined) throw required(`${path}.SampleCount`);
  if (Sum === undefined) throw required(`${path}.Sum`);
  if (Minimum === undefined) throw required(`${path}.Minimum`);
  if (Maximum === undefined) throw required(`${path}.Maximum`);
  const set = {
    count: checkCount(SampleCount, `${path}.SampleCount`),
    sum: checkValue(Sum, `${path}.Sum`),
    minimum: checkValue(Minimum, `${path}.Minimum`),
    maximum: checkValue(Maximum, `${path}.Maximum`),
  };
  if (set.maximum < set.minimum) throw maximumBelowMinimum(path);
  return set;
}

function checkValue(value: number, parameter: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) throw invalid(value, parameter);
  return value;
}

function checkCount(count: number, parameter: string): number {
  if (!Number.isFinite(count) || count <= 0 || count > LARGEST) throw invalid(count, parameter);
  return count;
}
