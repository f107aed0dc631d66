// Attributes of topics and subscriptions: which exist, which values are valid, and how they are shown. Pure.

import { partitionOf, type Scope } from '../../../aws/scope.ts';
import { invalidParameter, unsupported } from '../faults.ts';
import { checkDeliveryPolicy, effectiveRetries } from './delivery-policy.ts';
import type { Subscription, Topic } from './model.ts';
import { subscriptionArn, topicArn } from './names.ts';
import { checkPolicy, defaultPolicy } from './topic-policy.ts';

type Check = (value: string) => void;

const anything: Check = () => {};
const LONGEST_VALUE = 256 * 1024;

const oneOf =
  (name: string, ...values: string[]): Check =>
  (value) => {
    if (!values.includes(value)) throw invalidParameter(name, `must be one of ${values.join(', ')}`);
  };

const FEEDBACK_ROLE = /^(Application|Firehose|HTTP|Lambda|SQS)(Success|Failure)FeedbackRoleArn$/;
const FEEDBACK_RATE = /^(Application|Firehose|HTTP|Lambda|SQS)SuccessFeedbackSampleRate$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;

const matching =
  (name: string, pattern: RegExp): Check =>
  (value) => {
    if (!pattern.test(value)) throw invalidParameter(name);
  };

const TOPIC: Record<string, Check> = {
  DisplayName: (value) => {
    if (value.length > 100) throw invalidParameter('DisplayName', 'must be at most 100 characters long');
  },
  Policy: checkPolicy,
  DeliveryPolicy: (value) => checkDeliveryPolicy(value, 'topic'),
  KmsMasterKeyId: anything,
  SignatureVersion: oneOf('SignatureVersion', '1', '2'),
  TracingConfig: oneOf('TracingConfig', 'PassThrough', 'Active'),
};

const OF_FIFO = ['ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'];

function topicCheck(name: string): Check | undefined {
  if (OF_FIFO.includes(name)) throw unsupported(name, 'FIFO topics.');
  if (FEEDBACK_ROLE.test(name)) return matching(name, ROLE);
  if (FEEDBACK_RATE.test(name)) return matching(name, /^(\d{1,2}|100)$/);
  return Object.hasOwn(TOPIC, name) ? TOPIC[name] : undefined;
}

/**
 * Validates an attribute for SetTopicAttributes. AWS: FifoTopic cannot change after creation. Throws InvalidParameter.
 */
export function checkTopicAttribute(name: string, value: string): void {
  const check = topicCheck(name);
  if (!check) throw invalidParameter('AttributeName');
  checkValue(name, value, check);
}

/** Validates attributes for CreateTopic and returns those to store. Throws InvalidParameter. */
export function newTopicAttributes(given: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    if (name === 'FifoTopic') checkNoFifo(value);
    else {
      const check = topicCheck(name);
      // The text is AWS's (https://github.com/hashicorp/terraform-provider-aws/pull/22282).
      if (!check) throw invalidParameter('Attributes', `Unknown attribute ${name.slice(0, 100)}`);
      checkValue(name, value, check);
    }
  }
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== '' && name !== 'FifoTopic'),
  );
}

/** AWS: `false` makes a standard topic, which does not show the attribute afterwards. */
function checkNoFifo(value: string): void {
  if (/^true$/i.test(value)) throw unsupported('FifoTopic', 'FIFO topics.');
  if (!/^false$/i.test(value)) throw invalidParameter('Attributes', 'FifoTopic must be true or false');
}

function checkValue(name: string, value: string, check: Check): void {
  if (value.length > LONGEST_VALUE) throw invalidParameter(name, 'is too long');
  // AWS: an empty value removes the attribute.
  if (value !== '') check(value);
}

const SUBSCRIPTION: Record<string, Check> = {
  RawMessageDelivery: (value) => {
    if (!/^(true|false)$/i.test(value)) {
      throw invalidParameter(
        `RawMessageDelivery: Invalid value [${value.slice(0, 100)}]. Must be true or false.`,
      );
    }
  },
  DeliveryPolicy: (value) => checkDeliveryPolicy(value, 'subscription'),
  FilterPolicyScope: oneOf('FilterPolicyScope', 'MessageAttributes', 'MessageBody'),
  RedrivePolicy: (value) => void deadLetterTarget(value),
  // filter/ validates it, because its meaning depends on FilterPolicyScope.
  FilterPolicy: anything,
};

/**
 * Validates an attribute and returns the value to store. Filter policies are validated in filter/. Throws
 * InvalidParameter.
 */
export function readSubscriptionAttribute(name: string, value: string): string {
  if (name === 'SubscriptionRoleArn' || name === 'ReplayPolicy') {
    throw unsupported(name, 'subscriptions to Firehose and replays.');
  }
  const check = Object.hasOwn(SUBSCRIPTION, name) ? SUBSCRIPTION[name] : undefined;
  if (!check) throw invalidParameter('AttributeName');
  // AWS: RawMessageDelivery cannot be removed, so an empty value is invalid.
  if (name === 'RawMessageDelivery') check(value);
  checkValue(name, value, check);
  return name === 'RawMessageDelivery' ? value.toLowerCase() : value;
}

/** The ARN of the dead-letter queue in a redrive policy. Throws InvalidParameter. */
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

/** The attributes as GetTopicAttributes shows them, with defaults and derived values. */
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

/** The attributes as GetSubscriptionAttributes shows them, with defaults and derived values. */
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

/** The endpoint as it is shown. AWS: a password in the URL is masked. */
export const shownEndpoint = ({ endpoint }: Pick<Subscription, 'endpoint'>): string =>
  endpoint.replace(/^(https?:\/\/[^/@:]*):[^/@]*@/, '$1:****@');
