// What the resource types share: properties as members of the API, attributes, and tags.

import {
  changesOf,
  objectsOf,
  renderTags,
  requiredText,
  tagsOf,
  textOf,
} from '../../../control/resource-properties.ts';
import type { ExistingResource, Properties, Value } from '../../../control/resource-type.ts';
import type { Client } from '../../../wire/client.ts';
import type { AttributeTable } from '../domain/attributes.ts';
import type { Sdk } from '../sdk.ts';

export type ElbClient = Client<Sdk>;

/** AWS: generated names have five characters of the stack's name and five of the logical id: `aws-e-LoadB-1BMCTPB4DLADI`. */
export const GENERATED_NAME = { maxLength: 32, maxEach: 5 };

const NUMBERS = new Set([
  ...['DurationSeconds', 'HealthCheckIntervalSeconds', 'HealthCheckTimeoutSeconds', 'HealthyThresholdCount'],
  ...['Order', 'Priority', 'SessionTimeout', 'TargetControlPort', 'UnhealthyThresholdCount', 'Weight'],
]);
const FLAGS = new Set(['Enabled', 'HealthCheckEnabled', 'UseExistingClientSecret']);

/**
 * These properties as members of the API, which have the same names. A template may give any scalar as text. `Port` is
 * a number, except in redirects.
 */
export function membersOf(properties: Properties, names: readonly string[]): Record<string, unknown> {
  const given = names.filter((name) => properties[name] !== undefined && properties[name] !== null);
  return Object.fromEntries(
    given.map((name) => [
      name,
      name === 'Port' ? Number(properties[name]) : memberOf(name, properties[name]!),
    ]),
  );
}

function memberOf(name: string, value: Value): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => memberOf(name, item));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, memberOf(key, item)]));
  }
  if (NUMBERS.has(name)) return Number(value);
  if (FLAGS.has(name)) return String(value).toLowerCase() === 'true';
  return String(value);
}

/** `[{Key, Value}]` in a property. */
export const attributesIn = (properties: Properties, name: string): { Key: string; Value: string }[] =>
  objectsOf(properties, name).map((each) => ({
    Key: requiredText(each, 'Key'),
    Value: textOf(each, 'Value') ?? '',
  }));

/** The attributes to set: those that the template has no more get their defaults. */
export function attributeChanges(
  { facts }: AttributeTable,
  [before, after]: [before: Properties, after: Properties],
  name: string,
): { Key: string; Value: string }[] {
  const [old, current] = [attributesIn(before, name), attributesIn(after, name)];
  const { gone } = changesOf(old, current, ({ Key }) => Key);
  const defaults = gone.flatMap(({ Key }) => (facts[Key] ? [{ Key, Value: facts[Key].default }] : []));
  return [...current, ...defaults];
}

/** The tags of a new resource, as members of a request; none if there are none. */
export function newTags(request: Parameters<typeof tagsOf>[0]) {
  const Tags = renderTags(tagsOf(request));
  return Tags.length > 0 ? { Tags } : {};
}

/** Gives the resource the tags of the request. */
export async function retag(elb: ElbClient, request: ExistingResource): Promise<void> {
  const ResourceArns = [request.physicalId];
  const wanted = tagsOf(request);
  const { TagDescriptions } = await elb.call('DescribeTags', { ResourceArns }, request.scope);
  const held = TagDescriptions?.[0]?.Tags ?? [];
  const TagKeys = held.map(({ Key }) => Key ?? '').filter((key) => !Object.hasOwn(wanted, key));
  if (TagKeys.length > 0) await elb.call('RemoveTags', { ResourceArns, TagKeys }, request.scope);
  const Tags = renderTags(wanted);
  if (Tags.length > 0) await elb.call('AddTags', { ResourceArns, Tags }, request.scope);
}
