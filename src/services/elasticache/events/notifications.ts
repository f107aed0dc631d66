// Notifications on a group's SNS topic. A notification is written in the transaction of its event, and published
// afterwards: in order, at least once.

import type { Scope } from '../../../aws/scope.ts';
import {
  type Attempt,
  DONE,
  doublingDelays,
  type Outbox,
  type OutboxPolicy,
  type Outcome,
  openOutbox,
} from '../../../control/outbox.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import type { Client } from '../../../wire/client.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Group } from '../clusters/domain/model.ts';
import type { ElastiCacheEvent } from './domain/event.ts';

/** The client of SNS. */
export type SnsClient = Client<typeof import('@aws-sdk/client-sns')>;

/** One message to one topic. */
export interface Notification {
  topicArn: string;
  text: string;
}

/** The outbox of notifications. */
export interface Notifications extends Pick<Outbox<Notification>, 'start' | 'stop' | 'deadLetters'> {
  /** Call it in the event's transaction. Does nothing without a notification name, or without an active topic. */
  append(scope: Scope, group: Group, event: ElastiCacheEvent): void;
}

/** The dependencies of `createNotifications`. */
export interface NotificationsOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** `undefined`: nothing is published. */
  sns: SnsClient | undefined;
  /** Backoff between attempts. Absent: 100 ms to 30 s, doubling. */
  delaysMs?: readonly number[];
}

/** Each group is a lane. Notifications wait for up to an hour while SNS is unavailable. */
const POLICY: Omit<OutboxPolicy, 'retries'> = {
  perLane: 1,
  mostAtOnce: Number.POSITIVE_INFINITY,
  keepsOrder: true,
  mostWaiting: 5_000,
  attemptMs: 30_000,
  mostDeadLetters: 100,
};
const DELAYS_MS = doublingDelays(100, 30_000);
const RETENTION_MS = 60 * 60 * 1000;

/** Publishes nothing until `start`. */
export function createNotifications(options: NotificationsOptions): Notifications {
  const { store, clock, sns, delaysMs = DELAYS_MS } = options;
  const log = options.log.child({ part: 'notifications' });
  const outbox = openOutbox<Notification>({
    ...{ name: 'elasticache', store, clock, log, attempt: publish },
    policy: {
      ...POLICY,
      retries: { attempts: Number.POSITIVE_INFINITY, delaysMs, retentionMs: RETENTION_MS },
    },
    describe: (_scope, groupId, { topicArn, text }) => ({ groupId, topicArn, text }),
  });

  async function publish({ scope, content }: Attempt<Notification>): Promise<Outcome> {
    const { topicArn, text } = content;
    if (!sns) return { kind: 'failed', reason: 'there is no SNS' };
    try {
      await sns.call('Publish', { TopicArn: topicArn, Message: text }, scope);
      return DONE;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A missing topic is final; a busy or unavailable service is worth a retry.
      const isFinal = error instanceof Fault && !/Throttl|Internal|Unavailable/.test(error.shape);
      return { kind: isFinal ? 'refused' : 'failed', reason };
    }
  }

  return {
    append(scope, group, { notification, sourceId }) {
      const { notificationTopicArn: topicArn, notificationTopicStatus: status } = group;
      if (!sns || !notification || !topicArn || status === 'inactive') return;
      const text = JSON.stringify({ [`ElastiCache:${notification}`]: sourceId });
      outbox.append(scope, [group.id], { topicArn, text });
    },
    start: () => outbox.start(),
    stop: () => outbox.stop(),
    deadLetters: (scope) => outbox.deadLetters(scope),
  };
}
