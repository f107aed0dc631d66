// Receipt handles name a message and one receive of it. Pure.

import { invalidReceiptHandle } from '../faults.ts';
import type { Message } from './model.ts';

/** A parsed receipt handle. */
export interface Receipt {
  mailbox: string;
  messageId: string;
  /** Equals `Message.receipt` if this is the message's newest handle. */
  receipt: string;
}

const MARK = 'sqs-receipt';
const UUID = /^[0-9a-f-]{36}$/;

/** The handle of the message's last receive; opaque to clients. */
export const handleOf = ({ mailbox, id, receipt }: Message): string =>
  Buffer.from([MARK, mailbox, id, receipt].join('\n')).toString('base64');

/** Parses a handle. Throws ReceiptHandleIsInvalid for anything that `handleOf` does not return. */
export function readHandle(handle: string): Receipt {
  const [mark, mailbox, messageId, receipt, ...more] = Buffer.from(handle, 'base64').toString().split('\n');
  const isOurs = mark === MARK && mailbox && receipt && more.length === 0 && UUID.test(messageId ?? '');
  if (!isOurs) throw invalidReceiptHandle();
  return { mailbox, messageId: messageId!, receipt };
}
