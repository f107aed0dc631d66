// The resource type AWS::SNS::Subscription, over SNS's own API.

import type { Scope } from '../../aws/scope.ts';
import { isRefused, unless } from '../../control/resource-attempts.ts';
import { documentOf, requiredText, textOf } from '../../control/resource-properties.ts';
import type { Properties, ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

/** The order matters: a filter policy is validated against the scope that was set before it. */
const ATTRIBUTES = [
  'FilterPolicyScope',
  'FilterPolicy',
  'RawMessageDelivery',
  'DeliveryPolicy',
  'RedrivePolicy',
  'SubscriptionRoleArn',
  'ReplayPolicy',
] as const;

/** AWS::SNS::Subscription. Its physical id is the subscription's ARN. */
export const subscriptionType = (sns: Client<Sdk>): ResourceType => ({
  name: 'AWS::SNS::Subscription',

  async create({ scope, properties, isRetry }) {
    checkRegion(properties, scope);
    const input = {
      TopicArn: requiredText(properties, 'TopicArn'),
      Protocol: requiredText(properties, 'Protocol'),
      Endpoint: textOf(properties, 'Endpoint'),
      ReturnSubscriptionArn: true,
    };
    const Attributes = attributesOf(properties);
    try {
      return stateOf(await sns.call('Subscribe', { ...input, Attributes }, scope));
    } catch (error) {
      // An earlier attempt may have made the subscription, and its attributes may have changed since.
      if (!isRetry || !isRefused(error, /^InvalidParameterException$/)) throw error;
      return stateOf(await sns.call('Subscribe', input, scope));
    }
  },

  async update({ scope, physicalId: SubscriptionArn, properties, before }) {
    checkRegion(properties, scope);
    const [old, updated] = [attributesOf(before), attributesOf(properties)];
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue }, scope);
    // A filter policy written for the other scope may be invalid in the new one, so it is removed first.
    if (old.FilterPolicyScope !== updated.FilterPolicyScope && old.FilterPolicy !== undefined) {
      await set('FilterPolicy', '');
      delete old.FilterPolicy;
    }
    for (const name of ATTRIBUTES) {
      if (old[name] === updated[name]) continue;
      await set(name, updated[name] ?? DEFAULTS[name] ?? '');
    }
    return stateOf({ SubscriptionArn });
  },

  async delete({ scope, physicalId: SubscriptionArn }) {
    await unless(/^NotFoundException$/, sns.call('Unsubscribe', { SubscriptionArn }, scope));
  },
});

const DEFAULTS: Record<string, string> = {
  FilterPolicyScope: 'MessageAttributes',
  RawMessageDelivery: 'false',
};

const stateOf = ({ SubscriptionArn = '' }: { SubscriptionArn?: string | undefined }) => ({
  physicalId: SubscriptionArn,
  attributes: { Arn: SubscriptionArn },
});

function attributesOf(properties: Properties): Record<string, string> {
  const entries = ATTRIBUTES.map((name) => [name, documentOf(properties, name)] as const);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function checkRegion(properties: Properties, scope: Scope): void {
  const region = textOf(properties, 'Region');
  if (region !== undefined && region !== scope.region) {
    throw new Error(`Millpond subscribes to topics of the stack's own region alone, not of ${region}.`);
  }
}
