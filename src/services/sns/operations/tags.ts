// The tag operations of topics.

import type { Scope } from '../../../aws/scope.ts';
import { listTags, type Tags } from '../../../aws/tags.ts';
import type { Sns } from '../context.ts';
import { readTopicArnIn } from '../domain/names.ts';
import { tagging } from '../domain/tags.ts';
import { resourceNotFound } from '../faults.ts';
import type { Operation } from '../sdk.ts';

/** Throws ResourceNotFound, InvalidParameter, TagLimitExceeded. */
export const TagResource: Operation<'TagResource'> = (sns, input, context) => {
  change(sns, context, input.ResourceArn, (held) => tagging.add(held, input.Tags, context));
  return {};
};

/** Keys that the topic does not have are ignored. Throws ResourceNotFound, InvalidParameter. */
export const UntagResource: Operation<'UntagResource'> = (sns, input, context) => {
  change(sns, context, input.ResourceArn, (held) => tagging.remove(held, input.TagKeys, context));
  return {};
};

/** Throws ResourceNotFound, InvalidParameter. */
export const ListTagsForResource: Operation<'ListTagsForResource'> = (sns, input, context) => ({
  Tags: listTags(find(sns, context, input.ResourceArn).topic.tags),
});

function find(sns: Sns, asked: Scope, arn: string) {
  const { scope, name } = readTopicArnIn(asked, arn, 'ResourceArn');
  const topic = sns.records.topics.find(scope, name);
  if (!topic) throw resourceNotFound();
  return { scope, topic };
}

function change(sns: Sns, asked: Scope, arn: string, edit: (held: Tags) => Record<string, string>): void {
  sns.store.transaction(() => {
    const { scope, topic } = find(sns, asked, arn);
    sns.records.topics.put(scope, { ...topic, tags: edit(topic.tags) });
  });
}
