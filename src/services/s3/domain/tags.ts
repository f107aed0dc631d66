// Tags of buckets and objects: how many, how long, none twice.

import { invalidArgument, invalidTag, tooManyTags } from '../faults.ts';
import type { Tag } from './records.ts';

export const MAX_OBJECT_TAGS = 10;
export const MAX_BUCKET_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

interface MaybeTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** Throws InvalidTag or BadRequest. */
export function checkTags(tags: readonly MaybeTag[], maxTags: number): Tag[] {
  if (tags.length > maxTags) {
    throw tooManyTags(
      maxTags === MAX_OBJECT_TAGS
        ? `Object tags cannot be greater than ${maxTags}`
        : `Bucket tag count cannot be greater than ${maxTags}`,
    );
  }
  const seen = new Set<string>();
  return tags.map(({ Key = '', Value = '' }) => {
    if (Key === '' || Key.length > MAX_KEY || !ALLOWED.test(Key))
      throw invalidTag('The TagKey you have provided is invalid');
    if (Value.length > MAX_VALUE || !ALLOWED.test(Value))
      throw invalidTag('The TagValue you have provided is invalid');
    if (Key.toLowerCase().startsWith('aws:'))
      throw invalidTag('System tags cannot be added/updated by requester');
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key');
    seen.add(Key);
    return { Key, Value };
  });
}

/** x-amz-tagging: `a=1&b=2`. Throws as checkTags, or InvalidArgument. */
export function parseTagging(header: string | undefined): Tag[] {
  if (header === undefined || header === '') return [];
  let pairs: MaybeTag[];
  try {
    pairs = header.split('&').map((pair) => {
      const [key = '', value = ''] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent);
      return { Key: key, Value: value };
    });
  } catch {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header.slice(0, 1024),
    );
  }
  return checkTags(pairs, MAX_OBJECT_TAGS);
}
