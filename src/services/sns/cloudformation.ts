// SNS's resource types for CloudFormation: topics, subscriptions and topic policies. Each calls SNS's own API.

import { parseArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import { attachedPolicyType } from '../../control/attached-policy.ts';
import { physicalName } from '../../control/physical-name.ts';
import {
  changesOf,
  flagOf,
  objectsOf,
  renderTags,
  requiredText,
  tagsOf,
  textOf,
} from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceState,
  ResourceType,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { subscriptionType } from './subscription-type.ts';

type SnsClient = Client<Sdk>;

/** AWS::SNS::Topic, AWS::SNS::Subscription and AWS::SNS::TopicPolicy. */
export const snsResourceTypes = (sns: SnsClient): ResourceType[] => [
  topicType(sns),
  subscriptionType(sns),
  topicPolicyType(sns),
];

/** Properties that are also attributes of the same name and meaning. */
const ATTRIBUTES = [
  'DisplayName',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'FifoThroughputScope',
] as const;

const topicType = (sns: SnsClient): ResourceType => ({
  name: 'AWS::SNS::Topic',

  async create(request) {
    const { scope, properties } = request;
    const Name = textOf(properties, 'TopicName') ?? physicalName(request, { maxLength: 256 });
    const Tags = renderTags(tagsOf(request));
    const Attributes = {
      ...attributesOf(properties),
      ...(flagOf(properties, 'FifoTopic') && { FifoTopic: 'true' }),
    };
    const { TopicArn = '' } = await sns.call('CreateTopic', { Name, Attributes, Tags }, scope);
    for (const wanted of endpointsOf(properties)) await subscribe(sns, TopicArn, wanted, scope);
    return stateOf(TopicArn);
  },

  async update(request) {
    const { scope, physicalId: TopicArn, properties, before } = request;
    const [old, updated] = [attributesOf(before), attributesOf(properties)];
    for (const AttributeName of ATTRIBUTES) {
      if (old[AttributeName] === updated[AttributeName]) continue;
      const AttributeValue = updated[AttributeName] ?? '';
      await sns.call('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue }, scope);
    }
    const { gone, come } = changesOf(endpointsOf(before), endpointsOf(properties), keyOf);
    if (gone.length > 0) await unsubscribe(sns, TopicArn, gone, scope);
    for (const wanted of come) await subscribe(sns, TopicArn, wanted, scope);
    await retag(sns, request);
    return stateOf(TopicArn);
  },

  async delete({ scope, physicalId: TopicArn }) {
    await sns.call('DeleteTopic', { TopicArn }, scope);
  },
});

function attributesOf(properties: Properties): Record<string, string> {
  const entries = ATTRIBUTES.map((name) => [name, textOf(properties, name)] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof ATTRIBUTES)[number], string] => !!entry[1]),
  );
}

const stateOf = (TopicArn: string): ResourceState => ({
  physicalId: TopicArn,
  attributes: { TopicArn, TopicName: parseArn(TopicArn)?.resource ?? '' },
});

interface Wanted {
  Protocol: string;
  Endpoint: string;
}

const endpointsOf = (properties: Properties): Wanted[] =>
  objectsOf(properties, 'Subscription').map((one) => ({
    Protocol: requiredText(one, 'Protocol'),
    Endpoint: requiredText(one, 'Endpoint'),
  }));

const keyOf = ({ Protocol, Endpoint }: { Protocol?: string | undefined; Endpoint?: string | undefined }) =>
  `${Protocol} ${Endpoint}`;

const subscribe = (sns: SnsClient, TopicArn: string, wanted: Wanted, scope: Scope) =>
  sns.call('Subscribe', { TopicArn, ...wanted }, scope);

async function unsubscribe(sns: SnsClient, TopicArn: string, gone: Wanted[], scope: Scope): Promise<void> {
  const keys = new Set(gone.map(keyOf));
  let NextToken: string | undefined;
  do {
    const page = await sns.call('ListSubscriptionsByTopic', { TopicArn, NextToken }, scope);
    for (const one of page.Subscriptions ?? []) {
      const { SubscriptionArn = '' } = one;
      // Unconfirmed subscriptions have no ARN yet. They expire by themselves.
      if (keys.has(keyOf(one)) && parseArn(SubscriptionArn)) {
        await sns.call('Unsubscribe', { SubscriptionArn }, scope);
      }
    }
    NextToken = page.NextToken;
  } while (NextToken);
}

async function retag(sns: SnsClient, request: ExistingResource): Promise<void> {
  const { scope, physicalId: ResourceArn } = request;
  const wanted = tagsOf(request);
  const { Tags: held } = await sns.call('ListTagsForResource', { ResourceArn }, scope);
  const TagKeys = (held ?? []).map(({ Key }) => Key ?? '').filter((key) => !Object.hasOwn(wanted, key));
  if (TagKeys.length > 0) await sns.call('UntagResource', { ResourceArn, TagKeys }, scope);
  const Tags = renderTags(wanted);
  if (Tags.length > 0) await sns.call('TagResource', { ResourceArn, Tags }, scope);
}

const topicPolicyType = (sns: SnsClient): ResourceType =>
  attachedPolicyType({
    name: 'AWS::SNS::TopicPolicy',
    targets: 'Topics',
    gone: /^NotFoundException$/,
    set: (TopicArn, AttributeValue, scope) =>
      sns.call('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }, scope),
  });
