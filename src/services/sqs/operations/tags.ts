// TagQueue, UntagQueue and ListQueueTags.

import { findQueue } from '../context.ts';
import { tagging } from '../queue-tags.ts';
import type { Operation } from '../sdk.ts';

export const TagQueue: Operation<'TagQueue'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    sqs.records.queues.put(scope, { ...queue, tags: tagging.add(queue.tags, input.Tags, context) });
    return {};
  });

export const UntagQueue: Operation<'UntagQueue'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    sqs.records.queues.put(scope, { ...queue, tags: tagging.remove(queue.tags, input.TagKeys, context) });
    return {};
  });

export const ListQueueTags: Operation<'ListQueueTags'> = (sqs, input, context) => {
  const { tags } = findQueue(sqs, context, input.QueueUrl).queue;
  return Object.keys(tags).length > 0 ? { Tags: tags } : {};
};
