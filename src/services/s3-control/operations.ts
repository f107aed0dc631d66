// Every operation of S3 Control that Millpond has.

import type { Operations } from '../../wire/service.ts';
import type { Operation, S3Control, Sdk } from './sdk.ts';

const ListTagsForResource: Operation<'ListTagsForResource'> = async ({ tags }, input, context) => ({
  Tags: await tags.list(input, context),
});

const TagResource: Operation<'TagResource'> = async ({ tags }, input, context) => {
  await tags.add(input, context, input.Tags);
  return {};
};

const UntagResource: Operation<'UntagResource'> = async ({ tags }, input, context) => {
  await tags.remove(input, context, input.TagKeys);
  return {};
};

/** By AWS's name. */
export const operations: Operations<Sdk, S3Control> = { ListTagsForResource, TagResource, UntagResource };
