// What tags may be, and how they are shown. Pure.

import {
  duplicateTagKey,
  notTaggableHere,
  reservedTagKey,
  tagKeyMissing,
  tagKeyTooLong,
  tagValueTooLong,
  tooManyTags,
} from './faults.ts';

const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

export interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

export interface TagSpecification {
  ResourceType?: string | undefined;
  Tags?: GivenTag[] | undefined;
}

export const renderTags = (tags: Record<string, string>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The tags that a creation asks for. Throws for those of another kind of resource, and as checkTags does. */
export function specifiedTags(
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
  byUser: boolean,
): Record<string, string> {
  const given: GivenTag[] = [];
  for (const { ResourceType, Tags } of specifications ?? []) {
    if (ResourceType !== resourceType) throw notTaggableHere(ResourceType ?? 'null');
    given.push(...(Tags ?? []));
  }
  const all = Object.fromEntries(given.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
  if (Object.keys(all).length < given.length) throw duplicateTagKey();
  checkTags(given, all, byUser);
  return all;
}

/**
 * `all` is what the resource would have then. Only Millpond's own services (`byUser` false) may set keys of `aws:`, as CloudFormation
 * does. Throws InvalidParameterValue or TagLimitExceeded.
 */
export function checkTags(given: readonly GivenTag[], all: Record<string, string>, byUser: boolean): void {
  for (const { Key, Value } of given) {
    if (!Key) throw tagKeyMissing();
    if (byUser && Key.startsWith('aws:')) throw reservedTagKey();
    if (Key.length > MAX_KEY_LENGTH) throw tagKeyTooLong(MAX_KEY_LENGTH);
    if (Value !== undefined && Value.length > MAX_VALUE_LENGTH) throw tagValueTooLong(MAX_VALUE_LENGTH);
  }
  // AWS: those of its own are not counted.
  if (Object.keys(all).filter((key) => !key.startsWith('aws:')).length > MAX_TAGS)
    throw tooManyTags(MAX_TAGS);
}

/**
 * AWS: a tag given with a value, even an empty one, goes only if it has that value; no tags at all means every
 * one that is the user's own.
 */
export function withoutTags(
  held: Record<string, string>,
  given: readonly GivenTag[] | undefined,
): Record<string, string> {
  const goes = (key: string, value: string): boolean =>
    given?.length
      ? given.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value))
      : !key.startsWith('aws:');
  return Object.fromEntries(Object.entries(held).filter(([key, value]) => !goes(key, value)));
}
