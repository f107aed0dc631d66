// Names, ARNs and URLs of queues. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { invalidFifoName, invalidQueueName, queueDoesNotExist } from '../faults.ts';

const STANDARD_NAME = /^[\w-]{1,80}$/;
const FIFO_NAME = /^[\w-]{1,75}\.fifo$/;

const isName = (name: string): boolean => STANDARD_NAME.test(name) || FIFO_NAME.test(name);

/** What a queue's ARN or URL names. */
export interface QueueReference {
  scope: Scope;
  name: string;
}

/** Validates the name of a new queue. Throws InvalidParameterValue. */
export function checkQueueName(name: string, isFifo: boolean): void {
  if (isFifo && !FIFO_NAME.test(name)) throw invalidFifoName();
  if (!isFifo && !STANDARD_NAME.test(name)) throw invalidQueueName();
}

/** Whether the queue of this name is a FIFO queue. AWS: its name ends in `.fifo`, and no other queue's name does. */
export const isFifoName = (name: string): boolean => name.endsWith('.fifo');

/** `arn:aws:sqs:region:account:name`. */
export const queueArn = (scope: Scope, name: string): string => renderArn('sqs', scope, name);

/** Parses a queue's ARN; `undefined` if it is none. */
export function readQueueArn(text: string): QueueReference | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'sqs' || !isName(arn.resource)) return undefined;
  return { scope: { accountId: arn.accountId, region: arn.region }, name: arn.resource };
}

/** The URL of a queue. `base` has no slash at the end. */
export const queueUrl = (base: string, { accountId }: Scope, name: string): string =>
  `${base}/${accountId}/${name}`;

/** Parses a queue URL with any host. AWS: older clients pass only the name. Throws QueueDoesNotExist. */
export function readQueueUrl(url: string, asked: Scope): QueueReference {
  const path = URL.parse(url)?.pathname ?? url;
  const parts = path.split('/').filter((part) => part !== '');
  const name = parts.at(-1);
  const accountId = parts.at(-2) ?? asked.accountId;
  if (name === undefined || parts.length > 2 || !isName(name) || !/^\d{12}$/.test(accountId)) {
    throw queueDoesNotExist();
  }
  return { scope: { accountId, region: asked.region }, name };
}
