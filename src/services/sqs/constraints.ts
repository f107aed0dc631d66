// What SQS answers to inputs that its model does not allow.

import { type ConstraintRules, plainPath } from '../../wire/violation.ts';
import { invalidValueOf, missingParameter, queueDoesNotExist } from './faults.ts';

export const constraints: ConstraintRules = {
  refuse([violation]) {
    const { breach, shown } = violation!;
    const path = plainPath(violation!);
    // AWS: a queue that is not named is one that does not exist.
    if (!breach) return path === 'QueueUrl' ? queueDoesNotExist() : missingParameter(path);
    return invalidValueOf(path, (shown ?? '').slice(0, 100), `${breach.words}.`);
  },
  refusesMissing: true,
  exceptions: {
    MessageSystemAttributeName: {
      instead: { enum: undefined },
      because: 'names that no message has are passed over, as the guide of ReceiveMessage has it',
    },
    QueueAttributeName: {
      instead: { enum: undefined },
      because:
        'the same shape names the attributes of queues and of messages; the operations tell them apart',
    },
  },
};
