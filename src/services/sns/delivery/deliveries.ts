// The outbox of messages: one for all subscribers, each of which is a lane. What fails is tried again as the delivery
// policies say, and lets later messages pass.

import type { Scope } from '../../../aws/scope.ts';
import {
  type Attempt,
  DONE,
  type Outbox,
  type OutboxPolicy,
  type Outcome,
  openOutbox,
  type Retries,
} from '../../../control/outbox.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import { deadLetterTarget } from '../domain/attributes.ts';
import { effectiveRetries, LAMBDA_RETRIES, type RetryPolicy, retryDelay } from '../domain/delivery-policy.ts';
import type { Message, Subscription, Topic } from '../domain/model.ts';
import { subscriptionArn } from '../domain/names.ts';
import { type Records, subscriptionKey } from '../records.ts';
import type { Delivery } from './send.ts';

export interface DeliveriesOptions {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  send(delivery: Delivery): Promise<Outcome>;
  /** Rejects where it could not. */
  sendToDeadLetters(delivery: Delivery, queueArn: string): Promise<void>;
  /** How long a second of the delivery policies takes, in milliseconds. */
  policySecondMs: number;
}

/** A subscription is a lane. AWS does not say how many messages may wait for one. */
const POLICY: Omit<OutboxPolicy, 'retries'> = {
  perLane: 1,
  mostAtOnce: 32,
  keepsOrder: false,
  mostWaiting: 10_000,
  mostDeadLetters: 100,
};

const NEVER = new AbortController().signal;

export interface Deliveries extends Pick<Outbox<Message>, 'start' | 'stop' | 'idle' | 'deadLetters'> {
  /** In a transaction; sends after its commit. A message that nobody wants is not kept. */
  accept(scope: Scope, message: Message, subscriptions: readonly Subscription[]): void;
}

export function openDeliveries(options: DeliveriesOptions): Deliveries {
  const { store, records, clock, log, send, policySecondMs } = options;
  const outbox = openOutbox<Message>({
    ...{ name: 'sns', store, clock, log, attempt: deliver, redirect, describe },
    policy: { ...POLICY, retries: retriesOf(LAMBDA_RETRIES, policySecondMs) },
  });

  async function deliver(
    { scope, lane, content: message }: Attempt<Message>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const subscription = records.subscriptions.find(scope, lane);
    const topic = subscription && records.topics.find(scope, subscription.topicName);
    const isOver = message.token !== undefined && subscription?.pending?.token !== message.token;
    if (!topic || !subscription || isOver) return DONE;
    const outcome = await send({ scope, topic, subscription, message, signal });
    if (outcome.kind !== 'failed') return outcome;
    return { ...outcome, retries: retriesOf(retryPolicyOf(topic, subscription), policySecondMs) };
  }

  /** AWS: to the queue of the redrive policy; without one it is gone, and here one of the last hundred. */
  async function redirect({
    scope,
    lane,
    content: message,
  }: Pick<Attempt<Message>, 'scope' | 'lane' | 'content'>) {
    const subscription = records.subscriptions.find(scope, lane);
    const topic = subscription && records.topics.find(scope, subscription.topicName);
    const redrive = subscription?.attributes.RedrivePolicy;
    if (!topic || !redrive || message.token !== undefined) return false;
    const delivery = { scope, topic, subscription, message, signal: NEVER };
    await options.sendToDeadLetters(delivery, deadLetterTarget(redrive));
    return true;
  }

  function describe(scope: Scope, lane: string, { id }: Message): Record<string, unknown> {
    const subscription = records.subscriptions.find(scope, lane);
    const redrive = subscription?.attributes.RedrivePolicy;
    return {
      messageId: id,
      ...(subscription && {
        subscriptionArn: subscriptionArn(scope, subscription),
        endpoint: subscription.endpoint,
      }),
      // For one that could not be sent there.
      ...(redrive && { targetArn: deadLetterTarget(redrive) }),
    };
  }

  return {
    start: () => outbox.start(),
    stop: () => outbox.stop(),
    idle: () => outbox.idle(),
    deadLetters: (scope) => outbox.deadLetters(scope),
    accept(scope, message, subscriptions) {
      const lanes = subscriptions.map(({ topicName, id }) => subscriptionKey(topicName, id));
      outbox.append(scope, lanes, message);
    },
  };
}

const retryPolicyOf = (topic: Topic, { protocol, attributes }: Subscription): RetryPolicy =>
  protocol === 'lambda' || protocol === 'sqs'
    ? LAMBDA_RETRIES
    : effectiveRetries(topic.attributes.DeliveryPolicy, attributes.DeliveryPolicy);

/** The delays of all attempts up to where they no longer change. */
function retriesOf(policy: RetryPolicy, secondMs: number): Retries {
  const { numRetries, numMaxDelayRetries } = policy;
  const changing = Math.min(numRetries, numRetries - numMaxDelayRetries + 1);
  return {
    attempts: numRetries + 1,
    delaysMs: Array.from({ length: changing }, (_, index) =>
      Math.round(retryDelay(policy, index + 1)! * secondMs),
    ),
    retentionMs: Number.POSITIVE_INFINITY,
  };
}
