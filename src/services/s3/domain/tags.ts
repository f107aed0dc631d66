// Tags of buckets and objects: how many, how long, none twice.

import {
  type GivenTag,
  listTags,
  type Tagger,
  type Tagging,
  type TagRules,
  taggingBy,
} from '../../../aws/tags.ts';
import { invalidArgument, invalidTag, tooManyTags } from '../faults.ts';
import type { Tag } from './records.ts';

export const MAX_OBJECT_TAGS = 10;
export const MAX_BUCKET_TAGS = 50;

/** Throws InvalidTag or BadRequest. Call it with the tags of an object, or those of a bucket. */
export function checkTags(tags: readonly GivenTag[], most: number, tagger?: Tagger): Tag[] {
  return listTags(taggingOf(most).add({}, tags, tagger));
}

const taggingOf = (most: number): Tagging => (most === MAX_OBJECT_TAGS ? ofObjects : ofBuckets);

const ofObjects = taggingBy(rules(MAX_OBJECT_TAGS, `Object tags cannot be greater than ${MAX_OBJECT_TAGS}`));
const ofBuckets = taggingBy(
  rules(MAX_BUCKET_TAGS, `Bucket tag count cannot be greater than ${MAX_BUCKET_TAGS}`),
);

function rules(most: number, tooMany: string): TagRules {
  return {
    most,
    fault(violation) {
      switch (violation.rule) {
        case 'too many':
          return tooManyTags(tooMany);
        case 'key length':
        case 'key characters':
          return invalidTag('The TagKey you have provided is invalid');
        case 'value length':
        case 'value characters':
          return invalidTag('The TagValue you have provided is invalid');
        case 'reserved':
          return invalidTag('System tags cannot be added/updated by requester');
        case 'given twice':
          return invalidTag('Cannot provide multiple Tags with the same key');
      }
    },
  };
}

/** x-amz-tagging: `a=1&b=2`. Throws as checkTags, or InvalidArgument. */
export function parseTagging(header: string | undefined): Tag[] {
  if (header === undefined || header === '') return [];
  let pairs: GivenTag[];
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
