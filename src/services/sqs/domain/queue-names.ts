// Names, ARNs and URLs of queues. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { fifoUnsupported, invalidQueueName, queueDoesNotExist } from '../faults.ts';

const NAME = /^[\w-]{1,80}$/;
const FIFO_NAME = /^[\w-]{1,75}\.fifo$/;

/** What a queue's ARN or URL names. */
export interface QueueReference {
  scope: Scope;
  name: string;
}

/** Validates the name of a new queue. Throws InvalidParameterValue, and UnsupportedOperation for a FIFO name. */
export function checkQueueName(name: string): void {
  if (FIFO_NAME.test(name)) throw fifoUnsupported();
  if (!NAME.test(name)) throw invalidQueueName();
}

/** `arn:aws:sqs:region:account:name`. */
export const queueArn = (scope: Scope, name: string): string => renderArn('sqs', scope, name);

/** Parses a queue's ARN; `undefined` if it is none. */
export function readQueueArn(text: string): QueueReference | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'sqs' || !NAME.test(arn.resource)) return undefined;
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
  if (name === undefined || parts.length > 2 || !NAME.test(name) || !/^\d{12}$/.test(accountId)) {
    throw queueDoesNotExist();
  }
  return { scope: { accountId, region: asked.region }, name };
}
