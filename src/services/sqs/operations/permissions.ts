// AddPermission and RemovePermission change the statements of a queue's policy, by label. Policies are recorded and not
// enforced.

import { findQueue } from '../context.ts';
import type { Queue } from '../domain/model.ts';
import { queueArn } from '../domain/queue-names.ts';
import { invalidValueOf, missingParameter } from '../faults.ts';
import type { Operation } from '../sdk.ts';

const ACTIONS = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);
/** AWS: actions that a policy made by AddPermission cannot give away. */
const OF_THE_OWNER = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueueTags',
  'ListQueues',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);
const LABEL = /^[\w-]{1,80}$/;

interface Policy {
  Version: string;
  Id?: string;
  Statement: { Sid?: string; [member: string]: unknown }[];
}

/** Throws QueueDoesNotExist, InvalidParameterValue, MissingRequiredParameter. */
export const AddPermission: Operation<'AddPermission'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    const { Label, AWSAccountIds, Actions } = input;
    if (!LABEL.test(Label)) {
      throw invalidValueOf(
        'Label',
        Label.slice(0, 100),
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    if (AWSAccountIds.length === 0) throw missingParameter('PrincipalId');
    if (Actions.length === 0) throw missingParameter('Actions');
    const unknown = Actions.find((action) => !ACTIONS.has(action));
    if (unknown !== undefined) {
      throw invalidValueOf(
        'ActionName',
        `SQS:${unknown.slice(0, 100)}`,
        OF_THE_OWNER.has(unknown)
          ? 'Only the queue owner is allowed to invoke this action.'
          : 'Please refer to the appropriate WSDL for a list of valid actions.',
      );
    }
    const arn = queueArn(scope, queue.name);
    const policy = policyOf(queue) ?? { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
    if (policy.Statement.some(({ Sid }) => Sid === Label)) {
      throw invalidValueOf('Label', Label, 'Already exists.');
    }
    const principals = AWSAccountIds.map((id) => (id === '*' ? id : `arn:aws:iam::${id}:root`));
    policy.Statement.push({
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: single(principals) },
      Action: single(Actions.map((action) => `SQS:${action}`)),
      Resource: arn,
    });
    sqs.records.queues.put(scope, withPolicy(queue, policy, sqs.clock.now()));
    return {};
  });

/** Throws QueueDoesNotExist, InvalidParameterValue for an unknown label. */
export const RemovePermission: Operation<'RemovePermission'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { scope, queue } = findQueue(sqs, context, input.QueueUrl);
    const policy = policyOf(queue);
    const left = policy?.Statement.filter(({ Sid }) => Sid !== input.Label);
    if (!policy || !left || left.length === policy.Statement.length) {
      throw invalidValueOf('Label', input.Label.slice(0, 100), "can't find label.");
    }
    sqs.records.queues.put(scope, withPolicy(queue, { ...policy, Statement: left }, sqs.clock.now()));
    return {};
  });

/** A client's policy may have a single statement instead of a list. */
function policyOf({ attributes }: Queue): Policy | undefined {
  if (attributes.Policy === undefined) return undefined;
  const policy = JSON.parse(attributes.Policy) as Policy;
  return { ...policy, Statement: [policy.Statement ?? []].flat() };
}

function withPolicy(queue: Queue, policy: Policy, modifiedAt: number): Queue {
  const { Policy: _, ...others } = queue.attributes;
  const isEmpty = policy.Statement.length === 0;
  return {
    ...queue,
    modifiedAt,
    attributes: isEmpty ? others : { ...others, Policy: JSON.stringify(policy) },
  };
}

/** AWS: a list of one item is shown as the item. */
const single = <T>(items: T[]): T | T[] => (items.length === 1 ? items[0]! : items);
