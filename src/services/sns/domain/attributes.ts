// Attributes of topics and subscriptions: which there are, what they may be, and how they are shown.

import { partitionOf, type Scope } from '../../../kernel/scope.ts';
import { invalidParameter, unsupported } from '../faults.ts';
import { effectiveRetries, readRetryPolicy } from './delivery-policy.ts';
import type { Subscription, Topic } from './model.ts';
import { subscriptionArn, topicArn } from './names.ts';

type Check = (value: string) => void;

const anything: Check = () => {};
const LONGEST_VALUE = 256 * 1024;

const oneOf =
  (name: string, ...values: string[]): Check =>
  (value) => {
    if (!values.includes(value)) throw invalidParameter(name, `must be one of ${values.join(', ')}`);
  };

const json =
  (name: string): Check =>
  (value) => {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === 'object' && parsed !== null) return;
    } catch {
      // Told below.
    }
    throw invalidParameter(`${name}: failed to parse JSON.`);
  };

const FEEDBACK =
  /^(Application|Firehose|HTTP|Lambda|SQS)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/;

const TOPIC: Record<string, Check> = {
  DisplayName: (value) => {
    if (value.length > 100) throw invalidParameter('DisplayName', 'must be at most 100 characters long');
  },
  Policy: json('Policy'),
  DeliveryPolicy: (value) => void readRetryPolicy(value, 'topic'),
  KmsMasterKeyId: anything,
  SignatureVersion: oneOf('SignatureVersion', '1', '2'),
  TracingConfig: oneOf('TracingConfig', 'PassThrough', 'Active'),
};

/** Throws InvalidParameter. */
export function checkTopicAttribute(name: string, value: string): void {
  const check = Object.hasOwn(TOPIC, name) ? TOPIC[name] : FEEDBACK.test(name) ? anything : undefined;
  if (['FifoTopic', 'ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'].includes(name)) {
    if (name === 'FifoTopic' && value === 'false') return;
    throw unsupported(name, 'FIFO topics.');
  }
  if (!check) throw invalidParameter('AttributeName');
  if (value.length > LONGEST_VALUE) throw invalidParameter(name, 'is too long');
  // AWS: an empty value takes the attribute away.
  if (value !== '') check(value);
}

const isRawDelivery = oneOf('RawMessageDelivery', 'true', 'false');

const SUBSCRIPTION: Record<string, Check> = {
  RawMessageDelivery: (value) => isRawDelivery(value.toLowerCase()),
  DeliveryPolicy: (value) => void readRetryPolicy(value, 'subscription'),
  FilterPolicyScope: oneOf('FilterPolicyScope', 'MessageAttributes', 'MessageBody'),
  RedrivePolicy: (value) => void deadLetterTarget(value),
  // Read by filter/, together with its scope.
  FilterPolicy: anything,
};

/** All but filter policies. Throws InvalidParameter. */
export function checkSubscriptionAttribute(name: string, value: string): void {
  if (name === 'SubscriptionRoleArn' || name === 'ReplayPolicy') {
    throw unsupported(name, 'subscriptions to Firehose and replays.');
  }
  const check = Object.hasOwn(SUBSCRIPTION, name) ? SUBSCRIPTION[name] : undefined;
  if (!check) throw invalidParameter('AttributeName');
  if (value.length > LONGEST_VALUE) throw invalidParameter(name, 'is too long');
  // AWS: an empty value takes the attribute away.
  if (value !== '') check(value);
}

/** Throws InvalidParameter. */
export function deadLetterTarget(redrivePolicy: string): string {
  let target: unknown;
  try {
    target = (JSON.parse(redrivePolicy) as { deadLetterTargetArn?: unknown } | null)?.deadLetterTargetArn;
  } catch {
    throw invalidParameter('RedrivePolicy: failed to parse JSON.');
  }
  if (typeof target !== 'string' || !/^arn:aws[a-z-]*:sqs:[^:]+:\d{12}:[^:]+$/.test(target)) {
    throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
  return target;
}

const ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

/** AWS: what every topic begins with. */
export function defaultPolicy(scope: Scope, name: string) {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ACTIONS.map((action) => `SNS:${action}`),
        Resource: topicArn(scope, name),
        Condition: { StringEquals: { 'AWS:SourceOwner': scope.accountId } },
      },
    ],
  };
}

export function viewTopicAttributes(
  scope: Scope,
  topic: Topic,
  counts: { confirmed: number; pending: number },
): Record<string, string> {
  const { attributes } = topic;
  return {
    Policy: JSON.stringify(defaultPolicy(scope, topic.name)),
    Owner: scope.accountId,
    SubscriptionsPending: String(counts.pending),
    TopicArn: topicArn(scope, topic.name),
    EffectiveDeliveryPolicy: JSON.stringify({
      http: {
        defaultHealthyRetryPolicy: effectiveRetries(attributes.DeliveryPolicy, undefined),
        disableSubscriptionOverrides: false,
        defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
      },
    }),
    SubscriptionsConfirmed: String(counts.confirmed),
    DisplayName: '',
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
    ...attributes,
  };
}

export function viewSubscriptionAttributes(
  scope: Scope,
  subscription: Subscription,
  topicDeliveryPolicy: string | undefined,
): Record<string, string> {
  const { attributes, protocol } = subscription;
  const isHttp = protocol === 'http' || protocol === 'https';
  return {
    SubscriptionArn: subscriptionArn(scope, subscription),
    TopicArn: topicArn(scope, subscription.topicName),
    Protocol: protocol,
    Endpoint: shownEndpoint(subscription),
    Owner: scope.accountId,
    SubscriptionPrincipal: `arn:${partitionOf(scope.region)}:iam::${scope.accountId}:root`,
    PendingConfirmation: String(subscription.pending !== undefined),
    ConfirmationWasAuthenticated: String(subscription.wasAuthenticated),
    RawMessageDelivery: 'false',
    ...(attributes.FilterPolicy !== undefined && { FilterPolicyScope: 'MessageAttributes' }),
    ...(isHttp && {
      EffectiveDeliveryPolicy: JSON.stringify({
        healthyRetryPolicy: effectiveRetries(topicDeliveryPolicy, attributes.DeliveryPolicy),
        sicklyRetryPolicy: null,
        throttlePolicy: null,
        requestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
        guaranteed: false,
      }),
    }),
    ...attributes,
  };
}

/** AWS: a password in the URL is never shown. */
export const shownEndpoint = ({ endpoint }: Pick<Subscription, 'endpoint'>): string =>
  endpoint.replace(/^(https?:\/\/[^/@:]*):[^/@]*@/, '$1:****@');
