// Runs the tasks of StartMessageMoveTask: messages of a dead-letter queue return to their source queues, or go to
// another queue, in batches. Tasks continue after a restart.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Message, MoveTask, Queue } from './domain/model.ts';
import type { Mailboxes } from './mailbox.ts';
import { findQueueByArn, messageKey, type Records, UNFINISHED } from './records.ts';

/** The move tasks in the background. */
export interface MoveTasks {
  /** Starts a stored task after the commit. */
  begin(scope: Scope, task: MoveTask): void;
  /** Resumes the tasks that an earlier run left unfinished. */
  start(): void;
  /** Resolves once no message is being moved. */
  stop(): Promise<void>;
}

const BATCH = 10;

/** What the move tasks need. */
export interface MoveTaskOptions {
  store: Store;
  records: Records;
  mailboxes: Mailboxes;
  clock: Clock;
  log: Log;
}

/** No task runs before `start` or `begin`. */
export function createMoveTasks({ store, records, mailboxes, clock, log }: MoveTaskOptions): MoveTasks {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();

  const queueAt = (arn: string | undefined): Queue | undefined =>
    arn === undefined ? undefined : findQueueByArn(records, arn)?.queue;

  /**
   * The next messages of the source queue. A task moves no more messages than there were at its start, so it ends even
   * if its destination sends messages back.
   */
  function nextBatch(scope: Scope, { mailbox }: Queue, limit: number, after: string | undefined): Message[] {
    return records.messages.list(scope, { prefix: `${mailbox}/`, after, limit });
  }

  async function run(scope: Scope, id: string): Promise<void> {
    let after: string | undefined;
    for (;;) {
      if (stopping.signal.aborted) return;
      const begun = performance.now();
      const task = records.moveTasks.find(scope, id);
      const source = task && queueAt(task.source);
      if (!task || task.status === 'CANCELLED') return;
      const size = Math.min(BATCH, task.mostPerSecond ?? BATCH, task.toMove - task.moved);
      const batch =
        source && task.status === 'RUNNING' && size > 0 ? nextBatch(scope, source, size, after) : [];
      after = batch.length > 0 ? messageKey(batch.at(-1)!) : after;
      const isOver = store.transaction(() => moveBatch(scope, id, batch));
      if (isOver) return;
      const perSecond = task.mostPerSecond;
      const wait = perSecond ? (batch.length / perSecond) * 1_000 - (performance.now() - begun) : 0;
      await delay(Math.max(0, wait), undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  /** Moves one batch and returns true once the task is over. */
  function moveBatch(scope: Scope, id: string, batch: readonly Message[]): boolean {
    const changed = records.moveTasks.change(scope, id, (task) => {
      if (task.status === 'CANCELLING') return { ...task, status: 'CANCELLED' };
      if (batch.length === 0) return { ...task, status: 'COMPLETED' };
      let { moved } = task;
      for (const message of batch) {
        const to = queueAt(task.destination ?? message.deadLetterSource);
        if (!to) return { ...task, moved, status: 'FAILED', failure: 'CouldNotDetermineMessageSource' };
        mailboxes.move(scope, message, asNew(message, clock.now()), to);
        moved += 1;
      }
      return { ...task, moved };
    });
    return changed.status !== 'RUNNING';
  }

  function track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => log.error({ err: error }, 'messages could not be moved'))
      .finally(() => running.delete(tracked));
    running.add(tracked);
  }

  return {
    begin: (scope, { id }) => store.afterCommit(() => track(run(scope, id))),
    start() {
      for (const { scope, id } of records.moveTasks.byAnywhere('unfinished', UNFINISHED))
        track(run(scope, id));
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** AWS: a moved message is a new one, with its own id, time and receive count. */
function asNew(message: Message, now: number): Message {
  const { deadLetterSource: _source, firstReceivedAt: _first, lastReceivedAt: _last, ...rest } = message;
  return { ...rest, id: randomUUID(), sentAt: now, receives: 0 };
}
