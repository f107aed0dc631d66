// What tags of log groups may be. Pure.

import { invalid, tooManyTags } from './faults.ts';

const MAX_TAGS = 50;

/** Throws InvalidParameterException or TooManyTagsException. */
export function withTags(
  held: Record<string, string>,
  given: Record<string, string> | undefined,
): Record<string, string> {
  for (const [key, value] of Object.entries(given ?? {})) {
    if (key === '' || key.length > 128) throw invalid('A tag key must have between 1 and 128 characters.');
    if (value.length > 256) throw invalid('A tag value may have at most 256 characters.');
  }
  const all = { ...held, ...given };
  if (Object.keys(all).length > MAX_TAGS) throw tooManyTags(MAX_TAGS);
  return all;
}

export const withoutTags = (held: Record<string, string>, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(held).filter(([key]) => !keys.includes(key)));
