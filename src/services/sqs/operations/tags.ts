// TagQueue, UntagQueue and ListQueueTags.

import { findQueue } from '../context.ts';
import { missingParameter } from '../faults.ts';
import { noTagKeys, taggingOf } from '../queue-tags.ts';
import type { Operation } from '../sdk.ts';

/** Throws QueueDoesNotExist, InvalidParameterValue. */
export const TagQueue: Operation<'TagQueue'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    if (Object.keys(input.Tags).length === 0) throw missingParameter('Tags');
    const tags = taggingOf(queue.name).add(queue.tags, input.Tags, context);
    sqs.records.queues.put(scope, { ...queue, tags });
    return {};
  });

/** Keys that the queue does not have are ignored. Throws QueueDoesNotExist, InvalidParameterValue. */
export const UntagQueue: Operation<'UntagQueue'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    if (input.TagKeys.length === 0) throw noTagKeys();
    const tags = taggingOf(queue.name).remove(queue.tags, input.TagKeys, context);
    sqs.records.queues.put(scope, { ...queue, tags });
    return {};
  });

/** Throws QueueDoesNotExist. */
export const ListQueueTags: Operation<'ListQueueTags'> = (sqs, input, context) => {
  const { tags } = findQueue(sqs, context, input.QueueUrl).queue;
  return Object.keys(tags).length > 0 ? { Tags: tags } : {};
};
