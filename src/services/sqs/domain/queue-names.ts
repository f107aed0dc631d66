// Names of queues, their ARNs and their URLs. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { fifoUnsupported, invalidQueueName, queueDoesNotExist } from '../faults.ts';

const NAME = /^[\w-]{1,80}$/;
const FIFO_NAME = /^[\w-]{1,75}\.fifo$/;

export interface QueueReference {
  scope: Scope;
  name: string;
}

/** Throws InvalidParameterValue; UnsupportedOperation for a FIFO queue's. */
export function checkQueueName(name: string): void {
  if (FIFO_NAME.test(name)) throw fifoUnsupported();
  if (!NAME.test(name)) throw invalidQueueName();
}

export const queueArn = (scope: Scope, name: string): string => renderArn('sqs', scope, name);

/** `undefined` for what is no queue's ARN. */
export function readQueueArn(text: string): QueueReference | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'sqs' || !NAME.test(arn.resource)) return undefined;
  return { scope: { accountId: arn.accountId, region: arn.region }, name: arn.resource };
}

/** `base` without a slash at the end. */
export const queueUrl = (base: string, { accountId }: Scope, name: string): string =>
  `${base}/${accountId}/${name}`;

/**
 * Whose queue a URL means; its host may be any. AWS: old clients give just the name, and old URLs name the region
 * with their host. Throws QueueDoesNotExist.
 */
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
