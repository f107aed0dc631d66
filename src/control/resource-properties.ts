// Reading the properties of a resource, which a template may give as text.

import { isReserved } from '../aws/tags.ts';
import type { Properties, ResourceRequest, Value } from './resource-type.ts';

const isAbsent = (value: Value | undefined): value is null | undefined =>
  value === undefined || value === null;

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'object') throw new Error(`Value of property ${name} must be of type String`);
  return String(value);
}

/** Rejects what is absent, with CloudFormation's words. */
export function requiredText(properties: Properties, name: string): string {
  const text = textOf(properties, name);
  if (text === undefined) throw new Error(`Properties validation failed: required key [${name}] not found`);
  return text;
}

export function numberOf(properties: Properties, name: string): number | undefined {
  const text = textOf(properties, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new Error(`Value of property ${name} must be a number`);
  return number;
}

export function flagOf(properties: Properties, name: string): boolean | undefined {
  const text = textOf(properties, name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false')
    throw new Error(`Value of property ${name} must be of type Boolean`);
  return text === 'true';
}

export function listOf(properties: Properties, name: string): string[] | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  // AWS: a single value stands for a list of one.
  if (typeof value !== 'object') return [String(value)];
  if (!Array.isArray(value)) throw new Error(`Value of property ${name} must be of type List of String`);
  return value.filter((item) => !isAbsent(item)).map(String);
}

/** An object in the API is one in the template: text of JSON does not stand for it. */
export function objectOf(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new Error(`Value of property ${name} must be an object`);
}

export function objectsOf(properties: Properties, name: string): Properties[] {
  const value = properties[name];
  if (isAbsent(value)) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item;
    throw new Error(`Value of property ${name} must be a list of objects`);
  });
}

/** A document that a template may give as JSON text or as an object. */
export function documentOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Those of the resource, `[{Key, Value}]` or `{key: value}`, above the stack's own. AWS: its own prefix is refused,
 * which a service would not do for a request of CloudFormation's.
 */
export function tagsOf({
  properties,
  tags,
}: Pick<ResourceRequest, 'properties' | 'tags'>): Record<string, string> {
  const own = properties.Tags;
  if (isAbsent(own)) return { ...tags };
  const pairs = Array.isArray(own)
    ? objectsOf(properties, 'Tags').map(
        (tag) => [requiredText(tag, 'Key'), textOf(tag, 'Value') ?? ''] as const,
      )
    : Object.entries(own).map(([key, value]) => [key, String(value ?? '')] as const);
  if (pairs.some(([key]) => isReserved(key))) {
    throw new Error('aws: prefixed tag key names are not allowed for external use.');
  }
  return { ...tags, ...Object.fromEntries(pairs) };
}

export { listTags as renderTags } from '../aws/tags.ts';

/** What goes and what comes between two lists. */
export function changesOf<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): { gone: T[]; come: T[] } {
  const [old, young] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    gone: before.filter((item) => !young.has(keyOf(item))),
    come: after.filter((item) => !old.has(keyOf(item))),
  };
}
