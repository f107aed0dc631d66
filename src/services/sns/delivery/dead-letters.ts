// What could not be delivered, and why: the last hundred.

import type { Scope } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import { deadLetterTarget } from '../domain/attributes.ts';
import type { DeadLetter, Message, Subscription } from '../domain/model.ts';
import { subscriptionArn } from '../domain/names.ts';
import type { Records } from '../records.ts';

export interface DeadLetters {
  /** To be called where the delivery is forgotten, in the same transaction. */
  bury(
    scope: Scope,
    subscription: Subscription,
    message: Message,
    end: { attempts: number; reason: string },
  ): void;
  /** Oldest first. */
  list(scope: Scope): DeadLetter[];
}

const MOST = 100;

export function openDeadLetters(records: Records, clock: Clock, log: Log): DeadLetters {
  const kept = records.deadLetters.listAll();
  let next = kept.reduce((most, { value }) => Math.max(most, value.number + 1), 0);
  return {
    bury(scope, subscription, message, { attempts, reason }) {
      const number = next++;
      const redrive = subscription.attributes.RedrivePolicy;
      const arn = subscriptionArn(scope, subscription);
      const letter: DeadLetter = {
        ...{ number, subscriptionArn: arn, endpoint: subscription.endpoint },
        ...(redrive && { targetArn: deadLetterTarget(redrive) }),
        ...{ at: clock.now(), attempts, reason, message },
      };
      records.deadLetters.put(scope, String(number % MOST), letter);
      log.warn(
        { subscription: arn, messageId: message.id, attempts, reason },
        'a message could not be delivered and is given up; it is kept as a dead letter',
      );
    },
    list: (scope) => records.deadLetters.list(scope).sort((a, b) => a.number - b.number),
  };
}
