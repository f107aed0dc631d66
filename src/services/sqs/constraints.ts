// How SQS answers inputs that break the constraints of its model.

import { type ConstraintRules, plainPath } from '../../wire/violation.ts';
import { invalidValueOf, missingParameter, queueDoesNotExist } from './faults.ts';

/** Which constraints SQS enforces, and with which errors. */
export const constraints: ConstraintRules = {
  refuse([violation]) {
    const { breach, shown } = violation!;
    const path = plainPath(violation!);
    // AWS: a missing QueueUrl is reported as a queue that does not exist.
    if (!breach) return path === 'QueueUrl' ? queueDoesNotExist() : missingParameter(path);
    return invalidValueOf(path, (shown ?? '').slice(0, 100), `${breach.words}.`);
  },
  refusesMissing: true,
  exceptions: {
    MessageSystemAttributeName: {
      instead: { enum: undefined },
      because: 'unknown names are ignored, as the reference of ReceiveMessage says',
    },
    QueueAttributeName: {
      instead: { enum: undefined },
      because:
        'the same shape names the attributes of queues and of messages; the operations tell them apart',
    },
  },
};
