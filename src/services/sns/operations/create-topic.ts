// CreateTopic: the same again gives the same topic; with other attributes or tags it is refused.

import { checkTopicAttribute } from '../domain/attributes.ts';
import type { Topic } from '../domain/model.ts';
import { checkTopicName, topicArn } from '../domain/names.ts';
import { tagging } from '../domain/tags.ts';
import { invalidParameter, topicLimitExceeded, unsupported } from '../faults.ts';
import type { Operation, Sns } from '../sns.ts';

const MOST_TOPICS = 10_000;

export const createTopic =
  (sns: Sns): Operation<'CreateTopic'> =>
  (input, context) => {
    checkTopicName(input.Name);
    if (input.DataProtectionPolicy) throw unsupported('DataProtectionPolicy', 'data protection.');
    const attributes = attributesOf(input.Attributes ?? {});
    const tags = tagging.add({}, input.Tags, context);
    sns.store.transaction(() => {
      const present = sns.records.topics.get(context, input.Name);
      if (present) return checkSame(present, attributes, input.Tags ? tags : undefined);
      const { topics } = sns.records;
      if (topics.count(context) >= MOST_TOPICS) throw topicLimitExceeded();
      topics.put(context, input.Name, { name: input.Name, attributes, tags, deletedSubscriptions: 0 });
    });
    return { TopicArn: topicArn(context, input.Name) };
  };

function attributesOf(given: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(given)) checkTopicAttribute(name, value);
  const kept = Object.entries(given).filter(([name, value]) => value !== '' && name !== 'FifoTopic');
  return Object.fromEntries(kept);
}

function checkSame(
  present: Topic,
  attributes: Record<string, string>,
  tags: Record<string, string> | undefined,
): void {
  if (Object.entries(attributes).some(([name, value]) => present.attributes[name] !== value)) {
    throw invalidParameter('Attributes', 'Topic already exists with different attributes');
  }
  const differ = (one: Record<string, string>, other: Record<string, string>) =>
    Object.entries(one).some(([key, value]) => !Object.hasOwn(other, key) || other[key] !== value);
  if (tags && (differ(tags, present.tags) || differ(present.tags, tags))) {
    throw invalidParameter('Tags', 'Topic already exists with different tags');
  }
}
