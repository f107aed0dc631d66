// Unsubscribe, the lists of subscriptions, and the attributes of subscriptions.

import type { Scope } from '../../../aws/scope.ts';
import { findSubscription, findTopic, isAnonymous, type Sns } from '../context.ts';
import {
  readSubscriptionAttribute,
  shownEndpoint,
  viewSubscriptionAttributes,
} from '../domain/attributes.ts';
import type { Subscription } from '../domain/model.ts';
import { readSubscriptionArn, subscriptionArn, topicArn } from '../domain/names.ts';
import { signatureWanted } from '../faults.ts';
import { filterIn } from '../filter/policy.ts';
import { pageRequest, subscriptionPages } from '../paging.ts';
import { subscriptionKey } from '../records.ts';
import type { Operation } from '../sdk.ts';

/** AWS: a subscription that does not exist is not an error. Throws InvalidParameter, AuthorizationError. */
export const Unsubscribe: Operation<'Unsubscribe'> = (sns, input, context) => {
  const { scope, topicName, id } = readSubscriptionArn(input.SubscriptionArn);
  const { subscriptions, topics } = sns.records;
  sns.store.transaction(() => {
    const key = subscriptionKey(topicName, id);
    const subscription = subscriptions.find(scope, key);
    if (!subscription) return;
    // AWS: the link in a message needs no signature, unless the confirmation set AuthenticateOnUnsubscribe.
    if (subscription.wasAuthenticated && isAnonymous(context)) {
      throw signatureWanted('Unsubscribe', input.SubscriptionArn);
    }
    subscriptions.remove(scope, key);
    const topic = topics.find(scope, topicName);
    if (topic) topics.put(scope, { ...topic, deletedSubscriptions: topic.deletedSubscriptions + 1 });
  });
  return {};
};

const view = (scope: Scope, subscription: Subscription) => ({
  SubscriptionArn: subscription.pending ? 'PendingConfirmation' : subscriptionArn(scope, subscription),
  Owner: scope.accountId,
  Protocol: subscription.protocol,
  Endpoint: shownEndpoint(subscription),
  TopicArn: topicArn(scope, subscription.topicName),
});

/** All subscriptions of the account in this region, by topic. */
export const ListSubscriptions: Operation<'ListSubscriptions'> = (sns, input, context) =>
  listed(sns, context, input);

/** Throws InvalidParameter, NotFound. */
export const ListSubscriptionsByTopic: Operation<'ListSubscriptionsByTopic'> = (sns, input, context) => {
  const { scope, topic } = findTopic(sns, context, input.TopicArn);
  return listed(sns, scope, input, subscriptionKey(topic.name, ''));
};

async function listed(sns: Sns, scope: Scope, input: { NextToken?: string | undefined }, prefix = '') {
  const request = { ...pageRequest(input), prefix };
  const { items, token } = await subscriptionPages.ofCollection(sns.records.subscriptions, scope, request);
  return { Subscriptions: items.map((one) => view(scope, one)), ...(token && { NextToken: token }) };
}

/** Throws InvalidParameter, NotFound. */
export const GetSubscriptionAttributes: Operation<'GetSubscriptionAttributes'> = (sns, input, context) => {
  const { scope, subscription } = findSubscription(sns, context, input.SubscriptionArn);
  const topic = sns.records.topics.find(scope, subscription.topicName);
  return {
    Attributes: viewSubscriptionAttributes(scope, subscription, topic?.attributes.DeliveryPolicy),
  };
};

/** Throws InvalidParameter, NotFound. */
export const SetSubscriptionAttributes: Operation<'SetSubscriptionAttributes'> = (sns, input, context) => {
  const { AttributeName } = input;
  const value = readSubscriptionAttribute(AttributeName, input.AttributeValue ?? '');
  sns.store.transaction(() => {
    const { scope, subscription } = findSubscription(sns, context, input.SubscriptionArn);
    const { attributes } = subscription;
    // AWS: an empty filter policy removes the present one.
    const isGone = value === '' || (AttributeName === 'FilterPolicy' && value === '{}');
    if (isGone) delete attributes[AttributeName];
    else attributes[AttributeName] = value;
    // Throws for an invalid filter policy.
    filterIn(attributes);
    sns.records.subscriptions.put(scope, subscription);
  });
  return {};
};
