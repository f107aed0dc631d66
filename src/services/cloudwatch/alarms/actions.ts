// The actions of an alarm: a change of its state is published to topics, and functions are invoked with it.

import { parseArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Client } from '../../../wire/client.ts';
import type { AlarmRecord } from './model.ts';
import { eventOf, notificationOf } from './view.ts';

/** A client of SNS's API. */
export type SnsClient = Client<typeof import('@aws-sdk/client-sns')>;
/** A client of Lambda's API. */
export type LambdaClient = Client<typeof import('@aws-sdk/client-lambda')>;

/** The services that actions call. Without one of them, its actions do nothing. */
export interface ActionTargets {
  sns?: SnsClient | undefined;
  lambda?: LambdaClient | undefined;
}

/** The services whose ARNs an action may have. */
export const ACTION_SERVICES: readonly string[] = ['sns', 'lambda'];

/**
 * Carries out one action for the recorded change of the alarm. `action` is the ARN of a topic or function. Rejects with
 * the error of the called service.
 */
export async function act(
  targets: ActionTargets,
  alarm: AlarmRecord,
  scope: Scope,
  action: string,
): Promise<void> {
  const { service, accountId = scope.accountId, region = scope.region } = parseArn(action) ?? {};
  if (service === 'sns') {
    await targets.sns?.call('Publish', { TopicArn: action, ...notificationOf(alarm, scope) }, scope);
    return;
  }
  // AWS: the invocation is asynchronous.
  const Payload = Buffer.from(JSON.stringify(eventOf(alarm, scope)));
  const invocation = { FunctionName: action, InvocationType: 'Event' as const, Payload };
  await targets.lambda?.call('Invoke', invocation, { accountId, region });
}
