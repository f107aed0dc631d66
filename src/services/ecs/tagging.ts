// The rules for tags of ECS's resources, and their two forms.

import { describeViolation, type GivenTag, type Tagger, type Tags, taggingBy } from '../../aws/tags.ts';
import { invalidTag } from './faults.ts';

const tagging = taggingBy({
  most: 50,
  fault: (violation) => invalidTag(describeViolation(violation)),
});

/** ECS's tags have members in lower case. */
interface LowerTag {
  key?: string | undefined;
  value?: string | undefined;
}

const upper = (tags: readonly LowerTag[] | undefined): GivenTag[] | undefined =>
  tags?.map(({ key, value }) => ({ Key: key, Value: value }));

/** The tags after these are added. Throws InvalidParameterException. */
export const addTags = (
  held: Tags,
  given: readonly LowerTag[] | undefined,
  tagger: Tagger,
): Record<string, string> => tagging.add(held, upper(given), tagger);

/** The tags after these keys are removed. Throws InvalidParameterException. */
export const removeTags = (held: Tags, keys: readonly string[], tagger: Tagger): Record<string, string> =>
  tagging.remove(held, keys, tagger);

/** Set by CloudFormation, which finds by it what an earlier attempt has made. Nobody else sees it. */
export const TOKEN_TAG = 'aws:cloudformation:token';

/** The tags as answers have them. */
export const viewTags = (tags: Tags, { isService }: Tagger = {}): { key: string; value: string }[] =>
  Object.entries(tags)
    .filter(([key]) => isService || key !== TOKEN_TAG)
    .map(([key, value]) => ({ key, value }));
