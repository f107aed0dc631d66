// The rules for the key attributes of items, of keys in requests, and of start keys. Pure.

import { Fault } from '../../../../wire/fault.ts';
import {
  emptyIndexKey,
  emptyIndexKeyInUpdate,
  emptyKey,
  hashTooLong,
  indexKeyTypeMismatch,
  invalidStartKey,
  keyMismatch,
  keyTypeMismatch,
  missingKey,
  rangeTooLong,
  unsupportedIndexKey,
} from '../../faults/keys.ts';
import type { KeyAttribute, KeySchema } from '../keys.ts';
import type { Assigned, Update } from '../update.ts';
import { type AnyValue, type Attributes, attributeOf, type Item, typeOf, type Value } from '../values.ts';
import { attributesOf } from './keys.ts';
import type { Index, Table } from './model.ts';

const MOST_HASH_BYTES = 2048;
const MOST_RANGE_BYTES = 1024;

/** Checks a key in a request. Throws ValidationException. */
export function checkKey(schema: KeySchema, key: Attributes): void {
  const attributes = attributesOf(schema);
  if (Object.keys(key).length !== attributes.length) throw keyMismatch();
  for (const attribute of attributes) {
    const value = attributeOf(key, attribute.name);
    if (!value || typeOf(value) !== attribute.type) throw keyMismatch();
    checkKeyValue(schema, attribute, value);
  }
}

/** Checks the attributes of an item that are part of the table's key. Throws ValidationException. */
export function checkItemKey(schema: KeySchema, item: Item): void {
  for (const attribute of attributesOf(schema)) {
    const value = attributeOf(item, attribute.name);
    if (!value) throw missingKey(attribute.name);
    const type = typeOf(value);
    if (type !== attribute.type) throw keyTypeMismatch(attribute.name, attribute.type, type);
    checkKeyValue(schema, attribute, value);
  }
}

function checkKeyValue(schema: KeySchema, { name }: KeyAttribute, value: Value): void {
  const bytes = bytesOf(value);
  if (bytes === undefined) return;
  if (bytes === 0) throw emptyKey(name, kindOf(value));
  checkLength(name === schema.hash.name, bytes);
}

function checkLength(isHash: boolean, bytes: number): void {
  if (isHash && bytes > MOST_HASH_BYTES) throw hashTooLong(MOST_HASH_BYTES);
  if (!isHash && bytes > MOST_RANGE_BYTES) throw rangeTooLong(MOST_RANGE_BYTES);
}

/** Bytes of a string or a binary; `undefined` for a number, which has no limit of its own. */
function bytesOf(value: Value): number | undefined {
  const { S, B } = value as AnyValue;
  return S !== undefined ? Buffer.byteLength(S) : B?.length;
}

const kindOf = (value: Value): 'string' | 'binary' => ('S' in value ? 'string' : 'binary');

/**
 * Checks the attributes of an item that are part of indexes. AWS: an item may lack them, and is then not in the index.
 * `isUpdate`: the item is the result of an update, of which `before` is the item before; what did not change is right.
 * Throws ValidationException.
 */
export function checkIndexKeys(
  { indexes }: Pick<Table, 'indexes'>,
  item: Item,
  before?: Item,
  isUpdate = false,
): void {
  for (const index of indexes) {
    if (index.status !== 'DELETING') checkIndexKey(index, item, before, isUpdate);
  }
}

function checkIndexKey(index: Index, item: Item, before: Item | undefined, isUpdate: boolean): void {
  for (const { name, type } of attributesOf(index.key)) {
    const value = attributeOf(item, name);
    if (!value || (before && attributeOf(before, name) === value)) continue;
    const actual = typeOf(value);
    const attribute = { index: index.name, name };
    if (actual !== type) {
      throw isUpdate ? unsupportedIndexKey() : indexKeyTypeMismatch(attribute, type, actual);
    }
    const bytes = bytesOf(value);
    if (bytes === 0) {
      throw isUpdate ? emptyIndexKeyInUpdate(kindOf(value)) : emptyIndexKey(attribute, kindOf(value));
    }
    if (bytes !== undefined) checkLength(name === index.key.hash.name, bytes);
  }
}

/**
 * Checks what an update assigns to attributes of indexes, as far as the expression alone tells. AWS: it does so before it
 * looks for the item. Throws ValidationException.
 */
export function checkAssignedIndexKeys({ indexes }: Pick<Table, 'indexes'>, { actions }: Update): void {
  for (const action of actions) {
    if (action.kind === 'REMOVE' || action.path.length > 1) continue;
    const [name] = action.path;
    const value = action.kind === 'SET' ? knownValue(action.value) : action.value;
    const actual = action.kind === 'SET' ? action.type : typeOf(action.value);
    for (const index of indexes) {
      const attribute = attributesOf(index.key).find((one) => one.name === name);
      if (!attribute || !actual || index.status === 'DELETING') continue;
      if (actual !== attribute.type) {
        throw indexKeyTypeMismatch({ index: index.name, name }, attribute.type, actual);
      }
      if (value && bytesOf(value) === 0) throw emptyIndexKeyInUpdate(kindOf(value));
    }
  }
}

const knownValue = (source: Assigned): Value | undefined =>
  source.kind === 'value' ? source.value : undefined;

/** Checks the key that a page begins after: that of the table and that of the index. Throws ValidationException. */
export function checkStartKey(
  { key }: Pick<Table, 'key'>,
  index: Index | undefined,
  given: Attributes,
): void {
  const names = new Set(
    [...attributesOf(key), ...(index ? attributesOf(index.key) : [])].map(({ name }) => name),
  );
  if (Object.keys(given).length !== names.size) {
    throw index ? invalidStartKey() : invalidStartKey(keyMismatch().message);
  }
  if (index) checkPart(index.key, given, () => invalidStartKey());
  checkPart(key, given, (reason) => invalidStartKey(reason));
}

function checkPart(schema: KeySchema, given: Attributes, fault: (reason: string) => Error): void {
  const part: Attributes = Object.create(null);
  for (const { name } of attributesOf(schema)) {
    const value = attributeOf(given, name);
    if (value) part[name] = value;
  }
  try {
    checkKey(schema, part);
  } catch (error) {
    throw error instanceof Fault ? fault(error.message) : error;
  }
}

/** The attributes of a key of a page: of the table, and of the index. */
export function startKeyOf({ key }: Pick<Table, 'key'>, index: Index | undefined, item: Item): Attributes {
  const start: Attributes = {};
  for (const { name } of [...attributesOf(key), ...(index ? attributesOf(index.key) : [])]) {
    start[name] = item[name]!;
  }
  return start;
}

/** Checks the values with which a query compares a key. AWS: an empty one is refused. Throws ValidationException. */
export function checkQueriedKey(
  schema: KeySchema,
  values: readonly (readonly [name: string, value: Value])[],
): void {
  for (const [name, value] of values) {
    const attribute = attributesOf(schema).find((each) => each.name === name);
    if (attribute) checkKeyValue(schema, attribute, value);
  }
}
