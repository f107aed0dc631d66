// What topics and queues share: entries of batches, their order in FIFO, and the entries that failed.

import { createHash } from 'node:crypto';
import type { Failure, Message } from '../sink.ts';
import { mayPass, oneLine } from './call-failures.ts';

/** AWS: the most entries of a batch, and the most bytes of all their messages together. */
export const MOST_ENTRIES = 10;
export const MOST_BATCH_BYTES = 256 * 1024;

/** The text of a message. AWS: only the characters of XML are allowed; JSON escapes the others but these two. */
export const textOf = ({ payload }: Message): string =>
  JSON.stringify(payload ?? null).replace(/[\ufffe\uffff]/g, escaped);

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The order within a lane, and its messages once each. A sequence identifies a change only together with its key, and
 * both identifiers have at most 128 characters, of which not all are allowed.
 */
export function fifoMembers({ lane, sequence }: Message) {
  const group = createHash('sha256').update(lane).digest('hex').slice(0, 32);
  return { MessageGroupId: group, MessageDeduplicationId: `${group}-${sequence}` };
}

/** Whether a topic or a queue with this name or ARN or URL is FIFO. */
export const isFifo = (name: string): boolean => name.endsWith('.fifo');

interface BatchOutput {
  Failed?: { Id?: string; Code?: string; SenderFault?: boolean; Message?: string }[];
}

/** The failures that the answer to a batch names. The id of an entry is its index. */
export const failedEntries = (output: unknown): Failure[] =>
  ((output as BatchOutput | undefined)?.Failed ?? []).map(
    ({ Id, Code = '', SenderFault = false, Message = '' }) => ({
      index: Number(Id),
      mayRetry: mayPass(Code, SenderFault),
      reason: oneLine(`${Code}: ${Message}`),
    }),
  );
