// The messages of FIFO queues: in groups, each in the order in which it was sent. While a message of a group is in
// flight, no other of the group is received.
//
// Each group that has messages has a record with its first message and, while it is blocked, the end of that. A receive
// reads the groups that are ready in the order of their first messages, and so none that is blocked.

import type { Scope } from '../../../aws/scope.ts';
import { numberOf } from '../domain/attributes.ts';
import type { Message, MessageGroup, Queue, ReceiveAttempt } from '../domain/model.ts';
import { nextSequence } from '../domain/sequence.ts';
import { createInFlightLimit } from '../in-flight-limit.ts';
import type { MailboxType, Shared, Wanted } from '../mailbox-type.ts';
import { dueText, groupKey, messageKey, trackOf } from '../records.ts';
import { attemptBefore, rememberAttempt, rememberSent, sentBefore } from './deduplication.ts';

/** AWS: the most messages of one receive, which are therefore the most of one group in flight. */
const MOST_AT_ONCE = 10;
/** The most groups that one receive unblocks, and the most that it looks into. */
const MOST_GROUPS = 100;
const LAST = 'last';

/** The mailboxes of FIFO queues. */
export function fifoMailbox({ records, now, announce, receive }: Shared): MailboxType {
  const { messages, groups, lastSequence } = records;

  const firstOf = (scope: Scope, mailbox: string, group: string, limit: number): Message[] =>
    messages
      .inOrderOf(scope, 'group', { prefix: `${groupKey(mailbox, group)}/`, limit })
      .map(({ value }) => value);

  /** AWS: a change of the queue's delay applies to the messages that are there already. */
  const delayMs = (queue: Queue): number => numberOf(queue, 'DelaySeconds') * 1_000;
  const dueOf = (queue: Queue, { receives, dueAt }: Message): number =>
    receives > 0 ? dueAt : dueAt + delayMs(queue);

  /** Writes the group's record anew, after a change of its first messages. Those in flight are among these. */
  function refresh(scope: Scope, mailbox: string, group: string): void {
    const id = groupKey(mailbox, group);
    const first = firstOf(scope, mailbox, group, MOST_AT_ONCE);
    const inFlight = first.filter(({ receives, dueAt }) => receives > 0 && dueAt > now());
    const blockedUntil = Math.max(0, ...inFlight.map(({ dueAt }) => dueAt));
    const head = first[0]?.sequence;
    if (head === undefined) groups.delete(scope, id);
    else groups.put(scope, id, { mailbox, group, head, blockedUntil });
  }

  const refreshAll = (scope: Scope, changed: readonly Message[]): void => {
    const names = new Map(changed.map(({ mailbox, groupId }) => [groupKey(mailbox, groupId!), groupId!]));
    for (const group of names.values()) refresh(scope, changed[0]!.mailbox, group);
  };

  const groupsIn = (
    scope: Scope,
    index: 'ready' | 'blocked',
    mailbox: string,
    limit: number,
  ): MessageGroup[] =>
    groups.inOrderOf(scope, index, { prefix: `${mailbox}/`, limit }).map(({ value }) => value);

  function unblock(scope: Scope, mailbox: string): void {
    for (const { group, blockedUntil } of groupsIn(scope, 'blocked', mailbox, MOST_GROUPS)) {
      if (blockedUntil > now()) return;
      refresh(scope, mailbox, group);
    }
  }

  /** AWS: as many messages of one group as there are, then those of the next group. */
  function take(scope: Scope, queue: Queue, { most, visibilitySeconds }: Wanted): Message[] {
    unblock(scope, queue.mailbox);
    const taken: Message[] = [];
    for (const { group } of groupsIn(scope, 'ready', queue.mailbox, MOST_GROUPS)) {
      const due = firstOf(scope, queue.mailbox, group, most - taken.length);
      for (const message of due) {
        if (dueOf(queue, message) > now()) break;
        const received = receive(scope, queue, message, visibilitySeconds);
        if (received) taken.push(received);
      }
      refresh(scope, queue.mailbox, group);
      const isDelayed = due[0] !== undefined && dueOf(queue, due[0]) > now();
      if (taken.length >= most || isDelayed) break;
    }
    limit.add(queue, taken.length);
    return taken;
  }

  /**
   * AWS: a receive with the same ReceiveRequestAttemptId gets the same messages and handles, hidden anew, unless one of
   * them was deleted, shown or hidden meanwhile.
   */
  function again(scope: Scope, attempt: ReceiveAttempt, seconds: number): Message[] | undefined {
    const held = attempt.messages.flatMap(({ id, receipt, dueAt }) =>
      messages
        .by(scope, 'id', id)
        .filter((message) => message.receipt === receipt && message.dueAt === dueAt && dueAt > now()),
    );
    if (held.length < attempt.messages.length) return undefined;
    const hidden = held.map((message) => ({ ...message, dueAt: now() + Math.max(seconds * 1_000, 1) }));
    for (const [index, message] of hidden.entries()) rewrite(scope, held[index]!, message);
    refreshAll(scope, hidden);
    return hidden;
  }

  function rewrite(scope: Scope, before: Message, after: Message): void {
    messages.delete(scope, messageKey(before));
    messages.put(scope, messageKey(after), after);
  }

  function later(scope: Scope, { mailbox }: Queue, track: 'new' | 'received', than: number): number {
    const prefix = trackOf(mailbox, track);
    return messages.count(scope, prefix, prefix + dueText(than + 1));
  }

  const limit = createInFlightLimit((scope, queue) => later(scope, queue, 'received', now()));

  return {
    add(scope, queue, message) {
      const isSent = message.receives === 0 && message.sequence === undefined;
      const before = isSent ? sentBefore(records, scope, queue, { message, now: now() }) : undefined;
      if (before) return { id: before.messageId, sequence: before.sequence, isDuplicate: true };
      const sequence = nextSequence(lastSequence.get(scope, LAST)?.last, now());
      lastSequence.put(scope, LAST, { last: sequence });
      const added = { ...message, sequence, dueAt: now() };
      messages.put(scope, messageKey(added), added);
      const id = groupKey(queue.mailbox, added.groupId!);
      if (!groups.has(scope, id)) refresh(scope, queue.mailbox, added.groupId!);
      if (isSent) rememberSent(records, scope, queue, added);
      announce(queue.mailbox);
      return { id: added.id, sequence };
    },
    take(scope, queue, wanted) {
      const { attemptId, visibilitySeconds } = wanted;
      // AWS: a FIFO queue with too many messages in flight answers with none, and without an error.
      if (limit.isReached(scope, queue)) return [];
      if (attemptId === undefined) return take(scope, queue, wanted);
      const attempt = attemptBefore(records, scope, queue, { attemptId, now: now() });
      const taken = (attempt && again(scope, attempt, visibilitySeconds)) ?? take(scope, queue, wanted);
      const answer = taken.map(({ id, receipt, dueAt }) => ({ id, receipt: receipt!, dueAt }));
      if (answer.length > 0) {
        rememberAttempt(records, scope, queue, { attemptId, at: attempt?.at ?? now(), messages: answer });
      }
      return taken;
    },
    nextDue(scope, queue) {
      const [blocked] = groupsIn(scope, 'blocked', queue.mailbox, 1);
      const [ready] = groupsIn(scope, 'ready', queue.mailbox, 1);
      const [head] = ready ? firstOf(scope, queue.mailbox, ready.group, 1) : [];
      const times = [blocked?.blockedUntil, head && dueOf(queue, head)].filter((at) => at !== undefined);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    replace(scope, before, after) {
      rewrite(scope, before, after);
      refresh(scope, after.mailbox, after.groupId!);
    },
    remove(scope, message) {
      messages.delete(scope, messageKey(message));
      refresh(scope, message.mailbox, message.groupId!);
      announce(message.mailbox);
    },
    counts(scope, queue) {
      const delayed = later(scope, queue, 'new', now() - delayMs(queue));
      const inFlight = later(scope, queue, 'received', now());
      const all = messages.countBy(scope, 'mailbox', queue.mailbox);
      return { visible: all - delayed - inFlight, delayed, inFlight };
    },
  };
}
