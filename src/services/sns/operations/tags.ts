// Tags of topics.

import type { Scope } from '../../../kernel/scope.ts';
import { readTopicArn } from '../domain/names.ts';
import { renderTags, withTags } from '../domain/tags.ts';
import { resourceNotFound } from '../faults.ts';
import type { Operation, Sns } from '../sns.ts';

export const tagResource =
  (sns: Sns): Operation<'TagResource'> =>
  (input, context) => {
    const byUser = context.accessKeyId !== undefined;
    change(sns, input.ResourceArn, (tags) => withTags(tags, input.Tags, byUser));
    return {};
  };

export const untagResource =
  (sns: Sns): Operation<'UntagResource'> =>
  (input) => {
    const gone = new Set(input.TagKeys);
    change(sns, input.ResourceArn, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
    );
    return {};
  };

export const listTagsForResource =
  (sns: Sns): Operation<'ListTagsForResource'> =>
  (input) => ({ Tags: renderTags(find(sns, input.ResourceArn).topic.tags) });

function find(sns: Sns, arn: string) {
  const { scope, name }: { scope: Scope; name: string } = readTopicArn(arn, 'ResourceArn');
  const topic = sns.records.topics.get(scope, name);
  if (!topic) throw resourceNotFound();
  return { scope, topic };
}

function change(sns: Sns, arn: string, edit: (tags: Record<string, string>) => Record<string, string>): void {
  sns.store.transaction(() => {
    const { scope, topic } = find(sns, arn);
    sns.records.topics.put(scope, topic.name, { ...topic, tags: edit(topic.tags) });
  });
}
