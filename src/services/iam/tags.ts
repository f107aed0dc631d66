// What tags of IAM's entities may be. Pure. AWS: keys differ by more than case.

import { invalidInput, limitExceeded } from './faults.ts';

const MAX_TAGS = 50;

interface GivenTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** Throws InvalidInput or LimitExceeded. */
export function withTags(
  held: Record<string, string>,
  given: readonly GivenTag[] | undefined,
): Record<string, string> {
  const all = { ...held };
  const seen = new Set<string>();
  for (const { Key, Value } of given ?? []) {
    if (!Key || Key.length > 128) throw invalidInput('A tag key must have between 1 and 128 characters.');
    if (Value !== undefined && Value.length > 256)
      throw invalidInput('A tag value may have at most 256 characters.');
    const folded = Key.toLowerCase();
    if (seen.has(folded)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(folded);
    for (const key of Object.keys(all)) if (key.toLowerCase() === folded) delete all[key];
    all[Key] = Value ?? '';
  }
  if (Object.keys(all).length > MAX_TAGS) throw limitExceeded('TagsPerResource', MAX_TAGS);
  return all;
}

export const withoutTags = (
  held: Record<string, string>,
  keys: readonly string[],
): Record<string, string> => {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(held).filter(([key]) => !gone.has(key.toLowerCase())));
};

export const renderTags = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
