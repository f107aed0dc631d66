// The rules for tags of EC2's resources. Pure.

import {
  type GivenTag,
  isReserved,
  LONGEST_KEY,
  LONGEST_VALUE,
  type Tagger,
  type Tags,
  taggingBy,
} from '../../aws/tags.ts';
import {
  duplicateTagKey,
  notTaggableHere,
  reservedTagKey,
  tagKeyMissing,
  tagKeyTooLong,
  tagValueTooLong,
  tooManyTags,
} from './faults.ts';

/** AWS: 50 tags. */
export const tagging = taggingBy({
  most: 50,
  // AWS: EC2 allows any character.
  characters: /^/,
  fault(violation) {
    switch (violation.rule) {
      case 'key length':
        return violation.key === '' ? tagKeyMissing() : tagKeyTooLong(LONGEST_KEY);
      case 'value length':
        return tagValueTooLong(LONGEST_VALUE);
      case 'given twice':
        return duplicateTagKey();
      case 'too many':
        return tooManyTags(violation.most);
      default:
        return reservedTagKey();
    }
  },
});

/** As in requests. */
export interface TagSpecification {
  ResourceType?: string | undefined;
  Tags?: GivenTag[] | undefined;
}

/** The tags of the request. Throws InvalidParameterValue for another type of resource, and the faults of `tagging`. */
export function specifiedTags(
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
  tagger: Tagger,
): Record<string, string> {
  const given: GivenTag[] = [];
  for (const { ResourceType, Tags } of specifications ?? []) {
    if (ResourceType !== resourceType) throw notTaggableHere(ResourceType ?? 'null');
    given.push(...(Tags ?? []));
  }
  return tagging.add({}, given, tagger);
}

/**
 * The tags that remain after DeleteTags. AWS: a tag with a value, even an empty one, is removed only if the values are
 * equal. Without any tags, all tags except AWS's own are removed.
 */
export function withoutTags(
  held: Tags,
  given: readonly GivenTag[] | undefined,
  tagger: Tagger,
): Record<string, string> {
  // Refuses keys that are reserved for AWS.
  tagging.remove(
    held,
    given?.map(({ Key = '' }) => Key),
    tagger,
  );
  const isRemoved = (key: string, value: string): boolean =>
    given?.length
      ? given.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value))
      : !isReserved(key);
  return Object.fromEntries(Object.entries(held).filter(([key, value]) => !isRemoved(key, value)));
}
