// Publishes changes to a topic of SNS.

import type { AwsCalls, Message, Sink } from '../sink.ts';
import {
  failedEntries,
  fifoMembers,
  isFifo,
  MOST_BATCH_BYTES,
  MOST_ENTRIES,
  textOf,
} from './batch-entries.ts';
import { allFailed, callFailure, untilAborted } from './call-failures.ts';

/** `topic` is an ARN. A FIFO topic keeps the order of each lane and drops what it has already got. */
export function createTopicSink(topic: string, calls: AwsCalls): Sink {
  const entryOf = (message: Message, index: number) => ({
    Id: String(index),
    Message: textOf(message),
    ...(isFifo(topic) && fifoMembers(message)),
  });
  return {
    name: `sns ${topic}`,
    limits: { messages: MOST_ENTRIES, bytes: MOST_BATCH_BYTES },
    async deliver(messages, signal) {
      const input = { TopicArn: topic, PublishBatchRequestEntries: messages.map(entryOf) };
      try {
        const call = calls.call('sns', 'PublishBatch', input);
        return failedEntries(await untilAborted(call, signal, `The topic ${topic}`));
      } catch (error) {
        return allFailed(messages, callFailure(error));
      }
    },
    async close() {},
  };
}
