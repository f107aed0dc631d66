// What is told on a group's SNS topic: written beside the event, in the transaction that makes it true, and published
// in order afterwards, at least once.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import { createReconciler, type Reconciler } from '../../../control/reconciler.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Collection, Store } from '../../../store/store.ts';
import type { Client } from '../../../wire/client.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Group } from '../clusters/domain/model.ts';
import type { ElastiCacheEvent } from './domain/event.ts';

export type Sns = Client<typeof import('@aws-sdk/client-sns')>;

export interface Notifications {
  /** In a transaction. Nothing for an event that bears no name on SNS, or a group without an active topic. */
  append(scope: Scope, group: Group, event: ElastiCacheEvent): void;
  /** Goes on with what earlier runs left. */
  start(): void;
  /** What was not published yet is published after the next start. */
  stop(): Promise<void>;
}

export interface NotificationsOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** Without it nothing is told. */
  sns: Sns | undefined;
  /** Between two attempts, growing from the first to the last. */
  pauseMs?: { first: number; last: number };
}

interface Notification {
  /** Sorts those of a group in the order in which they were told. */
  id: string;
  groupId: string;
  topicArn: string;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
  failures: number;
}

/** How long SNS may be away. */
const GIVEN_UP_AFTER_MS = 60 * 60 * 1000;
/** Of one group: more than this wait only while SNS cannot be reached, and then the new ones are lost. */
const MOST_WAITING = 5_000;
const CALL_LIMIT_MS = 30_000;
const SEQUENCE_DIGITS = 12;

const outboxOf = (store: Store): Collection<Notification> => store.collection('elasticache/notification');

export function createNotifications(options: NotificationsOptions): Notifications {
  const { store, clock, sns, pauseMs = { first: 100, last: 30_000 } } = options;
  const log = options.log.child({ part: 'notifications' });
  const outbox = outboxOf(store);
  const left = outbox.listAll();
  let sequence = left.reduce((most, { id }) => Math.max(most, Number(id.slice(-SEQUENCE_DIGITS)) + 1), 0);
  const waiting = new Map<string, { scope: Scope; groupId: string; count: number }>();
  let isStarted = false;
  for (const { scope, value } of left) laneOf(scope, value.groupId).count++;

  function laneOf(scope: Scope, groupId: string) {
    const key = `${scopeKey(scope)}/${groupId}`;
    let lane = waiting.get(key);
    if (!lane) waiting.set(key, (lane = { scope, groupId, count: 0 }));
    return lane;
  }

  const reconciler: Reconciler = createReconciler({ name: 'notifications', log, reconcile: publishAll });

  async function publishAll(key: string, signal: AbortSignal) {
    const lane = waiting.get(key);
    for (let next = lane && oldest(lane); lane && next && !signal.aborted; next = oldest(lane)) {
      const outcome = await publish(lane.scope, next, signal);
      if (signal.aborted && outcome !== 'published') return undefined;
      if (typeof outcome === 'object') {
        const failures = next.failures + 1;
        if (outcome.mayPass && clock.now() - next.at < GIVEN_UP_AFTER_MS) {
          outbox.put(lane.scope, next.id, { ...next, failures });
          if (failures === 1) {
            const { groupId, topicArn, text } = next;
            log.warn(
              { groupId, topicArn, text, err: outcome.error },
              'a notification waits until SNS takes it',
            );
          }
          return { lookAgainAfterMs: Math.min(pauseMs.first * 2 ** (failures - 1), pauseMs.last) };
        }
        const { groupId, topicArn, text } = next;
        log.warn(
          { groupId, topicArn, text, attempts: failures, err: outcome.error },
          'a notification is given up',
        );
      }
      outbox.delete(lane.scope, next.id);
      lane.count--;
    }
    if (lane?.count === 0) waiting.delete(key);
    return undefined;
  }

  function oldest({ scope, groupId }: { scope: Scope; groupId: string }): Notification | undefined {
    return outbox.list(scope, { prefix: `${groupId} `, limit: 1 })[0];
  }

  async function publish(
    scope: Scope,
    { topicArn, text }: Notification,
    signal: AbortSignal,
  ): Promise<'published' | { error: unknown; mayPass: boolean }> {
    try {
      await within(sns!.call('Publish', { TopicArn: topicArn, Message: text }, scope), signal);
      return 'published';
    } catch (error) {
      // A topic that is gone stays gone; a service that is busy or away comes back.
      const mayPass = !(error instanceof Fault) || /Throttl|Internal|Unavailable/.test(error.shape);
      return { error, mayPass };
    }
  }

  return {
    append(scope, group, { notification, sourceId }) {
      const { notificationTopicArn: topicArn, notificationTopicStatus: status } = group;
      if (!sns || !notification || !topicArn || status === 'inactive') return;
      const lane = laneOf(scope, group.id);
      if (lane.count >= MOST_WAITING) {
        log.error({ groupId: group.id, notification }, 'too many notifications wait; one is lost');
        return;
      }
      const time = String(clock.now()).padStart(15, '0');
      const id = `${group.id} ${time}-${String(sequence++).padStart(SEQUENCE_DIGITS, '0')}`;
      const text = JSON.stringify({ [`ElastiCache:${notification}`]: sourceId });
      outbox.put(scope, id, { id, groupId: group.id, topicArn, text, at: clock.now(), failures: 0 });
      store.afterCommit(() => {
        laneOf(scope, group.id).count++;
        if (isStarted) reconciler.wake(`${scopeKey(scope)}/${group.id}`);
      });
    },
    start() {
      isStarted = true;
      for (const key of waiting.keys()) reconciler.wake(key);
    },
    stop: () => reconciler.stop(),
  };
}

/** The call's end, or a failure when it takes too long or Millpond stops; it may still take effect then. */
async function within<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]);
  limit.throwIfAborted();
  let refuse = () => {};
  const cut = new Promise<never>((_resolve, reject) => {
    refuse = () => reject(new OperationalError('TimedOut', 'SNS did not answer in time.'));
    limit.addEventListener('abort', refuse);
  });
  try {
    return await Promise.race([call, cut]);
  } finally {
    limit.removeEventListener('abort', refuse);
  }
}
