// SNS's outbox: each subscription is a lane. A failed delivery is retried as the delivery policies say, and does not
// block later messages.

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

/** What the outbox needs. */
export interface DeliveriesOptions {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  send(delivery: Delivery): Promise<Outcome>;
  /** Rejects if the queue does not accept the message. */
  sendToDeadLetters(delivery: Delivery, queueArn: string): Promise<void>;
  /** Length of one second of a delivery policy, in milliseconds. */
  policySecondMs: number;
}

/** AWS does not publish how many messages may wait for one subscription; `mostWaiting` is Millpond's limit. */
const POLICY: Omit<OutboxPolicy, 'retries'> = {
  perLane: 1,
  mostAtOnce: 32,
  keepsOrder: false,
  mostWaiting: 10_000,
  mostDeadLetters: 100,
};

const NEVER = new AbortController().signal;

/** The outbox as operations use it. */
export interface Deliveries extends Pick<Outbox<Message>, 'start' | 'stop' | 'idle' | 'deadLetters'> {
  /** Queues a message for subscriptions. Call it in a transaction; delivery starts after the commit. */
  accept(scope: Scope, message: Message, subscriptions: readonly Subscription[]): void;
}

/** Opens the outbox `sns`. Nothing is delivered before `start`. */
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

  /**
   * AWS: a message that was given up goes to the queue of the redrive policy; without one it is lost. Millpond then
   * keeps it among the last hundred dead letters.
   */
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
      // Shown if the dead-letter queue refused the message.
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

/** A retry policy as the outbox takes it: the delays up to the one that repeats. */
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
