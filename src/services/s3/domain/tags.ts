// The tag rules of buckets and objects, and S3's errors. Pure.

import {
  type GivenTag,
  listTags,
  type Tagger,
  type Tagging,
  type TagRules,
  taggingBy,
} from '../../../aws/tags.ts';
import { invalidArgument, invalidTag, tooManyTags } from '../faults/requests.ts';
import type { Tag } from './records.ts';

/** AWS: the most tags of an object. */
export const MAX_OBJECT_TAGS = 10;
/** AWS: the most tags of a bucket. */
export const MAX_BUCKET_TAGS = 50;

/** Validates the tags of an object (`most` is MAX_OBJECT_TAGS) or of a bucket. Throws InvalidTag, BadRequest. */
export function checkTags(tags: readonly GivenTag[], most: number, tagger?: Tagger): Tag[] {
  return listTags(taggingOf(most).add({}, tags, tagger));
}

const taggingOf = (most: number): Tagging => (most === MAX_OBJECT_TAGS ? ofObjects : ofBuckets);

const ofObjects = taggingBy(
  rules(
    MAX_OBJECT_TAGS,
    `Object tags cannot be greater than ${MAX_OBJECT_TAGS}`,
    'Your TagKey cannot be prefixed with aws:',
  ),
);
const ofBuckets = taggingBy(
  rules(
    MAX_BUCKET_TAGS,
    `Bucket tag count cannot be greater than ${MAX_BUCKET_TAGS}`,
    'System tags cannot be added/updated by requester',
  ),
);

function rules(most: number, tooMany: string, reserved: string): TagRules {
  return {
    most,
    fault(violation) {
      switch (violation.rule) {
        case 'too many':
          return tooManyTags(tooMany);
        case 'key length':
        case 'key characters':
          return invalidTag('The TagKey you have provided is invalid', shown(violation.key));
        case 'value length':
        case 'value characters':
          return invalidTag(
            'The TagValue you have provided is invalid',
            shown(violation.key),
            shown(violation.value),
          );
        case 'reserved':
          return invalidTag(reserved, shown(violation.key));
        case 'given twice':
          return invalidTag('Cannot provide multiple Tags with the same key', shown(violation.key));
      }
    },
  };
}

/** Errors show the given text, shortened. */
const shown = (text: string): string => text.slice(0, 1024);

/** Parses the header x-amz-tagging: `a=1&b=2`. Throws as `checkTags`, and InvalidArgument if it is malformed. */
export function parseTagging(header: string | undefined): Tag[] {
  if (header === undefined || header === '') return [];
  let pairs: GivenTag[];
  try {
    pairs = header
      .split('&', MOST_PAIRS)
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [key = '', value = '', ...more] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent);
        if (more.length > 0) throw new URIError('more than one =');
        return { Key: key, Value: value };
      });
  } catch {
    throw unreadable(header);
  }
  // AWS: a header with a duplicate key is malformed.
  if (new Set(pairs.map(({ Key }) => Key)).size < pairs.length) throw unreadable(header);
  return checkTags(pairs, MAX_OBJECT_TAGS);
}

/** More than an object can have, so that too many are still detected. */
const MOST_PAIRS = 64;

const unreadable = (header: string) =>
  invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    'x-amz-tagging',
    shown(header),
  );
