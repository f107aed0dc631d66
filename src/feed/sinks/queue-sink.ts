// Sends changes to a queue of SQS.

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

/** `queue` is a URL, an ARN or a name. A FIFO queue keeps the order of each lane and drops what it has already got. */
export function createQueueSink(queue: string, calls: AwsCalls): Sink {
  let url: string | undefined = queue.includes('://') ? queue : undefined;

  async function urlOfQueue(): Promise<string> {
    if (url !== undefined) return url;
    const [, , , , owner, name] = queue.startsWith('arn:') ? queue.split(':') : [];
    const input = { QueueName: name ?? queue, ...(owner && { QueueOwnerAWSAccountId: owner }) };
    const output = (await calls.call('sqs', 'GetQueueUrl', input)) as { QueueUrl: string };
    return (url = output.QueueUrl);
  }

  const entryOf = (message: Message, index: number) => ({
    Id: String(index),
    MessageBody: textOf(message),
    ...(isFifo(queue) && fifoMembers(message)),
  });

  async function send(messages: readonly Message[]): Promise<unknown> {
    const input = { QueueUrl: await urlOfQueue(), Entries: messages.map(entryOf) };
    return calls.call('sqs', 'SendMessageBatch', input);
  }

  return {
    name: `sqs ${queue}`,
    limits: { messages: MOST_ENTRIES, bytes: MOST_BATCH_BYTES },
    async deliver(messages, signal) {
      try {
        return failedEntries(await untilAborted(send(messages), signal, `The queue ${queue}`));
      } catch (error) {
        return allFailed(messages, callFailure(error));
      }
    },
    async close() {},
  };
}
