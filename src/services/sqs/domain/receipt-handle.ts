// Receipt handles: which message, and which time it was received. Pure.

import { invalidReceiptHandle } from '../faults.ts';
import type { Message } from './model.ts';

export interface Receipt {
  mailbox: string;
  messageId: string;
  /** What the message's newest handle has in `Message.receipt`. */
  receipt: string;
}

const MARK = 'sqs-receipt';
const UUID = /^[0-9a-f-]{36}$/;

export const handleOf = ({ mailbox, id, receipt }: Message): string =>
  Buffer.from([MARK, mailbox, id, receipt].join('\n')).toString('base64');

/** Throws ReceiptHandleIsInvalid for what no receive ever gave. */
export function readHandle(handle: string): Receipt {
  const [mark, mailbox, messageId, receipt, ...more] = Buffer.from(handle, 'base64').toString().split('\n');
  const isOurs = mark === MARK && mailbox && receipt && more.length === 0 && UUID.test(messageId ?? '');
  if (!isOurs) throw invalidReceiptHandle();
  return { mailbox, messageId: messageId!, receipt };
}
