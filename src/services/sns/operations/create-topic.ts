// CreateTopic is idempotent: it returns the topic that exists, unless its attributes or tags differ from the request.

import { newTopicAttributes } from '../domain/attributes.ts';
import type { Topic } from '../domain/model.ts';
import { checkTopicName, topicArn } from '../domain/names.ts';
import { tagging } from '../domain/tags.ts';
import { invalidParameter, unsupported } from '../faults.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidParameter, TopicLimitExceeded, TagLimitExceeded. */
export const CreateTopic: Operation<'CreateTopic'> = (sns, input, context) => {
  checkTopicName(input.Name);
  if (input.DataProtectionPolicy) throw unsupported('DataProtectionPolicy', 'data protection.');
  const attributes = newTopicAttributes(input.Attributes ?? {});
  const tags = tagging.add({}, input.Tags, context);
  sns.store.transaction(() => {
    const { topics } = sns.records;
    const present = topics.find(context, input.Name);
    if (present) checkSame(present, attributes, tags);
    else topics.add(context, { name: input.Name, attributes, tags, deletedSubscriptions: 0 });
  });
  return { TopicArn: topicArn(context, input.Name) };
};

/** AWS: what the request gives must match the topic. The topic may have more. */
function checkSame(present: Topic, attributes: Record<string, string>, tags: Record<string, string>): void {
  if (Object.entries(attributes).some(([name, value]) => present.attributes[name] !== value)) {
    throw invalidParameter('Attributes', 'Topic already exists with different attributes');
  }
  const isThere = ([key, value]: [string, string]) =>
    Object.hasOwn(present.tags, key) && present.tags[key] === value;
  if (!Object.entries(tags).every(isThere)) {
    throw invalidParameter('Tags', 'Topic already exists with different tags');
  }
}
