// Tags of topics.

import { listTags, type Tags } from '../../../aws/tags.ts';
import type { Scope } from '../../../kernel/scope.ts';
import { readTopicArn } from '../domain/names.ts';
import { tagging } from '../domain/tags.ts';
import { resourceNotFound } from '../faults.ts';
import type { Operation, Sns } from '../sns.ts';

export const tagResource =
  (sns: Sns): Operation<'TagResource'> =>
  (input, context) => {
    change(sns, input.ResourceArn, (held) => tagging.add(held, input.Tags, context));
    return {};
  };

export const untagResource =
  (sns: Sns): Operation<'UntagResource'> =>
  (input, context) => {
    change(sns, input.ResourceArn, (held) => tagging.remove(held, input.TagKeys, context));
    return {};
  };

export const listTagsForResource =
  (sns: Sns): Operation<'ListTagsForResource'> =>
  (input) => ({ Tags: listTags(find(sns, input.ResourceArn).topic.tags) });

function find(sns: Sns, arn: string) {
  const { scope, name }: { scope: Scope; name: string } = readTopicArn(arn, 'ResourceArn');
  const topic = sns.records.topics.get(scope, name);
  if (!topic) throw resourceNotFound();
  return { scope, topic };
}

function change(sns: Sns, arn: string, edit: (held: Tags) => Record<string, string>): void {
  sns.store.transaction(() => {
    const { scope, topic } = find(sns, arn);
    sns.records.topics.put(scope, topic.name, { ...topic, tags: edit(topic.tags) });
  });
}
