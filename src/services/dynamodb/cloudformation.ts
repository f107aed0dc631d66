// The resource type AWS::DynamoDB::Table. It calls DynamoDB's own API.

import { setTimeout as delay } from 'node:timers/promises';
import type { CreateTableInput, TableDescription, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../control/physical-name.ts';
import { createOnce, finishing, unless } from '../../control/resource-attempts.ts';
import { objectOf, renderTags, tagsOf, textOf } from '../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import {
  changeOfIndexes,
  refuseUnsupported,
  settingsOf,
  sseOf,
  tableInputOf,
  timeToLiveOf,
} from './table-properties.ts';

type DynamoDbClient = Client<Sdk>;

/** All resource types of DynamoDB. */
export const dynamoDbResourceTypes = (dynamodb: DynamoDbClient): ResourceType[] => [tableType(dynamodb)];

const GONE = /^ResourceNotFoundException$/;
const POLL_MS = 200;

const tableType = (dynamodb: DynamoDbClient): ResourceType => ({
  name: 'AWS::DynamoDB::Table',
  inTheWay: /^ResourceInUseException$/,
  async create(request) {
    const { properties, scope } = request;
    refuseUnsupported(properties);
    const TableName = textOf(properties, 'TableName') ?? physicalName(request, { maxLength: 255 });
    const tags = tagsOf(request);
    const input = {
      ...tableInputOf(properties),
      TableName,
      ...(Object.keys(tags).length > 0 && { Tags: renderTags(tags) }),
    } as CreateTableInput;
    await createOnce(
      request,
      /^ResourceInUseException$/,
      dynamodb.call('CreateTable', input as never, scope),
    );
    return await finishing(TableName, async () => {
      const table = await settled(dynamodb, request, TableName);
      await putTimeToLive(dynamodb, request, TableName, {});
      await putRecovery(dynamodb, request, TableName, {});
      return stateOf(TableName, table);
    });
  },
  async update(request) {
    const { physicalId: TableName, properties, before } = request;
    refuseUnsupported(properties);
    await settled(dynamodb, request, TableName);
    for (const change of changesOf(properties, before)) {
      await dynamodb.call('UpdateTable', { ...change, TableName } as never, request.scope);
      await settled(dynamodb, request, TableName);
    }
    await putTimeToLive(dynamodb, request, TableName, before);
    await putRecovery(dynamodb, request, TableName, before);
    const table = await settled(dynamodb, request, TableName);
    await retag(dynamodb, request, table);
    return stateOf(TableName, table);
  },
  async delete({ physicalId: TableName, scope, signal }) {
    await unless(GONE, dynamodb.call('DeleteTable', { TableName }, scope));
    while (await unless(GONE, dynamodb.call('DescribeTable', { TableName }, scope))) {
      await delay(POLL_MS, undefined, { signal });
    }
  },
});

const stateOf = (physicalId: string, { TableArn }: TableDescription): ResourceState => ({
  physicalId,
  attributes: { Arn: TableArn ?? '' },
});

/** The table once it and all its indexes are ACTIVE. */
async function settled(
  dynamodb: DynamoDbClient,
  { scope, signal }: Pick<ResourceRequest, 'scope' | 'signal'>,
  TableName: string,
): Promise<TableDescription> {
  for (;;) {
    const { Table } = await dynamodb.call('DescribeTable', { TableName }, scope);
    const { TableStatus, GlobalSecondaryIndexes = [] } = Table!;
    const isSettled =
      TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
    if (isSettled) return Table!;
    await delay(POLL_MS, undefined, { signal });
  }
}

/** The calls of UpdateTable that lead from one template to the other. Throws with CloudFormation's words. */
function changesOf(properties: Properties, before: Properties): Partial<UpdateTableInput>[] {
  const changes: Partial<UpdateTableInput>[] = [];
  const indexes = changeOfIndexes(properties, before);
  const wanted = tableInputOf(properties);
  const held = tableInputOf(before);
  const isSame = (name: keyof typeof wanted) => JSON.stringify(wanted[name]) === JSON.stringify(held[name]);
  const billing = wanted.BillingMode ?? 'PROVISIONED';
  const throughput: Partial<UpdateTableInput> = {
    ...(billing !== (held.BillingMode ?? 'PROVISIONED') && { BillingMode: billing }),
    ...(!isSame('ProvisionedThroughput') &&
      billing === 'PROVISIONED' && { ProvisionedThroughput: wanted.ProvisionedThroughput }),
    ...(indexes.changed.length > 0 && { GlobalSecondaryIndexUpdates: indexes.changed }),
  };
  if (Object.keys(throughput).length > 0) changes.push(throughput);
  const settings = settingsOf(properties, before);
  if (Object.keys(settings).length > 0) changes.push(settings);
  if (JSON.stringify(sseOf(properties)) !== JSON.stringify(sseOf(before))) {
    changes.push({ SSESpecification: sseOf(properties) ?? { Enabled: false } });
  }
  const { AttributeDefinitions } = wanted;
  for (const update of indexes.online) {
    changes.push({ GlobalSecondaryIndexUpdates: [update], ...(update.Create && { AttributeDefinitions }) });
  }
  return changes;
}

async function putTimeToLive(
  dynamodb: DynamoDbClient,
  request: ResourceRequest,
  TableName: string,
  before: Properties,
): Promise<void> {
  const wanted = timeToLiveOf(request.properties);
  if (!wanted && !timeToLiveOf(before)) return;
  const { scope, signal } = request;
  const described = async () => {
    for (;;) {
      const { TimeToLiveDescription: held } = await dynamodb.call('DescribeTimeToLive', { TableName }, scope);
      if (!held?.TimeToLiveStatus?.endsWith('ING')) return held;
      await delay(POLL_MS, undefined, { signal });
    }
  };
  const set = (AttributeName: string, Enabled: boolean) =>
    dynamodb.call(
      'UpdateTimeToLive',
      { TableName, TimeToLiveSpecification: { AttributeName, Enabled } },
      scope,
    );
  const held = await described();
  const isOn = held?.TimeToLiveStatus === 'ENABLED';
  const attribute = wanted?.Enabled ? wanted.AttributeName : undefined;
  if (isOn && held.AttributeName === attribute) return;
  if (isOn) {
    await set(held.AttributeName!, false);
    await described();
  }
  if (attribute !== undefined) await set(attribute, true);
}

async function putRecovery(
  dynamodb: DynamoDbClient,
  { properties, scope }: ResourceRequest,
  TableName: string,
  before: Properties,
): Promise<void> {
  const read = (from: Properties) => objectOf(from, 'PointInTimeRecoverySpecification');
  const wanted = read(properties);
  if (JSON.stringify(wanted) === JSON.stringify(read(before))) return;
  const isEnabled = String(wanted?.PointInTimeRecoveryEnabled ?? false).toLowerCase() === 'true';
  const days = wanted?.RecoveryPeriodInDays;
  await dynamodb.call(
    'UpdateContinuousBackups',
    {
      TableName,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: isEnabled,
        ...(isEnabled && days !== undefined && days !== null && { RecoveryPeriodInDays: Number(days) }),
      },
    },
    scope,
  );
}

async function retag(
  dynamodb: DynamoDbClient,
  request: ExistingResource,
  { TableArn }: TableDescription,
): Promise<void> {
  const { scope } = request;
  const wanted = tagsOf(request);
  const ResourceArn = TableArn!;
  const { Tags = [] } = await dynamodb.call('ListTagsOfResource', { ResourceArn }, scope);
  const TagKeys = Tags.flatMap(({ Key }) => (Key !== undefined && !Object.hasOwn(wanted, Key) ? [Key] : []));
  if (TagKeys.length > 0) await dynamodb.call('UntagResource', { ResourceArn, TagKeys }, scope);
  if (Object.keys(wanted).length > 0) {
    await dynamodb.call('TagResource', { ResourceArn, Tags: renderTags(wanted) }, scope);
  }
}
