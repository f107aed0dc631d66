// The rules for secondary indexes in a request. Pure.

import type {
  CreateGlobalSecondaryIndexAction,
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  Projection,
} from '@aws-sdk/client-dynamodb';
import { invalidParameter } from '../../faults/validation.ts';
import type { KeySchema } from '../keys.ts';
import { type Definitions, readKey } from './keys.ts';
import type { Index, IndexProjection, Table } from './model.ts';
import { checkUnits, checkWarm, newThroughput, onDemandOf, warmOf } from './throughput.ts';

const MOST_LOCAL = 5;
const MOST_GLOBAL = 20;
/** AWS: of all indexes of a table together, with projections of INCLUDE. */
const MOST_PROJECTED = 100;

/** An index that has no number yet. */
export type NewIndex = Omit<Index, 'id'>;

/** The local indexes of a new table. Throws ValidationException. */
export function readLocalIndexes(
  given: readonly LocalSecondaryIndex[] | undefined,
  table: KeySchema,
  definitions: Definitions,
): NewIndex[] {
  if (!given) return [];
  if (given.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty');
  if (!table.range) {
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  const indexes = given.map(({ IndexName, KeySchema, Projection }, position): NewIndex => {
    const name = IndexName!;
    const key = readKey(KeySchema!, definitions, `localSecondaryIndexes.${position + 1}.member.keySchema`);
    if (!key.range) throw invalidParameter(`Index KeySchema does not have a range key for index: ${name}`);
    if (key.hash.name !== table.hash.name) {
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. ` +
          `index hash key: ${key.hash.name}, table hash key: ${table.hash.name}`,
      );
    }
    return { kind: 'local', name, key, projection: readProjection(Projection!), status: 'ACTIVE' };
  });
  checkNames(indexes);
  if (indexes.length > MOST_LOCAL) {
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MOST_LOCAL}`);
  }
  return indexes;
}

/** The global indexes of a new table. Throws ValidationException. */
export function readGlobalIndexes(
  given: readonly GlobalSecondaryIndex[] | undefined,
  billing: Table['billing'],
  definitions: Definitions,
): NewIndex[] {
  if (!given) return [];
  if (given.length === 0) throw invalidParameter('List of GlobalSecondaryIndexes is empty');
  const indexes = given.map((index, position) =>
    readGlobalIndex(index, billing, definitions, `globalSecondaryIndexes.${position + 1}.member.keySchema`),
  );
  checkNames(indexes);
  checkGlobalCount(indexes.length);
  return indexes;
}

/** One global index of a new table, or one that is added. Throws ValidationException. */
export function readGlobalIndex(
  given: GlobalSecondaryIndex | CreateGlobalSecondaryIndexAction,
  billing: Table['billing'],
  definitions: Definitions,
  at: string,
): NewIndex {
  const name = given.IndexName!;
  const key = readKey(given.KeySchema!, definitions, at);
  const projection = readProjection(given.Projection!);
  if (billing === 'PAY_PER_REQUEST' && given.ProvisionedThroughput) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billing === 'PROVISIONED' && !given.ProvisionedThroughput) {
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${name}`);
  }
  checkUnits(given.ProvisionedThroughput);
  const newUnits = given.ProvisionedThroughput && newThroughput(given.ProvisionedThroughput);
  const onDemand = onDemandOf(given.OnDemandThroughput);
  const warm = warmOf(given.WarmThroughput);
  checkWarm(warm, newUnits, `index ${name}`);
  return {
    ...{ kind: 'global', name, key, projection, status: 'CREATING' },
    ...(newUnits && { throughput: newUnits }),
    ...(onDemand && { onDemand }),
    ...(warm && { warm }),
  };
}

/** Throws ValidationException when a table would have too many global indexes. */
export function checkGlobalCount(count: number): void {
  if (count > MOST_GLOBAL) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_GLOBAL}`);
  }
}

/** Throws ValidationException for a repeated name, and for too many projected attributes. */
export function checkNames(indexes: readonly Pick<Index, 'name' | 'projection'>[]): void {
  const names = new Set<string>();
  for (const { name } of indexes) {
    if (names.has(name)) throw invalidParameter(`Duplicate index name: ${name}`);
    names.add(name);
  }
  const projected = indexes.reduce((sum, { projection }) => sum + (projection.attributes?.length ?? 0), 0);
  if (projected > MOST_PROJECTED) {
    throw invalidParameter(
      `The total number of projected attributes across all indexes exceeds the per-table limit of ${MOST_PROJECTED}`,
    );
  }
}

function readProjection({ ProjectionType, NonKeyAttributes }: Projection): IndexProjection {
  if (!ProjectionType) throw invalidParameter('Unknown ProjectionType: null');
  if (NonKeyAttributes && ProjectionType !== 'INCLUDE') {
    throw invalidParameter(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  }
  if (ProjectionType === 'INCLUDE') {
    if (!NonKeyAttributes)
      throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
    return { type: 'INCLUDE', attributes: NonKeyAttributes };
  }
  return { type: ProjectionType };
}
