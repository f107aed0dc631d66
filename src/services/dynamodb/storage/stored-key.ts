// Where an item is in the order of its SQL table: four bytes of a hash and then the partition key, and the sort key. The
// hash spreads partitions evenly, so that the segments of a scan are ranges. AWS: a scan is in the order of the MD5 of
// `Outliers` and the key, as dynalite found out.

import { hash as digestOf } from 'node:crypto';
import { encodedKeyOf, encodeKey, type KeySchema } from '../domain/keys.ts';
import type { Item } from '../domain/values.ts';

/** A position in the table or in an index. Tables without a sort key have an empty one. */
export interface StoredKey {
  hash: Buffer;
  range: Buffer;
}

const HASH_BYTES = 4;
const HASHES = 2 ** 32;
const NOTHING = Buffer.alloc(0);

const SALT = Buffer.from('Outliers');

/** The stored partition key of an encoded one. */
export function storedHash(hash: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(SALT.length + hash.length);
  SALT.copy(bytes);
  hash.copy(bytes, SALT.length);
  // The digest replaces the end of the salt, so that nothing is copied twice.
  const from = SALT.length - HASH_BYTES;
  bytes.write(digestOf('md5', bytes, 'binary'), from, HASH_BYTES, 'latin1');
  return bytes.subarray(from);
}

/** The position of an item, or of a key, that is valid in this schema. */
export function storedKeyOf(schema: KeySchema, item: Item): StoredKey {
  const { hash, range } = encodedKeyOf(schema, item);
  return { hash: storedHash(hash), range: range ?? NOTHING };
}

/** The position of an item in an index; `undefined` when the item is not in it. */
export function indexKeyOf(schema: KeySchema, item: Item): StoredKey | undefined {
  if (!has(item, schema.hash) || (schema.range && !has(item, schema.range))) return undefined;
  return storedKeyOf(schema, item);
}

const has = (item: Item, { name, type }: KeySchema['hash']): boolean =>
  Object.hasOwn(item, name) && type in item[name]!;

/** The position of an item in the order of its expiry times; `undefined` when it has none. */
export function timeKeyOf(attribute: string, item: Item): StoredKey | undefined {
  const value = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
  return value && 'N' in value ? { hash: NOTHING, range: encodeKey(value) } : undefined;
}

/** The partitions of a segment of a scan: from `from` on, up to but without `to`. */
export function segmentOf(segment: number, total: number): { from: Buffer; to?: Buffer } {
  const start = (number: number) => Math.ceil((HASHES * number) / total);
  const end = start(segment + 1);
  return { from: fourBytes(start(segment)), ...(end < HASHES && { to: fourBytes(end) }) };
}

function fourBytes(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(HASH_BYTES);
  bytes.writeUInt32BE(number, 0);
  return bytes;
}

/** A text that is the same for the same item of the same table only. */
export const positionText = (table: number, { hash, range }: StoredKey): string =>
  `${table}/${hash.toString('base64')}/${range.toString('base64')}`;
