// What EC2 says of tags. Pure.

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

export const tagging = taggingBy({
  most: 50,
  // AWS: EC2 takes any character.
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

export interface TagSpecification {
  ResourceType?: string | undefined;
  Tags?: GivenTag[] | undefined;
}

/** The tags that a creation asks for. Throws for those of another kind of resource, and as tagging does. */
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
 * AWS: a tag given with a value, even an empty one, goes only if it has that value; no tags at all means every
 * one that is the user's own.
 */
export function withoutTags(
  held: Tags,
  given: readonly GivenTag[] | undefined,
  tagger: Tagger,
): Record<string, string> {
  // Refuses keys that are AWS's own.
  tagging.remove(
    held,
    given?.map(({ Key = '' }) => Key),
    tagger,
  );
  const goes = (key: string, value: string): boolean =>
    given?.length
      ? given.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value))
      : !isReserved(key);
  return Object.fromEntries(Object.entries(held).filter(([key, value]) => !goes(key, value)));
}
