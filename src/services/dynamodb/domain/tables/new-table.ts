// The record of a new table, from the request that creates it. Pure.

import type { CreateTableInput, SSESpecification } from '@aws-sdk/client-dynamodb';
import { renderArn } from '../../../../aws/arn.ts';
import type { Scope } from '../../../../aws/scope.ts';
import { missing, unsupported } from '../../faults/tables.ts';
import { invalidParameter } from '../../faults/validation.ts';
import { checkNames, readGlobalIndexes, readLocalIndexes } from './indexes.ts';
import { checkAllUsed, definitionsOf, readKey } from './keys.ts';
import type { Encryption, Table } from './model.ts';
import { checkUnits, checkWarm, newThroughput, onDemandOf, warmOf } from './throughput.ts';

/** What AWS has and Millpond does not, by the member of the request. */
const REFUSED: { [K in keyof CreateTableInput]?: string } = {
  GlobalTableSourceArn: 'global tables',
  GlobalTableSettingsReplicationMode: 'global tables',
  ResourcePolicy: 'resource policies of tables',
  VectorIndexes: 'vector indexes',
};

/** What a new table needs besides the request. */
export interface Creation {
  scope: Scope;
  name: string;
  uuid: string;
  /** Milliseconds since the epoch. */
  now: number;
  tags: Record<string, string>;
}

/** Throws ValidationException. */
export function newTable(given: CreateTableInput, creation: Creation): Omit<Table, 'id'> {
  for (const [member, what] of Object.entries(REFUSED)) {
    if (given[member as keyof CreateTableInput] !== undefined) throw unsupported(what);
  }
  if (given.StreamSpecification?.StreamEnabled) throw unsupported('streams (StreamSpecification)');
  // AWS: the model does not require them, because a replica of a global table has those of its source.
  for (const name of ['AttributeDefinitions', 'KeySchema'] as const) if (!given[name]) throw missing(name);
  const billing = given.BillingMode ?? 'PROVISIONED';
  checkBilling(given, billing);
  const definitions = definitionsOf(given.AttributeDefinitions!);
  const key = readKey(given.KeySchema!, definitions, 'keySchema');
  const hasIndexes = given.LocalSecondaryIndexes ?? given.GlobalSecondaryIndexes;
  if (!hasIndexes) checkAllUsed(definitions, [key]);
  const local = readLocalIndexes(given.LocalSecondaryIndexes, key, definitions);
  const global = readGlobalIndexes(given.GlobalSecondaryIndexes, billing, definitions);
  const indexes = [...local, ...global].map((index, position) => ({ ...index, id: position + 1 }));
  checkNames(indexes);
  checkAllUsed(definitions, [key, ...indexes.map((index) => index.key)]);
  const encryption = encryptionOf(given.SSESpecification, creation.scope);
  const onDemand = onDemandOf(given.OnDemandThroughput);
  const warm = warmOf(given.WarmThroughput);
  const { ProvisionedThroughput: units } = given;
  const throughput = units && newThroughput(units);
  checkWarm(warm, throughput, 'table');
  const { name, uuid, now, tags } = creation;
  return {
    ...{
      uuid,
      name,
      status: 'CREATING',
      createdAt: now,
      key,
      indexes,
      nextIndex: indexes.length + 1,
      billing,
    },
    ...(throughput && { throughput }),
    ...(billing === 'PAY_PER_REQUEST' && { paidPerRequestSince: now }),
    ...(given.TableClass && { tableClass: given.TableClass }),
    ...(onDemand && { onDemand }),
    ...(warm && { warm }),
    ...(encryption && { encryption }),
    isProtected: given.DeletionProtectionEnabled ?? false,
    tags,
  };
}

function checkBilling({ ProvisionedThroughput }: CreateTableInput, billing: Table['billing']): void {
  if (billing === 'PAY_PER_REQUEST') {
    if (!ProvisionedThroughput) return;
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (!ProvisionedThroughput) {
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  checkUnits(ProvisionedThroughput);
}

/** The encryption with a key of KMS; `undefined` for that with DynamoDB's own key. Throws ValidationException. */
export function encryptionOf(given: SSESpecification | undefined, scope: Scope): Encryption | undefined {
  if (!given) return undefined;
  const { Enabled, SSEType, KMSMasterKeyId } = given;
  if (!Enabled) {
    if (SSEType) throw invalidParameter('SSEType cannot be specified when Enabled is false');
    if (KMSMasterKeyId) throw invalidParameter('KMSMasterKeyId cannot be specified when Enabled is false');
    return undefined;
  }
  if (SSEType === 'AES256') throw invalidParameter('SSEType AES256 is not supported');
  const id = KMSMasterKeyId ?? 'alias/aws/dynamodb';
  if (id.startsWith('arn:')) return { keyArn: id };
  return { keyArn: renderArn('kms', scope, id.startsWith('alias/') ? id : `key/${id}`) };
}
