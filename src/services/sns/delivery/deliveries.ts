// The way of a message to its subscribers: stored with its deliveries in the transaction that publishes it, sent at
// least once, tried again as the policies say, and in the end a dead letter.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import { effectiveRetries, LAMBDA_RETRIES, retryDelay } from '../domain/delivery-policy.ts';
import type { Delivery, Message, Subscription, Topic } from '../domain/model.ts';
import { type Records, subscriptionKey } from '../records.ts';
import type { DeadLetters } from './dead-letters.ts';
import { type Again, Lanes } from './lanes.ts';
import type { Outcome } from './outcome.ts';
import type { Parcel } from './send.ts';

export interface DeliveriesOptions {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  deadLetters: DeadLetters;
  send(parcel: Parcel): Promise<Outcome>;
  /** How long a second of the delivery policies takes, in milliseconds. */
  policySecondMs: number;
}

const MOST_AT_ONCE = 32;
/** Of one subscription: what comes then is a dead letter at once, so that its publisher is not held up. */
const MOST_WAITING = 10_000;
const SEQUENCE_DIGITS = 12;

interface Reference {
  scope: Scope;
  id: string;
}

const laneOf = (scope: Scope, { topicName, subscriptionId }: Delivery) =>
  `${scopeKey(scope)} ${subscriptionKey(topicName, subscriptionId)}`;

export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #lanes: Lanes<Reference>;
  /** How many deliveries need a message: the last one takes it away. */
  readonly #uses = new Map<string, number>();
  #isStarted = false;
  #sequence = 0;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    this.#lanes = new Lanes({
      work: (reference, signal) => this.#attempt(reference, signal),
      clock: options.clock,
      log: options.log,
      mostAtOnce: MOST_AT_ONCE,
      pauseMs: options.policySecondMs,
    });
  }

  /** In a transaction; sends after its commit. A message that nobody wants is not kept. */
  accept(scope: Scope, message: Message, subscriptions: readonly Subscription[]): void {
    const { store, records, deadLetters } = this.#options;
    const added: Delivery[] = [];
    for (const subscription of subscriptions) {
      const delivery = this.#newDelivery(subscription, message.id);
      if (this.#lanes.sizeOf(laneOf(scope, delivery)) >= MOST_WAITING) {
        const reason = `${MOST_WAITING} messages wait for this subscription already`;
        deadLetters.bury(scope, subscription, message, { attempts: 0, reason });
        continue;
      }
      records.deliveries.put(scope, delivery.id, delivery);
      added.push(delivery);
    }
    if (added.length === 0) return;
    records.messages.put(scope, message.id, message);
    // Before the start they are records, which it finds.
    store.afterCommit(() => {
      if (this.#isStarted) for (const delivery of added) this.#add(scope, delivery);
    });
  }

  /** Goes on with what earlier runs left. */
  start(): void {
    this.#isStarted = true;
    const left = this.#options.records.deliveries.listAll();
    this.#sequence = left.reduce((most, { id }) => Math.max(most, Number(id.slice(-SEQUENCE_DIGITS)) + 1), 0);
    for (const { scope, value } of left) this.#add(scope, value);
  }

  /** What is being sent is sent again after the next start. */
  stop(): Promise<void> {
    return this.#lanes.stop();
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  #newDelivery({ topicName, id }: Subscription, messageId: string): Delivery {
    const time = String(this.#options.clock.now()).padStart(15, '0');
    const sequence = String(this.#sequence++).padStart(SEQUENCE_DIGITS, '0');
    return {
      // Sorts by time, and within this run by order.
      id: `${subscriptionKey(topicName, id)} ${time}-${sequence}`,
      ...{ messageId, topicName, subscriptionId: id },
      ...{ failures: 0, notBefore: 0 },
    };
  }

  #add(scope: Scope, delivery: Delivery): void {
    this.#uses.set(delivery.messageId, (this.#uses.get(delivery.messageId) ?? 0) + 1);
    this.#lanes.add(laneOf(scope, delivery), { scope, id: delivery.id }, delivery.notBefore);
  }

  async #attempt({ scope, id }: Reference, signal: AbortSignal): Promise<Again> {
    const { records, log, send } = this.#options;
    const delivery = records.deliveries.get(scope, id);
    if (!delivery) return undefined;
    const { topicName, subscriptionId, messageId } = delivery;
    const topic = records.topics.get(scope, topicName);
    const subscription = records.subscriptions.get(scope, subscriptionKey(topicName, subscriptionId));
    const message = records.messages.get(scope, messageId);
    const isOver = message?.token !== undefined && subscription?.pending?.token !== message.token;
    if (!topic || !subscription || !message || isOver) return this.#forget(scope, delivery);
    const outcome = await send({ scope, topic, subscription, message, signal });
    if (outcome.kind === 'delivered') return this.#forget(scope, delivery);
    // Cut off by the stop: the record stays as it is.
    if (signal.aborted) return 0;
    const failures = delivery.failures + 1;
    const { reason } = outcome;
    const notBefore =
      outcome.kind === 'failed' ? this.#nextAttempt(topic, subscription, failures) : undefined;
    if (notBefore === undefined) {
      return this.#forget(scope, delivery, () => {
        this.#options.deadLetters.bury(scope, subscription, message, { attempts: failures, reason });
      });
    }
    records.deliveries.put(scope, id, { ...delivery, failures, notBefore });
    log.debug({ delivery: id, failures, reason }, 'a delivery failed and is tried again');
    return notBefore;
  }

  #nextAttempt(topic: Topic, { protocol, attributes }: Subscription, failures: number): Again {
    const isLambda = protocol === 'lambda';
    const policy = isLambda
      ? LAMBDA_RETRIES
      : effectiveRetries(topic.attributes.DeliveryPolicy, attributes.DeliveryPolicy);
    const delay = retryDelay(policy, failures);
    if (delay === undefined) return undefined;
    return this.#options.clock.now() + Math.round(delay * this.#options.policySecondMs);
  }

  /** The message goes with its last delivery. */
  #forget(scope: Scope, { id, messageId }: Delivery, besides?: () => void): undefined {
    const { store, records } = this.#options;
    const left = (this.#uses.get(messageId) ?? 1) - 1;
    store.transaction(() => {
      besides?.();
      records.deliveries.delete(scope, id);
      if (left === 0) records.messages.delete(scope, messageId);
    });
    if (left === 0) this.#uses.delete(messageId);
    else this.#uses.set(messageId, left);
  }
}
