// Tables as DynamoDB describes them.

import type {
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  ProvisionedThroughputDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import { renderArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import type { KeySchema } from './domain/keys.ts';
import { allAttributes } from './domain/tables/keys.ts';
import type { Index, IndexProjection, OnDemandThroughput, Table, Throughput } from './domain/tables/model.ts';
import { decreasesToday, INITIAL } from './domain/tables/throughput.ts';
import type { OpenTable } from './storage/tables.ts';
import type { Tally } from './storage/tallies.ts';

/** The ARN of a table. */
export const tableArn = (scope: Scope, name: string): string => renderArn('dynamodb', scope, `table/${name}`);

/** What a description needs besides the record: sizes. */
export interface Described {
  scope: Scope;
  record: Table;
  tally?: Pick<Tally, 'items' | 'bytes'>;
  tallyOf?(index: number): Pick<Tally, 'items' | 'bytes'>;
}

const EMPTY = { items: 0, bytes: 0 };

/** A table as Describe, Create, Update and Delete show it. */
export function describeTable(table: Described | OpenTable, now: number): TableDescription {
  const { scope, record } = table;
  const { items, bytes } = table.tally ?? EMPTY;
  const arn = tableArn(scope, record.name);
  const local = record.indexes.filter(({ kind }) => kind === 'local');
  const global = record.indexes.filter(({ kind }) => kind === 'global');
  const sizes = (index: Index) => {
    const tally = table.tallyOf?.(index.id) ?? EMPTY;
    return {
      IndexSizeBytes: tally.bytes,
      ItemCount: tally.items,
      IndexArn: `${arn}/index/${index.name}`,
    };
  };
  return {
    AttributeDefinitions: allAttributes([record.key, ...record.indexes.map(({ key }) => key)])
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    TableName: record.name,
    KeySchema: keySchema(record.key),
    TableStatus: record.status,
    CreationDateTime: new Date(record.createdAt),
    ProvisionedThroughput: throughputView(record.throughput, now),
    TableSizeBytes: bytes,
    ItemCount: items,
    TableArn: arn,
    TableId: record.uuid,
    ...(record.paidPerRequestSince !== undefined && {
      BillingModeSummary: {
        BillingMode: record.billing,
        LastUpdateToPayPerRequestDateTime: new Date(record.paidPerRequestSince),
      },
    }),
    ...(local.length > 0 && {
      LocalSecondaryIndexes: local.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.key),
        Projection: projectionView(index.projection),
        ...sizes(index),
      })),
    }),
    ...(global.length > 0 && {
      GlobalSecondaryIndexes: global.map((index) => ({
        ...globalIndex(index, record, now),
        ...sizes(index),
      })),
    }),
    ...onDemandView(record.onDemand),
    WarmThroughput: { ...warmView(record), Status: 'ACTIVE' },
    ...(record.encryption && {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: record.encryption.keyArn },
    }),
    ...(record.tableClass && {
      TableClassSummary: {
        TableClass: record.tableClass,
        ...(record.tableClassSince !== undefined && { LastUpdateDateTime: new Date(record.tableClassSince) }),
      },
    }),
    DeletionProtectionEnabled: record.isProtected,
  };
}

function globalIndex(index: Index, table: Table, now: number): GlobalSecondaryIndexDescription {
  // AWS: an index that is created with its table has no backfilling.
  const isBackfilling = index.status === 'CREATING' && table.status !== 'CREATING';
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.key),
    Projection: projectionView(index.projection),
    IndexStatus: index.status,
    ...(isBackfilling && { Backfilling: true }),
    ProvisionedThroughput: throughputView(index.throughput, now),
    ...onDemandView(index.onDemand),
    WarmThroughput: { ...warmView(index), Status: 'ACTIVE' },
  };
}

/** A key as requests and descriptions have it. */
export const keySchema = ({ hash, range }: KeySchema): KeySchemaElement[] => [
  { AttributeName: hash.name, KeyType: 'HASH' },
  ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' } as const] : []),
];

const projectionView = ({ type, attributes }: IndexProjection) => ({
  ProjectionType: type,
  ...(attributes && { NonKeyAttributes: attributes }),
});

/** AWS: a table that is paid per request has zero units. */
function throughputView(throughput: Throughput | undefined, now: number): ProvisionedThroughputDescription {
  if (!throughput) return { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  const { read, write, increasedAt, decreasedAt } = throughput;
  return {
    ...(increasedAt !== undefined && { LastIncreaseDateTime: new Date(increasedAt) }),
    ...(decreasedAt !== undefined && { LastDecreaseDateTime: new Date(decreasedAt) }),
    NumberOfDecreasesToday: decreasesToday(throughput, now),
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  };
}

const onDemandView = (given: OnDemandThroughput | undefined) =>
  given && {
    OnDemandThroughput: { MaxReadRequestUnits: given.read ?? -1, MaxWriteRequestUnits: given.write ?? -1 },
  };

function warmView({ warm, throughput }: Pick<Table, 'warm' | 'throughput'>) {
  return {
    ReadUnitsPerSecond: warm?.read ?? throughput?.read ?? INITIAL.read,
    WriteUnitsPerSecond: warm?.write ?? throughput?.write ?? INITIAL.write,
  };
}
