// The identity of a metric: its namespace, name and dimensions, in any order. Pure.

import { invalid, required, sameDimensionTwice } from '../faults.ts';

/** Sorted by name. */
export type Dimensions = readonly (readonly [name: string, value: string])[];

/** What makes a metric unique within an account and region. */
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

/** Returns the namespace. Throws InvalidParameterValue. */
export function checkNamespace(namespace: string, parameter = 'Namespace'): string {
  if (!PRINTABLE.test(namespace)) throw invalid(namespace, parameter);
  return namespace;
}

/** Returns the name. Throws InvalidParameterValue. */
export function checkMetricName(name: string, parameter = 'MetricName'): string {
  if (!PRINTABLE.test(name)) throw invalid(name, parameter);
  return name;
}

/**
 * Returns the dimensions sorted. Throws InvalidParameterValue, or MissingParameter for a dimension without a name or
 * value.
 */
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

/** Equal for equal identities. Its separator, the line break, occurs in no part of an identity. */
export function identityKey({ namespace, name, dimensions }: MetricIdentity): string {
  let key = `${namespace}\n${name}`;
  for (const [dimension, value] of dimensions) key += `\n${dimension}\n${value}`;
  return key;
}

/** The inverse of `identityKey`. */
export function identityOfKey(key: string): MetricIdentity {
  const [namespace, name, ...rest] = key.split('\n') as [string, string, ...string[]];
  const dimensions: [string, string][] = [];
  for (let index = 0; index < rest.length; index += 2) dimensions.push([rest[index]!, rest[index + 1]!]);
  return { namespace, name, dimensions };
}

/** As in responses. */
export const renderDimensions = (dimensions: Dimensions): { Name: string; Value: string }[] =>
  dimensions.map(([Name, Value]) => ({ Name, Value }));
