// Evaluated properties as their types want them: a parameter gives "6379" where a number is wanted, and 7 where text
// is. AWS does the same before it calls a resource's provider; what does not fit is left for the provider to refuse.

import type { Properties, Value } from '../../../control/resource-type.ts';
import { type PropertySpec, propertyTypes, type ResourceSpec } from '../resource-spec.ts';
import { type Evaluated, type EvaluatedObject, Unknown } from './unknown-value.ts';

/** Without a specification everything stays as it is. */
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
  // Either of several: only what leaves no doubt is touched.
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

export const asProperties = (value: Value | undefined): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
