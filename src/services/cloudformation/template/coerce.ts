// Converts evaluated properties to the types of the specification: "6379" from a parameter becomes a number, and 7
// becomes a string. AWS does the same before it calls a provider. A value that does not fit stays, and the provider
// refuses it.

import type { Properties, Value } from '../../../control/resource-type.ts';
import { type PropertySpec, propertyTypes, type ResourceSpec } from '../resource-spec.ts';
import { type Evaluated, type EvaluatedObject, Unknown } from './unknown-value.ts';

/** Without a specification, the properties are returned unchanged. */
export function coerceProperties(spec: ResourceSpec | undefined, properties: Properties): Properties;
export function coerceProperties(
  spec: ResourceSpec | undefined,
  properties: EvaluatedObject,
): EvaluatedObject;
export function coerceProperties(
  spec: ResourceSpec | undefined,
  properties: EvaluatedObject,
): EvaluatedObject {
  return spec ? coerceMembers(properties, spec.properties, spec) : properties;
}

function coerceMembers(
  members: EvaluatedObject,
  properties: Readonly<Record<string, PropertySpec>>,
  spec: ResourceSpec,
): EvaluatedObject {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      Object.hasOwn(properties, name) ? coerceValue(value, properties[name]!.type, spec) : value,
    ]),
  );
}

function coerceValue(value: Evaluated, type: string, spec: ResourceSpec): Evaluated {
  if (value instanceof Unknown || value === null) return value;
  const [only, ...others] = propertyTypes(spec, type);
  // With several alternatives the right one is ambiguous, so the value stays.
  if (!only || others.length > 0) return value;
  switch (only.kind) {
    case 'plain':
      return coercePlain(value, only.name);
    case 'list':
      return (Array.isArray(value) ? value : [value]).map((item) => coerceValue(item, only.item, spec));
    case 'map':
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, part]) => [key, coerceValue(part, only.item, spec)]),
      );
    case 'definition':
      return isObject(value) ? coerceMembers(value, only.properties, spec) : value;
  }
}

const isObject = (value: Evaluated): value is EvaluatedObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);

function coercePlain(value: Evaluated, type: string): Evaluated {
  switch (type) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'integer':
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : value;
    case 'boolean':
      if (typeof value !== 'string') return value;
      return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : value;
    default:
      return value;
  }
}

/** The value if it is an object, else an empty one. */
export const asProperties = (value: Value | undefined): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
