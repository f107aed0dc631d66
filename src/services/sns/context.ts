// What every operation is given, and the lookups they share.

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

export interface Sns {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  deliveries: Deliveries;
}

export interface FoundTopic {
  scope: Scope;
  topic: Topic;
}

/** The ARN says whose topic it is; it has to lie in the region that is asked. Throws InvalidParameter, NotFound. */
export function findTopic(sns: Sns, asked: Scope, arn: string, parameter?: string): FoundTopic {
  return topicAt(sns, readTopicArnIn(asked, arn, parameter));
}

const topicAt = (sns: Sns, { scope, name }: TopicReference): FoundTopic => ({
  scope,
  topic: sns.records.topics.existing(scope, name),
});

export interface FoundSubscription {
  scope: Scope;
  subscription: Subscription;
}

/** Throws InvalidParameter, NotFound; a region knows its own subscriptions alone. */
export function findSubscription(sns: Sns, asked: Scope, arn: string): FoundSubscription {
  const { scope, topicName, id } = readSubscriptionArn(arn);
  if (scope.region !== asked.region) throw subscriptionNotFound();
  return { scope, subscription: sns.records.subscriptions.existing(scope, subscriptionKey(topicName, id)) };
}

/** How many subscriptions a topic may have. */
export const MOST_SUBSCRIPTIONS = 10_000;

export const subscriptionsOf = (sns: Sns, scope: Scope, topicName: string): Subscription[] =>
  sns.records.subscriptions.list(scope, { prefix: subscriptionKey(topicName, '') });

/** Whether a request bears no signature at all; links in messages are asked for so. */
export const isAnonymous = ({ accessKeyId, isService }: RequestContext): boolean =>
  accessKeyId === undefined && !isService;
