// The rules for the keys of tables and indexes in a request. The order of the checks is AWS's (dynalite's tests of
// CreateTable). Pure.

import type { AttributeDefinition, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { unsupported, violates } from '../../faults/tables.ts';
import { invalid, invalidParameter } from '../../faults/validation.ts';
import type { KeyAttribute, KeySchema, KeyType } from '../keys.ts';

/** The types of the attributes that a request defines. */
export type Definitions = ReadonlyMap<string, KeyType>;

const MOST_ELEMENTS = 2;

/** Throws ValidationException when one name is defined with two types. */
export function definitionsOf(given: readonly AttributeDefinition[]): Definitions {
  const definitions = new Map<string, KeyType>();
  for (const { AttributeName, AttributeType } of given) {
    if (definitions.has(AttributeName!)) {
      throw invalidParameter(`Cannot have two attributes with the same name: ${AttributeName}`);
    }
    definitions.set(AttributeName!, AttributeType as KeyType);
  }
  return definitions;
}

/** The key of a table or, with its place in the request, of an index. Throws ValidationException. */
export function readKey(given: readonly KeySchemaElement[], definitions: Definitions, at: string): KeySchema {
  if (given.length > MOST_ELEMENTS) {
    // AWS: an index may have a key of up to eight attributes.
    if (at !== 'keySchema') throw unsupported('indexes whose partition or sort key has several attributes');
    const shown = given.map(
      ({ AttributeName, KeyType }) => `KeySchemaElement(attributeName=${AttributeName}, keyType=${KeyType})`,
    );
    throw violates(
      `[${shown.join(', ')}]`,
      at,
      `Member must have length less than or equal to ${MOST_ELEMENTS}`,
    );
  }
  const names = given.map(({ AttributeName }) => AttributeName!);
  if (at === 'keySchema' && names.length > definitions.size) {
    throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  }
  if (names.some((name) => !definitions.has(name))) {
    throw invalidParameter(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${names.join(', ')}], AttributeDefinitions: [${[...definitions.keys()].join(', ')}]`,
    );
  }
  const [first, second] = given;
  if (second && names[0] === names[1]) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (first!.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second && second.KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  const attribute = (name: string): KeyAttribute => ({ name, type: definitions.get(name)! });
  return { hash: attribute(names[0]!), ...(second && { range: attribute(names[1]!) }) };
}

/** The attributes of a key, the partition key first. */
export const attributesOf = ({ hash, range }: KeySchema): KeyAttribute[] => (range ? [hash, range] : [hash]);

/** The attributes of all these keys, without repetition. */
export function allAttributes(keys: readonly KeySchema[]): KeyAttribute[] {
  const byName = new Map(keys.flatMap(attributesOf).map((attribute) => [attribute.name, attribute]));
  return [...byName.values()];
}

/** Throws ValidationException when a defined attribute is part of no key. */
export function checkAllUsed(definitions: Definitions, keys: readonly KeySchema[]): void {
  const used = new Set(allAttributes(keys).map(({ name }) => name));
  if (used.size === definitions.size) return;
  if (keys.length === 1) {
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  throw invalidParameter(
    'Some AttributeDefinitions are not used. ' +
      `AttributeDefinitions: [${[...definitions.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
}
