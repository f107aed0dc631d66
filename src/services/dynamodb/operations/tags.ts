// TagResource, UntagResource and ListTagsOfResource.

import { listTags, type Tags } from '../../../aws/tags.ts';
import type { DynamoDb } from '../context.ts';
import { invalidParameter } from '../faults/validation.ts';
import type { Operation } from '../sdk.ts';
import { tableWithArn } from '../table-names.ts';
import { tagging } from '../table-tags.ts';

export const TagResource: Operation<'TagResource'> = (dynamodb, input, context) => {
  if (input.Tags.length === 0) throw invalidParameter('Atleast one Tag needs to be provided as Input.');
  changeTags(dynamodb, input.ResourceArn, (tags) => tagging.add(tags, input.Tags, context));
  return {};
};

export const UntagResource: Operation<'UntagResource'> = (dynamodb, input, context) => {
  if (input.TagKeys.length === 0)
    throw invalidParameter('Atleast one Tag Key needs to be provided as Input.');
  changeTags(dynamodb, input.ResourceArn, (tags) => tagging.remove(tags, input.TagKeys, context));
  return {};
};

/** A table has at most fifty tags and those of CloudFormation, so one page has them all. */
export const ListTagsOfResource: Operation<'ListTagsOfResource'> = ({ storage }, input) => {
  if (input.NextToken) throw invalidParameter('Invalid NextToken provided as input' /* own */);
  return { Tags: listTags(tableWithArn(storage.tables, input.ResourceArn).record.tags) };
};

function changeTags(
  { storage }: DynamoDb,
  arn: string,
  change: (tags: Tags) => Record<string, string>,
): void {
  const table = tableWithArn(storage.tables, arn);
  const tags = change(table.record.tags);
  storage.transaction(() => storage.tables.put(table, { ...table.record, tags }));
}
