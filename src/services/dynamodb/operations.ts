// Every operation of DynamoDB that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { DynamoDb } from './context.ts';
import { BatchGetItem } from './operations/batch-get-item.ts';
import { BatchWriteItem } from './operations/batch-write-item.ts';
import { DescribeContinuousBackups, UpdateContinuousBackups } from './operations/continuous-backups.ts';
import { CreateTable } from './operations/create-table.ts';
import { DeleteItem } from './operations/delete-item.ts';
import { GetItem } from './operations/get-item.ts';
import { DescribeEndpoints, DescribeLimits } from './operations/limits.ts';
import { PutItem } from './operations/put-item.ts';
import { Query } from './operations/query.ts';
import { Scan } from './operations/scan.ts';
import { DeleteTable, DescribeTable, ListTables, UpdateTable } from './operations/tables.ts';
import { ListTagsOfResource, TagResource, UntagResource } from './operations/tags.ts';
import { DescribeTimeToLive, UpdateTimeToLive } from './operations/time-to-live.ts';
import { TransactGetItems } from './operations/transact-get-items.ts';
import { TransactWriteItems } from './operations/transact-write-items.ts';
import { UpdateItem } from './operations/update-item.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, DynamoDb> = {
  BatchGetItem,
  BatchWriteItem,
  CreateTable,
  DeleteItem,
  DeleteTable,
  DescribeContinuousBackups,
  DescribeEndpoints,
  DescribeLimits,
  DescribeTable,
  DescribeTimeToLive,
  GetItem,
  ListTables,
  ListTagsOfResource,
  PutItem,
  Query,
  Scan,
  TagResource,
  TransactGetItems,
  TransactWriteItems,
  UntagResource,
  UpdateContinuousBackups,
  UpdateItem,
  UpdateTable,
  UpdateTimeToLive,
};
