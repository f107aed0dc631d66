// Subscribe and ConfirmSubscription: how a subscription is made, and how an HTTP endpoint confirms it.

import { randomUUID } from 'node:crypto';
import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import { findTopic, isAnonymous, MOST_SUBSCRIPTIONS, type Sns } from '../context.ts';
import { readSubscriptionAttribute } from '../domain/attributes.ts';
import { checkEndpoint } from '../domain/endpoint.ts';
import type { Subscription } from '../domain/model.ts';
import { readTopicArn, subscriptionArn, topicArn } from '../domain/names.ts';
import {
  asOneOfAttributes,
  filterPolicyLimitExceeded,
  invalidParameter,
  invalidToken,
  signatureWanted,
  subscriptionLimitExceeded,
} from '../faults.ts';
import { filterIn } from '../filter/policy.ts';
import { endpointKey, subscriptionKey, tokenKey, waitingKey } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';

type Subscribe = Input<'Subscribe'>;

const PENDING = 'pending confirmation';
/** AWS: a token is valid for two days. An unconfirmed subscription expires with its token. */
const TOKEN_MS = 2 * 24 * 60 * 60 * 1000;
const DROPPED_AT_ONCE = 20;
const MOST_FILTER_POLICIES = 200;

/**
 * Idempotent for one protocol and endpoint. Throws InvalidParameter, NotFound, SubscriptionLimitExceeded,
 * FilterPolicyLimitExceeded.
 */
export const Subscribe: Operation<'Subscribe'> = (sns, input, context) => {
  const { Protocol, Endpoint = '' } = input;
  const protocol: string = Protocol;
  // AWS: a missing topic is reported before an invalid endpoint (moto's test, verified against AWS, 5.2.5).
  findTopic(sns, context, input.TopicArn);
  checkEndpoint(protocol, Endpoint);
  const attributes = attributesOf(input.Attributes ?? {});
  const made = sns.store.transaction(() => {
    const { scope, topic } = findTopic(sns, context, input.TopicArn);
    dropExpired(sns, scope, topic.name);
    const { subscriptions } = sns.records;
    const wanted = { topicName: topic.name, protocol, endpoint: Endpoint };
    const [same] = subscriptions.by(scope, 'endpoint', endpointKey(wanted));
    if (same && isExpired(sns, same)) subscriptions.remove(scope, subscriptionKey(topic.name, same.id));
    else if (same) return { scope, subscription: again(sns, scope, same, input.Attributes && attributes) };
    if (subscriptions.countBy(scope, 'topic', topic.name) >= MOST_SUBSCRIPTIONS) {
      throw subscriptionLimitExceeded();
    }
    if (attributes.FilterPolicy) {
      const policies = subscriptions.countBy(scope, 'filtered', topic.name);
      if (policies >= MOST_FILTER_POLICIES) throw filterPolicyLimitExceeded();
    }
    const subscription: Subscription = {
      id: randomUUID(),
      ...wanted,
      attributes,
      wasAuthenticated: isOfAws(protocol),
    };
    if (!isOfAws(protocol)) ask(sns, scope, subscription);
    subscriptions.put(scope, subscription);
    return { scope, subscription };
  });
  return { SubscriptionArn: shownArn(made.scope, made.subscription, input) };
};

/** AWS: functions and queues of the subscriber's account need no confirmation. */
const isOfAws = (protocol: string): boolean => protocol === 'lambda' || protocol === 'sqs';

/** Sends an endpoint the request to confirm. Millpond sends no e-mail, so e-mail subscriptions stay pending. */
function ask(sns: Sns, scope: Scope, subscription: Subscription): void {
  const token = randomHex(200);
  const now = sns.clock.now();
  subscription.pending = { token, since: now };
  if (!subscription.protocol.startsWith('http')) {
    sns.log.info(
      { endpoint: subscription.endpoint },
      'Millpond sends no e-mail; the subscription stays pending',
    );
    return;
  }
  const arn = topicArn(scope, subscription.topicName);
  const text = `You have chosen to subscribe to the topic ${arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
  const message = { id: randomUUID(), topicArn: arn, at: now, text, attributes: {}, token };
  sns.deliveries.accept(scope, message, [subscription]);
}

function again(
  sns: Sns,
  scope: Scope,
  present: Subscription,
  attributes: Record<string, string> | undefined,
): Subscription {
  const entries = Object.entries(attributes ?? {});
  if (entries.some(([name, value]) => present.attributes[name] !== value)) {
    throw invalidParameter('Attributes', 'Subscription already exists with different attributes');
  }
  // AWS: subscribing again sends the request to confirm again.
  if (present.pending) {
    ask(sns, scope, present);
    sns.records.subscriptions.put(scope, present);
  }
  return present;
}

function shownArn(scope: Scope, subscription: Subscription, input: Subscribe): string {
  const isHidden = subscription.pending && !input.ReturnSubscriptionArn;
  return isHidden ? PENDING : subscriptionArn(scope, subscription);
}

function attributesOf(given: Record<string, string>): Record<string, string> {
  return asOneOfAttributes(() => {
    const read = Object.entries(given).map(([name, value]) => [name, readSubscriptionAttribute(name, value)]);
    const kept = Object.fromEntries(read.filter(([, value]) => value !== ''));
    // Throws for an invalid filter policy.
    filterIn(kept);
    return kept;
  });
}

const isExpired = (sns: Sns, { pending }: Subscription): boolean =>
  pending !== undefined && pending.since < sns.clock.now() - TOKEN_MS;

/** Removes some of the topic's expired subscriptions, oldest first. Later calls remove the rest. */
function dropExpired(sns: Sns, scope: Scope, topicName: string): void {
  const { subscriptions } = sns.records;
  const range = { prefix: waitingKey(topicName), limit: DROPPED_AT_ONCE };
  for (const { value: one } of subscriptions.inOrderOf(scope, 'waiting', range)) {
    if (!isExpired(sns, one)) return;
    subscriptions.remove(scope, subscriptionKey(topicName, one.id));
  }
}

/** Needs no signature, unless AuthenticateOnUnsubscribe is set. Throws InvalidParameter, AuthorizationError. */
export const ConfirmSubscription: Operation<'ConfirmSubscription'> = (sns, input, context) =>
  sns.store.transaction(() => {
    const wasAuthenticated = input.AuthenticateOnUnsubscribe?.toLowerCase() === 'true';
    // AWS: this call needs a signature only if it sets AuthenticateOnUnsubscribe.
    if (wasAuthenticated && isAnonymous(context)) {
      throw signatureWanted('ConfirmSubscription', input.TopicArn);
    }
    const { scope, name } = readTopicArn(input.TopicArn);
    // AWS: a malformed token gets another error than an unknown one, and is reported before a missing topic.
    if (!/^[0-9a-f]+$/.test(input.Token)) throw invalidToken();
    const { topics, subscriptions } = sns.records;
    const topic = topics.find(scope, name);
    const [found] = topic ? subscriptions.by(scope, 'token', tokenKey(topic.name, input.Token)) : [];
    if (!found || isExpired(sns, found)) throw invalidParameter('Token');
    const { pending: _, ...confirmed } = found;
    subscriptions.put(scope, { ...confirmed, wasAuthenticated });
    return { SubscriptionArn: subscriptionArn(scope, confirmed) };
  });
