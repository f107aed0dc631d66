// What tags of parameters may be. Pure.

import { tooManyTags, validation } from './faults.ts';

const MAX_TAGS = 50;

interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** What the parameter would have then. Throws ValidationException or TooManyTagsError. */
export function withTags(
  held: Record<string, string>,
  given: readonly GivenTag[] | undefined,
  byUser: boolean,
): Record<string, string> {
  for (const { Key, Value } of given ?? []) {
    if (!Key || Key.length > 128) throw validation('A tag key must have between 1 and 128 characters.');
    if (byUser && Key.toLowerCase().startsWith('aws:')) {
      throw validation("Tag keys starting with 'aws:' are reserved for internal use.");
    }
    if (Value !== undefined && Value.length > 256)
      throw validation('A tag value may have at most 256 characters.');
  }
  const all = { ...held, ...Object.fromEntries((given ?? []).map(({ Key, Value }) => [Key, Value ?? ''])) };
  if (Object.keys(all).length > MAX_TAGS) throw tooManyTags(MAX_TAGS);
  return all;
}

export const renderTags = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
