// What names a metric: its namespace, its name and its dimensions, of which the order means nothing. Pure.

import { invalid, required, sameDimensionTwice } from '../faults.ts';

/** Sorted by name. */
export type Dimensions = readonly (readonly [name: string, value: string])[];

export interface MetricIdentity {
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

interface GivenDimension {
  Name?: string | undefined;
  Value?: string | undefined;
}

const PRINTABLE = /^[ -~]+$/;

/** Throws InvalidParameterValue. */
export function checkNamespace(namespace: string, parameter = 'Namespace'): string {
  if (!PRINTABLE.test(namespace)) throw invalid(namespace, parameter);
  return namespace;
}

/** Throws InvalidParameterValue. */
export function checkMetricName(name: string, parameter = 'MetricName'): string {
  if (!PRINTABLE.test(name)) throw invalid(name, parameter);
  return name;
}

/** Sorted. Throws InvalidParameterValue, and MissingParameter for one without a value. */
export function readDimensions(
  given: readonly GivenDimension[] | undefined,
  parameter = 'Dimensions',
): Dimensions {
  if (!given || given.length === 0) return [];
  const pairs = given.map(({ Name, Value }, index) => {
    const at = `${parameter}.member.${index + 1}`;
    if (Name === undefined) throw required(`${at}.Name`);
    if (Value === undefined) throw required(`${at}.Value`);
    if (Name.startsWith(':') || !PRINTABLE.test(Name)) throw invalid(Name, `${at}.Name`);
    if (!PRINTABLE.test(Value) || Value.trim() === '') throw invalid(Value, `${at}.Value`);
    return [Name, Value] as const;
  });
  if (pairs.length === 1) return pairs;
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (pairs.some(([name], index) => name === pairs[index - 1]?.[0])) throw sameDimensionTwice(parameter);
  return pairs;
}

/** Two metrics are the same when this is; a line's end is in none of its parts. */
export function identityKey({ namespace, name, dimensions }: MetricIdentity): string {
  let key = `${namespace}\n${name}`;
  for (const [dimension, value] of dimensions) key += `\n${dimension}\n${value}`;
  return key;
}

export function identityOfKey(key: string): MetricIdentity {
  const [namespace, name, ...rest] = key.split('\n') as [string, string, ...string[]];
  const dimensions: [string, string][] = [];
  for (let index = 0; index < rest.length; index += 2) dimensions.push([rest[index]!, rest[index + 1]!]);
  return { namespace, name, dimensions };
}

export const renderDimensions = (dimensions: Dimensions): { Name: string; Value: string }[] =>
  dimensions.map(([Name, Value]) => ({ Name, Value }));
