// An SQS client without queues, for tests that need none.

import type { Client } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';

export const NO_QUEUES = {
  async call() {
    throw new Fault('QueueDoesNotExist', 'The specified queue does not exist.');
  },
} as unknown as Client<typeof import('@aws-sdk/client-sqs')>;
