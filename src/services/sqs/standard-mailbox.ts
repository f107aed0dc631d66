// The messages of standard queues: in the order in which they become due, each for itself.

import type { Scope } from '../../aws/scope.ts';
import type { Message, Queue } from './domain/model.ts';
import { tooManyInFlight } from './faults.ts';
import { createInFlightLimit } from './in-flight-limit.ts';
import type { MailboxType, Shared } from './mailbox-type.ts';
import { dueText, messageKey, trackOf } from './records.ts';

/** The most batches that one receive reads. A batch may consist of expired messages and dead letters only. */
const MOST_LOOKS = 100;
const TRACKS = ['received', 'new'] as const;

/** The mailboxes of standard queues. */
export function standardMailbox({ records: { messages }, now, announce, receive }: Shared): MailboxType {
  let lastOrder = 0;

  function dueMessages(scope: Scope, { mailbox }: Queue, limit: number): Message[] {
    const at = now();
    return TRACKS.flatMap((track) => messages.list(scope, { prefix: trackOf(mailbox, track), limit }))
      .filter(({ dueAt }) => dueAt <= at)
      .sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)
      .slice(0, limit);
  }

  function later(scope: Scope, { mailbox }: Queue, track: 'new' | 'received'): number {
    const prefix = trackOf(mailbox, track);
    return messages.count(scope, prefix, prefix + dueText(now() + 1));
  }

  const limit = createInFlightLimit((scope, queue) => later(scope, queue, 'received'));

  return {
    add(scope, { mailbox }, message, delaySeconds = 0) {
      lastOrder += 1;
      const added = { ...message, order: lastOrder, dueAt: now() + delaySeconds * 1_000 };
      messages.put(scope, messageKey(added), added);
      announce(mailbox);
      return { id: added.id };
    },
    take(scope, queue, { most, visibilitySeconds }) {
      const isFull = limit.isReached(scope, queue);
      const taken: Message[] = [];
      // Expired messages and dead letters are removed from the batch, so another batch may be needed. Every batch
      // shrinks the queue, so the loop ends.
      for (let looks = 0; taken.length < most && looks < MOST_LOOKS; looks++) {
        const due = dueMessages(scope, queue, most - taken.length);
        if (due.length === 0) break;
        for (const message of due) {
          const received = receive(scope, queue, message, visibilitySeconds);
          if (received) taken.push(received);
        }
      }
      if (taken.length > 0 && isFull) throw tooManyInFlight();
      limit.add(queue, taken.length);
      return taken;
    },
    nextDue(scope, { mailbox }) {
      const next = TRACKS.flatMap((track) =>
        messages.list(scope, { prefix: trackOf(mailbox, track), limit: 1 }),
      );
      return next.length > 0 ? Math.min(...next.map(({ dueAt }) => dueAt)) : undefined;
    },
    replace(scope, before, after) {
      messages.delete(scope, messageKey(before));
      messages.put(scope, messageKey(after), after);
    },
    remove: (scope, message) => messages.delete(scope, messageKey(message)),
    counts(scope, queue) {
      const delayed = later(scope, queue, 'new');
      const inFlight = later(scope, queue, 'received');
      const all = messages.countBy(scope, 'mailbox', queue.mailbox);
      return { visible: all - delayed - inFlight, delayed, inFlight };
    },
  };
}
