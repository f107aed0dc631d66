// Session tags. Nothing evaluates them. Transitive tags pass to sessions that are started from a session, and cannot
// be given again there. Pure.

import { describeViolation, type GivenTags, type Tags, taggingBy } from '../../aws/tags.ts';
import {
  duplicateTags,
  invalidValue,
  tooMuchPacked,
  transitiveKeyMissing,
  transitiveKeyTaken,
} from './faults.ts';

const tagging = taggingBy({
  most: 50,
  keysIgnoreCase: true,
  fault: (violation) =>
    violation.rule === 'given twice' ? duplicateTags() : invalidValue(describeViolation(violation)),
});

/** The tags that the new session passes on. `inherited`: those of the calling session. Throws InvalidParameterValue. */
export function transitiveTags(
  inherited: Tags,
  { Tags: given, TransitiveTagKeys: keys = [] }: { Tags?: GivenTags; TransitiveTagKeys?: readonly string[] },
): Tags {
  const tags = new Map(Object.entries(tagging.add({}, given)).map((tag) => [tag[0].toLowerCase(), tag]));
  const own = keys.map((key) => {
    const tag = tags.get(key.toLowerCase());
    if (!tag) throw transitiveKeyMissing();
    return tag;
  });
  if (Object.keys(inherited).some((key) => tags.has(key.toLowerCase()))) throw transitiveKeyTaken();
  return Object.fromEntries([...Object.entries(inherited), ...own]);
}

/** AWS: does not publish how it packs. Millpond measures the JSON text, against the size of a session token. */
const MOST_PACKED_BYTES = 2_048;

/** In per cent of the maximum; `undefined` if there is nothing to pack. Throws PackedPolicyTooLarge. */
export function packedSize(parts: object): number | undefined {
  const text = JSON.stringify(parts);
  if (text === '{}') return undefined;
  const percent = Math.ceil((Buffer.byteLength(text) / MOST_PACKED_BYTES) * 100);
  if (percent > 100) throw tooMuchPacked(percent);
  return percent;
}
