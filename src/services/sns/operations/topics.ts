// DeleteTopic, ListTopics, and the attributes of topics.

import { checkTopicAttribute, viewTopicAttributes } from '../domain/attributes.ts';
import { readTopicArnIn, topicArn } from '../domain/names.ts';
import { page } from '../paging.ts';
import { subscriptionKey } from '../records.ts';
import { findTopic, type Operation, type Sns, subscriptionsOf } from '../sns.ts';

/** AWS: one that is not there counts as deleted; its subscriptions go with it. */
export const deleteTopic =
  (sns: Sns): Operation<'DeleteTopic'> =>
  (input, context) => {
    const { scope, name } = readTopicArnIn(context, input.TopicArn);
    sns.store.transaction(() => {
      for (const { id } of subscriptionsOf(sns, scope, name)) {
        sns.records.subscriptions.delete(scope, subscriptionKey(name, id));
      }
      sns.records.topics.delete(scope, name);
    });
    return {};
  };

export const listTopics =
  (sns: Sns): Operation<'ListTopics'> =>
  (input, context) => {
    const { items, ...next } = page(sns.records.topics.list(context), ({ name }) => name, input.NextToken);
    return { Topics: items.map(({ name }) => ({ TopicArn: topicArn(context, name) })), ...next };
  };

export const getTopicAttributes =
  (sns: Sns): Operation<'GetTopicAttributes'> =>
  (input, context) => {
    const { scope, topic } = findTopic(sns, context, input.TopicArn);
    const all = subscriptionsOf(sns, scope, topic.name);
    const pending = all.filter((one) => one.pending !== undefined).length;
    return {
      Attributes: viewTopicAttributes(scope, topic, { pending, confirmed: all.length - pending }),
    };
  };

export const setTopicAttributes =
  (sns: Sns): Operation<'SetTopicAttributes'> =>
  (input, context) => {
    const value = input.AttributeValue ?? '';
    checkTopicAttribute(input.AttributeName, value);
    sns.store.transaction(() => {
      const { scope, topic } = findTopic(sns, context, input.TopicArn);
      if (value === '') delete topic.attributes[input.AttributeName];
      else topic.attributes[input.AttributeName] = value;
      sns.records.topics.put(scope, topic.name, topic);
    });
    return {};
  };
