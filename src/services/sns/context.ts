// The context that every operation receives, and the lookups that operations share.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import type { Subscription, Topic } from './domain/model.ts';
import { readSubscriptionArn, readTopicArnIn, type TopicReference } from './domain/names.ts';
import { subscriptionNotFound } from './faults.ts';
import { type Records, subscriptionKey } from './records.ts';

/** The context of SNS's operations; `createSns` builds it once. */
export interface Sns {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  deliveries: Deliveries;
}

/** A topic and the account and region that own it. */
export interface FoundTopic {
  scope: Scope;
  topic: Topic;
}

/**
 * Finds a topic by its ARN, which names its owner and must lie in the region of the request. Throws InvalidParameter,
 * NotFound.
 */
export function findTopic(sns: Sns, asked: Scope, arn: string, parameter?: string): FoundTopic {
  return topicAt(sns, readTopicArnIn(asked, arn, parameter));
}

const topicAt = (sns: Sns, { scope, name }: TopicReference): FoundTopic => ({
  scope,
  topic: sns.records.topics.existing(scope, name),
});

/** A subscription and the account and region that own it. */
export interface FoundSubscription {
  scope: Scope;
  subscription: Subscription;
}

/** Finds a subscription by its ARN, which must lie in the region of the request. Throws InvalidParameter, NotFound. */
export function findSubscription(sns: Sns, asked: Scope, arn: string): FoundSubscription {
  const { scope, topicName, id } = readSubscriptionArn(arn);
  if (scope.region !== asked.region) throw subscriptionNotFound();
  return { scope, subscription: sns.records.subscriptions.existing(scope, subscriptionKey(topicName, id)) };
}

/** The most subscriptions of one topic; a limit of Millpond's. */
export const MOST_SUBSCRIPTIONS = 10_000;

/** All subscriptions of a topic, confirmed or not. */
export const subscriptionsOf = (sns: Sns, scope: Scope, topicName: string): Subscription[] =>
  sns.records.subscriptions.list(scope, { prefix: subscriptionKey(topicName, '') });

/** Whether a request is unsigned, as requests from the links in messages are. */
export const isAnonymous = ({ accessKeyId, isService }: RequestContext): boolean =>
  accessKeyId === undefined && !isService;
