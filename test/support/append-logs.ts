// Writes logs through the typed client, as a service does, and creates group and stream if needed.

import type { Scope } from '../../src/aws/scope.ts';
import type { Sdk } from '../../src/services/logs/sdk.ts';
import type { Client } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';

/** Appends events; `at` is in milliseconds since the epoch, ascending. Rejects when the logs cannot be written. */
export type AppendLogEvents = (
  scope: Scope,
  group: string,
  stream: string,
  events: readonly { at: number; message: string }[],
) => Promise<void>;

const MAX_BATCH_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

export function appendThrough(logs: Client<Sdk>): AppendLogEvents {
  return async (scope, logGroupName, logStreamName, events) => {
    for (const batch of batchesOf(events)) {
      const logEvents = batch.map(({ at, message }) => ({ timestamp: at, message }));
      const put = () => logs.call('PutLogEvents', { logGroupName, logStreamName, logEvents }, scope);
      try {
        await put();
      } catch (error) {
        if (!(error instanceof Fault) || error.shape !== 'ResourceNotFoundException') throw error;
        await unlessPresent(logs.call('CreateLogGroup', { logGroupName }, scope));
        await unlessPresent(logs.call('CreateLogStream', { logGroupName, logStreamName }, scope));
        await put();
      }
    }
  };
}

async function unlessPresent(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Fault) || error.shape !== 'ResourceAlreadyExistsException') throw error;
  }
}

type Given = Parameters<AppendLogEvents>[3];

function batchesOf(events: Given): Given[] {
  const batches: Given[number][][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (event.message === '') continue;
    const size = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    bytes += size;
    if (bytes > MAX_BATCH_BYTES || batches.at(-1)!.length >= MAX_BATCH_EVENTS) {
      batches.push([]);
      bytes = size;
    }
    batches.at(-1)!.push(event);
  }
  return batches;
}
