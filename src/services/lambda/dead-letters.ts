// Sends events that were given up to the queue or topic of the function's DeadLetterConfig.

import { parseArn } from '../../aws/arn.ts';
import type { Failure } from '../../control/outbox.ts';
import type { Client } from '../../wire/client.ts';
import type { LambdaEvent } from './domain/model.ts';

/** The services to which dead letters go. */
export interface DeadLetterTargets {
  sns: Client<typeof import('@aws-sdk/client-sns')>;
  sqs: Client<typeof import('@aws-sdk/client-sqs')>;
}

/** AWS: the first kilobyte of the error. */
const LONGEST_ERROR = 1_024;
/** AWS: an event that was never run because of throttling, and one that the function failed. */
const [THROTTLED, FAILED] = ['429', '200'];

/**
 * Sends an event, as it was, to a queue or topic. AWS: the attributes tell the request and its last error (Lambda
 * Developer Guide, "Adding a dead-letter queue"). Rejects with the fault of the target.
 */
export async function sendDeadLetter(
  { sns, sqs }: DeadLetterTargets,
  targetArn: string,
  { requestId, payload }: LambdaEvent,
  failure: Failure,
): Promise<void> {
  const { accountId, region, service, resource } = parseArn(targetArn)!;
  const scope = { accountId, region };
  const body = Buffer.from(payload, 'base64').toString();
  const detail = failure.kind === 'failed' ? failure.detail : undefined;
  const MessageAttributes = {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: failure.kind === 'not now' ? THROTTLED : FAILED },
    ErrorMessage: {
      DataType: 'String',
      StringValue: (detail || failure.reason).slice(0, LONGEST_ERROR),
    },
  };
  if (service === 'sns') {
    await sns.call('Publish', { TopicArn: targetArn, Message: body, MessageAttributes }, scope);
    return;
  }
  const { QueueUrl } = await sqs.call('GetQueueUrl', { QueueName: resource }, scope);
  await sqs.call('SendMessage', { QueueUrl: QueueUrl!, MessageBody: body, MessageAttributes }, scope);
}
