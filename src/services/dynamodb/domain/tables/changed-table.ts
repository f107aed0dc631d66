// The record of a table after UpdateTable. Transitions of indexes are in it as statuses; lifecycle.ts carries them out.
// Pure.

import type {
  CreateGlobalSecondaryIndexAction,
  GlobalSecondaryIndexUpdate,
  UpdateGlobalSecondaryIndexAction,
  UpdateTableInput,
} from '@aws-sdk/client-dynamodb';
import type { Scope } from '../../../../aws/scope.ts';
import { indexExists, indexNotFound, oneIndexAtATime, tableBusy, unsupported } from '../../faults/tables.ts';
import { invalid, invalidParameter } from '../../faults/validation.ts';
import { checkGlobalCount, checkNames, readGlobalIndex } from './indexes.ts';
import { allAttributes, type Definitions, definitionsOf } from './keys.ts';
import { type Index, indexNamed, type Table } from './model.ts';
import { encryptionOf } from './new-table.ts';
import { changedThroughput, checkUnits, onDemandOf, warmOf } from './throughput.ts';

/** What AWS has and Millpond does not, by the member of the request. */
const REFUSED: { [K in keyof UpdateTableInput]?: string } = {
  ReplicaUpdates: 'global tables',
  MultiRegionConsistency: 'global tables',
  GlobalTableWitnessUpdates: 'global tables',
  GlobalTableSettingsReplicationMode: 'global tables',
  DisassociationProtectionEnabled: 'global tables',
  VectorIndexUpdates: 'vector indexes',
};

/** Members of which one is required. */
const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'SSESpecification',
  'TableClass',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'WarmThroughput',
] as const;

/** Checks what is wrong with the request whatever the table is. Throws ValidationException. */
export function checkTableChange(given: UpdateTableInput): void {
  for (const [member, what] of Object.entries(REFUSED)) {
    if (given[member as keyof UpdateTableInput] !== undefined) throw unsupported(what);
  }
  if (given.StreamSpecification?.StreamEnabled) throw unsupported('streams (StreamSpecification)');
  const updates = given.GlobalSecondaryIndexUpdates ?? [];
  if (updates.length === 0 && CHANGES.every((member) => given[member] === undefined)) {
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  }
  if (given.BillingMode === 'PROVISIONED' && !given.ProvisionedThroughput) {
    throw invalidParameter('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  if (given.BillingMode === 'PAY_PER_REQUEST' && given.ProvisionedThroughput) throw noUnitsOnDemand();
  checkUnits(given.ProvisionedThroughput);
  const names = new Set<string>();
  for (const update of updates) {
    const action = update.Update ?? update.Create ?? update.Delete;
    if (!action) {
      throw invalidParameter(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    const name = action.IndexName!;
    if (names.has(name)) {
      throw invalidParameter(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      );
    }
    names.add(name);
  }
}

const noUnitsOnDemand = () =>
  invalidParameter(
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );

/**
 * The table after a request that `checkTableChange` accepts. Throws ValidationException, ResourceInUseException,
 * ResourceNotFoundException or LimitExceededException.
 */
export function changedTable(table: Table, given: UpdateTableInput, scope: Scope, now: number): Table {
  const updates = given.GlobalSecondaryIndexUpdates ?? [];
  // AWS: while an index is created or deleted, nothing about indexes may change.
  const hasBusyIndex = table.indexes.some(({ status }) => status !== 'ACTIVE');
  if (table.status !== 'ACTIVE') throw tableBusy(table.name, table.status);
  const online = updates.filter(({ Create, Delete }) => Create ?? Delete);
  if (online.length > 1 || (hasBusyIndex && updates.length > 0)) throw oneIndexAtATime();
  const billing = given.BillingMode ?? table.billing;
  if (billing === 'PAY_PER_REQUEST' && given.ProvisionedThroughput) throw noUnitsOnDemand();
  const next: Table = { ...table, status: 'UPDATING', billing, indexes: [...table.indexes] };
  changeThroughput(next, table, given, now);
  changeIndexes(next, table, given, now);
  changeSettings(next, given, scope, now);
  return next;
}

function changeThroughput(next: Table, table: Table, given: UpdateTableInput, now: number): void {
  if (next.billing === 'PAY_PER_REQUEST') {
    if (table.billing === next.billing) return;
    delete next.throughput;
    next.paidPerRequestSince = now;
    next.indexes = next.indexes.map(({ throughput: _, ...index }) => index);
    return;
  }
  const { ProvisionedThroughput: units } = given;
  if (!units) return;
  const { throughput } = table;
  if (throughput?.read === units.ReadCapacityUnits && throughput?.write === units.WriteCapacityUnits) {
    throw invalid(
      'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
        `Current ReadCapacityUnits provisioned for the table: ${throughput!.read}. Requested ReadCapacityUnits: ${throughput!.read}. ` +
        `Current WriteCapacityUnits provisioned for the table: ${throughput!.write}. Requested WriteCapacityUnits: ${throughput!.write}. ` +
        'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    );
  }
  next.throughput = changedThroughput(throughput, units, now);
}

function changeIndexes(next: Table, table: Table, given: UpdateTableInput, now: number): void {
  for (const update of given.GlobalSecondaryIndexUpdates ?? []) changeIndex(next, table, given, update, now);
  if (next.billing !== 'PROVISIONED') return;
  const without = next.indexes.filter(
    ({ kind, status, throughput }) => kind === 'global' && status !== 'DELETING' && !throughput,
  );
  if (without.length === 0) return;
  const names = without.map(({ name }) => name).join(',');
  throw invalidParameter(`ProvisionedThroughput must be specified for index: ${names}`);
}

function changeIndex(
  next: Table,
  table: Table,
  given: UpdateTableInput,
  { Create, Update, Delete }: GlobalSecondaryIndexUpdate,
  now: number,
): void {
  if (Create) {
    createIndex(next, table, given, Create);
    return;
  }
  const index = indexNamed(next, (Update ?? Delete)!.IndexName!);
  if (index?.kind !== 'global') {
    if (Delete) throw indexNotFound();
    throw invalid(
      'This operation cannot be performed with given input values. Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate',
    );
  }
  const changed: Index = Delete
    ? { ...index, status: 'DELETING' }
    : changedIndex(index, Update!, next.billing, now);
  next.indexes = next.indexes.map((each) => (each === index ? changed : each));
}

function changedIndex(
  index: Index,
  given: UpdateGlobalSecondaryIndexAction,
  billing: Table['billing'],
  now: number,
): Index {
  const { ProvisionedThroughput: units, OnDemandThroughput, WarmThroughput } = given;
  const next: Index = { ...index, status: 'UPDATING' };
  if (units) {
    if (billing === 'PAY_PER_REQUEST') {
      throw invalidParameter(
        `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
      );
    }
    checkUnits(units);
    const { throughput } = index;
    if (throughput?.read === units.ReadCapacityUnits && throughput?.write === units.WriteCapacityUnits) {
      throw invalid(
        `The provisioned throughput for the index ${index.name} will not change. The requested value equals the current value. ` +
          `Current ReadCapacityUnits provisioned for the index: ${throughput!.read}. Requested ReadCapacityUnits: ${throughput!.read}. ` +
          `Current WriteCapacityUnits provisioned for the index: ${throughput!.write}. Requested WriteCapacityUnits: ${throughput!.write}. ` +
          'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
      );
    }
    next.throughput = changedThroughput(throughput, units, now);
  }
  if (OnDemandThroughput) setOrDelete(next, 'onDemand', onDemandOf(OnDemandThroughput));
  if (WarmThroughput) setOrDelete(next, 'warm', warmOf(WarmThroughput));
  return next;
}

function createIndex(
  next: Table,
  table: Table,
  given: UpdateTableInput,
  action: CreateGlobalSecondaryIndexAction,
): void {
  if (indexNamed(next, action.IndexName!)) throw indexExists(action.IndexName!);
  const index = readGlobalIndex(
    action,
    next.billing,
    definitionsWith(table, given),
    'globalSecondaryIndexUpdates.1.member.create.keySchema',
  );
  next.indexes = [...next.indexes, { ...index, id: next.nextIndex }];
  next.nextIndex++;
  checkNames(next.indexes);
  checkGlobalCount(next.indexes.filter(({ kind }) => kind === 'global').length);
}

/** The attributes of the keys that there are, and those that the request defines. */
function definitionsWith(table: Table, { AttributeDefinitions = [] }: UpdateTableInput): Definitions {
  const held = allAttributes([table.key, ...table.indexes.map(({ key }) => key)]);
  const given = definitionsOf(AttributeDefinitions);
  for (const { name, type } of held) {
    if (given.has(name) && given.get(name) !== type) {
      throw invalidParameter(`The type of the key attribute ${name} cannot change` /* own */);
    }
  }
  return new Map([...held.map(({ name, type }) => [name, type] as const), ...given]);
}

function changeSettings(next: Table, given: UpdateTableInput, scope: Scope, now: number): void {
  if (given.SSESpecification) {
    setOrDelete(next, 'encryption', encryptionOf(given.SSESpecification, scope));
  }
  if (given.TableClass && given.TableClass !== (next.tableClass ?? 'STANDARD')) {
    next.tableClass = given.TableClass;
    next.tableClassSince = now;
  }
  if (given.DeletionProtectionEnabled !== undefined) next.isProtected = given.DeletionProtectionEnabled;
  if (given.OnDemandThroughput) setOrDelete(next, 'onDemand', onDemandOf(given.OnDemandThroughput));
  if (given.WarmThroughput) setOrDelete(next, 'warm', warmOf(given.WarmThroughput));
}

function setOrDelete<T, K extends keyof T>(record: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete record[key];
  else record[key] = value;
}
