// DeleteTopic, ListTopics, and the attributes of topics.

import type { Scope } from '../../../aws/scope.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import { findTopic, type Sns } from '../context.ts';
import { checkTopicAttribute, viewTopicAttributes } from '../domain/attributes.ts';
import { readTopicArnIn, topicArn } from '../domain/names.ts';
import { pageRequest, topicPages } from '../paging.ts';
import { subscriptionKey } from '../records.ts';
import type { Operation } from '../sdk.ts';

const DELETED_AT_ONCE = 100;

/** Deletes a topic and its subscriptions. AWS: a topic that does not exist is not an error. */
export const DeleteTopic: Operation<'DeleteTopic'> = async (sns, input, context) => {
  const { scope, name } = readTopicArnIn(context, input.TopicArn);
  while (!sns.store.transaction(() => deleteSome(sns, scope, name))) await turnEnd();
  return {};
};

/**
 * Deletes some of the topic's subscriptions, and the topic with the last of them. Returns true once the topic is
 * deleted.
 */
function deleteSome({ records: { topics, subscriptions } }: Sns, scope: Scope, name: string): boolean {
  const some = subscriptions.list(scope, { prefix: subscriptionKey(name, ''), limit: DELETED_AT_ONCE });
  for (const { id } of some) subscriptions.remove(scope, subscriptionKey(name, id));
  if (some.length === DELETED_AT_ONCE) return false;
  topics.remove(scope, name);
  return true;
}

/** The topics of the account in this region, by name. */
export const ListTopics: Operation<'ListTopics'> = async (sns, input, context) => {
  const { items, token } = await topicPages.ofCollection(sns.records.topics, context, pageRequest(input));
  return {
    Topics: items.map(({ name }) => ({ TopicArn: topicArn(context, name) })),
    ...(token && { NextToken: token }),
  };
};

/** Throws InvalidParameter, NotFound. */
export const GetTopicAttributes: Operation<'GetTopicAttributes'> = (sns, input, context) => {
  const { scope, topic } = findTopic(sns, context, input.TopicArn);
  const { subscriptions } = sns.records;
  const pending = subscriptions.countBy(scope, 'pending', topic.name);
  const confirmed = subscriptions.countBy(scope, 'topic', topic.name) - pending;
  return {
    Attributes: viewTopicAttributes(scope, topic, { pending, confirmed }),
  };
};

/** An empty value removes the attribute. Throws InvalidParameter, NotFound. */
export const SetTopicAttributes: Operation<'SetTopicAttributes'> = (sns, input, context) => {
  const value = input.AttributeValue ?? '';
  checkTopicAttribute(input.AttributeName, value);
  sns.store.transaction(() => {
    const { scope, topic } = findTopic(sns, context, input.TopicArn);
    if (value === '') delete topic.attributes[input.AttributeName];
    else topic.attributes[input.AttributeName] = value;
    sns.records.topics.put(scope, topic);
  });
  return {};
};
