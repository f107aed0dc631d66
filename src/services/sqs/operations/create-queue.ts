// CreateQueue is idempotent: it returns the queue that exists, unless the request gives other attributes.

import { randomHex } from '../../../kernel/ids.ts';
import { urlOf } from '../context.ts';
import { effectiveAttributes, withAttributes } from '../domain/attributes.ts';
import type { Queue } from '../domain/model.ts';
import { checkQueueName } from '../domain/queue-names.ts';
import { queueExists } from '../faults.ts';
import { taggingOf } from '../queue-tags.ts';
import { checkRedrive } from '../redrive.ts';
import type { Operation } from '../sdk.ts';

/** Throws QueueNameExists, InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue. */
export const CreateQueue: Operation<'CreateQueue'> = (sqs, input, context) => {
  const { QueueName: name } = input;
  const isFifo = input.Attributes?.FifoQueue === 'true';
  checkQueueName(name, isFifo);
  const attributes = withAttributes({}, input.Attributes ?? {}, isFifo);
  const tags = taggingOf(name).add({}, input.tags, context);
  return sqs.store.transaction(() => {
    const { queues } = sqs.records;
    const present = queues.find(context, name);
    if (present) checkSame(present, attributes);
    else {
      checkRedrive(sqs, context, name, attributes);
      const now = sqs.clock.now();
      queues.add(context, {
        name,
        mailbox: randomHex(16),
        attributes,
        tags,
        createdAt: now,
        modifiedAt: now,
      });
    }
    return { QueueUrl: urlOf(sqs, context, context, { name }) };
  });
};

/** AWS: the attributes in the request must match the queue's. The queue may have more. */
function checkSame(present: Queue, given: Readonly<Record<string, string>>): void {
  const held = effectiveAttributes(present);
  const other = Object.keys(given).find((name) => held[name] !== given[name]);
  if (other) throw queueExists(other);
}
