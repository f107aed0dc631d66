// Reads the properties of a resource. A template may give any scalar as a string. Each function returns `undefined` for
// an absent property unless it says otherwise, and throws with CloudFormation's text when the value has the wrong type.

import { describeViolation, isReserved } from '../aws/tags.ts';
import type { Properties, ResourceRequest, Value } from './resource-type.ts';

const isAbsent = (value: Value | undefined): value is null | undefined =>
  value === undefined || value === null;

/** A scalar as a string. */
export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'object') throw new Error(`Value of property ${name} must be of type String`);
  return String(value);
}

/** Like `textOf`; throws when the property is absent. */
export function requiredText(properties: Properties, name: string): string {
  const text = textOf(properties, name);
  if (text === undefined) throw new Error(`Properties validation failed: required key [${name}] not found`);
  return text;
}

/** A number, or a string that is one. */
export function numberOf(properties: Properties, name: string): number | undefined {
  const text = textOf(properties, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new Error(`Value of property ${name} must be a number`);
  return number;
}

/** A boolean, or `true` or `false` in any case. */
export function flagOf(properties: Properties, name: string): boolean | undefined {
  const text = textOf(properties, name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false')
    throw new Error(`Value of property ${name} must be of type Boolean`);
  return text === 'true';
}

/** A list of strings, without absent items. */
export function listOf(properties: Properties, name: string): string[] | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  // AWS: a single value is treated as a list of one item.
  if (typeof value !== 'object') return [String(value)];
  if (!Array.isArray(value)) throw new Error(`Value of property ${name} must be of type List of String`);
  return value.filter((item) => !isAbsent(item)).map(String);
}

/** An object. AWS: JSON text is not accepted in its place. */
export function objectOf(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new Error(`Value of property ${name} must be an object`);
}

/** A list of objects; a single object is a list of one, and an absent property is an empty list. */
export function objectsOf(properties: Properties, name: string): Properties[] {
  const value = properties[name];
  if (isAbsent(value)) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item;
    throw new Error(`Value of property ${name} must be a list of objects`);
  });
}

/** A JSON document as text. A template may give it as text or as an object. */
export function documentOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (isAbsent(value)) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Like `documentOf`; throws when the property is absent. */
export const requiredDocument = (properties: Properties, name: string): string =>
  documentOf(properties, name) ?? requiredText(properties, name);

/**
 * The stack's tags with those of the property `Tags`, `[{Key, Value}]` or `{key: value}`, which override them. AWS: a
 * tag of the template cannot begin with `aws:`. CloudFormation checks it, because services accept that prefix from it.
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
  const reserved = pairs.find(([key]) => isReserved(key));
  if (reserved) throw new Error(describeViolation({ rule: 'reserved', key: reserved[0] }));
  return { ...tags, ...Object.fromEntries(pairs) };
}

export { listTags as renderTags } from '../aws/tags.ts';

/** The items that are only in `before` (`gone`) and only in `after` (`come`). */
export function changesOf<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): { gone: T[]; come: T[] } {
  const [old, current] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    gone: before.filter((item) => !current.has(keyOf(item))),
    come: after.filter((item) => !old.has(keyOf(item))),
  };
}
