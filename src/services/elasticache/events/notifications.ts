// What is told on a group's SNS topic: written beside the event, in the transaction that makes it true, and published
// in order afterwards, at least once.

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

export type SnsClient = Client<typeof import('@aws-sdk/client-sns')>;

export interface Notification {
  topicArn: string;
  text: string;
}

export interface Notifications extends Pick<Outbox<Notification>, 'start' | 'stop' | 'deadLetters'> {
  /** In a transaction. Nothing for an event that bears no name on SNS, or a group without an active topic. */
  append(scope: Scope, group: Group, event: ElastiCacheEvent): void;
}

export interface NotificationsOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** Without it nothing is told. */
  sns: SnsClient | undefined;
  /** Between two attempts. */
  delaysMs?: readonly number[];
}

/** A group is a lane. SNS may be away for an hour; more than so many wait only meanwhile. */
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
      // A topic that is gone stays gone; a service that is busy or away comes back.
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
