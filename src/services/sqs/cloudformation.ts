// SQS's resource types for CloudFormation: queues and their policies. Each calls SQS's own API.

import { attachedPolicyType } from '../../control/attached-policy.ts';
import { physicalName } from '../../control/physical-name.ts';
import { unless } from '../../control/resource-attempts.ts';
import {
  documentOf,
  requiredDocument,
  requiredText,
  tagsOf,
  textOf,
} from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';

type SqsClient = Client<Sdk>;

/** AWS::SQS::Queue, AWS::SQS::QueueInlinePolicy and AWS::SQS::QueuePolicy. */
export const sqsResourceTypes = (sqs: SqsClient): ResourceType[] => [
  queueType(sqs),
  queueInlinePolicyType(sqs),
  queuePolicyType(sqs),
];

/** Properties that are also attributes of the same name. */
const ATTRIBUTES = [
  'DelaySeconds',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;
/** Properties of FIFO queues. */
const OF_FIFO = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoQueue',
  'FifoThroughputLimit',
] as const;

type Attributes = Record<string, string>;

const queueType = (sqs: SqsClient): ResourceType => ({
  name: 'AWS::SQS::Queue',
  async create(request) {
    const QueueName = textOf(request.properties, 'QueueName') ?? nameFor(request);
    const tags = tagsOf(request);
    const { QueueUrl } = await sqs.call(
      'CreateQueue',
      {
        QueueName,
        Attributes: attributesOf(request.properties),
        ...(Object.keys(tags).length > 0 && { tags }),
      },
      request.scope,
    );
    return stateOf(sqs, request, QueueUrl!);
  },
  async update(request) {
    const QueueUrl = request.physicalId;
    const after = attributesOf(request.properties);
    const removed = Object.keys(attributesOf(request.before)).filter((name) => !Object.hasOwn(after, name));
    const defaults = Object.fromEntries(removed.map((name) => [name, DEFAULTS[name] ?? '']));
    const Attributes = { ...defaults, ...after };
    if (Object.keys(Attributes).length > 0) {
      await sqs.call('SetQueueAttributes', { QueueUrl, Attributes }, request.scope);
    }
    await retag(sqs, request);
    return stateOf(sqs, request, QueueUrl);
  },
  async delete({ physicalId, scope }) {
    await unless(/^QueueDoesNotExist$/, sqs.call('DeleteQueue', { QueueUrl: physicalId }, scope));
  },
});

/** AWS: a name that CloudFormation makes for a FIFO queue ends in `.fifo`. */
const nameFor = (request: ResourceRequest): string =>
  documentOf(request.properties, 'FifoQueue') === 'true'
    ? `${physicalName(request, { maxLength: 75 })}.fifo`
    : physicalName(request, { maxLength: 80 });

/** The value of an attribute whose property is removed from the template. An empty value clears the others. */
const DEFAULTS: Attributes = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
  DelaySeconds: '0',
  KmsDataKeyReusePeriodSeconds: '300',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

function attributesOf(properties: Properties): Attributes {
  const given = [...ATTRIBUTES, ...OF_FIFO].map((name) => [name, documentOf(properties, name)] as const);
  // AWS: in a template, a standard queue may have FifoQueue false; its API takes no such attribute.
  return Object.fromEntries(
    given.filter(
      (entry): entry is [(typeof entry)[0], string] =>
        entry[1] !== undefined && !(entry[0] === 'FifoQueue' && entry[1] === 'false'),
    ),
  );
}

async function stateOf(sqs: SqsClient, { scope }: ResourceRequest, QueueUrl: string): Promise<ResourceState> {
  const { Attributes } = await sqs.call(
    'GetQueueAttributes',
    { QueueUrl, AttributeNames: ['QueueArn'] },
    scope,
  );
  return {
    physicalId: QueueUrl,
    attributes: {
      Arn: Attributes?.QueueArn ?? '',
      QueueName: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1),
      QueueUrl,
    },
  };
}

async function retag(sqs: SqsClient, request: ExistingResource): Promise<void> {
  const QueueUrl = request.physicalId;
  const Tags = tagsOf(request);
  const { Tags: held = {} } = await sqs.call('ListQueueTags', { QueueUrl }, request.scope);
  const TagKeys = Object.keys(held).filter((key) => !Object.hasOwn(Tags, key));
  if (TagKeys.length > 0) await sqs.call('UntagQueue', { QueueUrl, TagKeys }, request.scope);
  if (Object.keys(Tags).length > 0) await sqs.call('TagQueue', { QueueUrl, Tags }, request.scope);
}

const queuePolicyType = (sqs: SqsClient): ResourceType =>
  attachedPolicyType({
    name: 'AWS::SQS::QueuePolicy',
    targets: 'Queues',
    gone: /^QueueDoesNotExist$/,
    set: (QueueUrl, Policy, scope) =>
      sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { Policy } }, scope),
  });

/** The policy of one queue, whose URL is its identifier. */
function queueInlinePolicyType(sqs: SqsClient): ResourceType {
  const set = (QueueUrl: string, Policy: string, { scope }: Pick<ResourceRequest, 'scope'>) =>
    sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { Policy } }, scope);

  async function attach(request: ResourceRequest): Promise<ResourceState> {
    const queue = requiredText(request.properties, 'Queue');
    await set(queue, requiredDocument(request.properties, 'PolicyDocument'), request);
    return { physicalId: queue, attributes: {} };
  }

  return {
    name: 'AWS::SQS::QueueInlinePolicy',
    create: attach,
    update: attach,
    async delete(request) {
      await unless(/^QueueDoesNotExist$/, set(request.physicalId, '', request));
    },
  };
}
