// Checks that a queue may use the dead-letter queue that its redrive policy names.

import type { Scope } from '../../aws/scope.ts';
import type { Sqs } from './context.ts';
import { isFifoName, queueArn, readQueueArn } from './domain/queue-names.ts';
import { maySend, redriveAllowPolicyOf, redrivePolicyOf } from './domain/redrive.ts';
import { invalidValueOf } from './faults.ts';

/**
 * Throws InvalidParameterValue if the target does not exist or does not allow this source. `attributes` are the
 * validated attributes that the queue will have.
 */
export function checkRedrive(
  { records }: Pick<Sqs, 'records'>,
  scope: Scope,
  name: string,
  attributes: Readonly<Record<string, string>>,
): void {
  const policy = redrivePolicyOf(attributes);
  if (policy === undefined) return;
  const refuse = (reason: string) => invalidValueOf('RedrivePolicy', attributes.RedrivePolicy!, reason);
  const target = readQueueArn(policy.deadLetterTargetArn);
  const isOwn = target?.scope.accountId === scope.accountId && target.scope.region === scope.region;
  const isItself = isOwn && target.name === name;
  const queue = isOwn ? records.queues.find(scope, target.name) : undefined;
  if (!queue && !isItself) throw refuse('Dead letter target does not exist.');
  // AWS: both are of the same type (Developer Guide, "Using dead-letter queues").
  if (isFifoName(target!.name) !== isFifoName(name)) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  const source = queueArn(scope, name);
  if (!maySend(redriveAllowPolicyOf(queue?.attributes ?? attributes), source)) {
    throw refuse(`Queue ${source} does not have permission to use the dead letter target.` /* own */);
  }
}
