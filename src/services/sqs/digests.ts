// The digests of messages: the MD5 digests by which SDKs verify that a message arrived as it was sent, and the SHA-256
// by which FIFO queues tell duplicates. Pure.

import { createHash } from 'node:crypto';
import type { MessageAttributes } from './domain/model.ts';

const TEXT = 1;
const BINARY = 2;

/** The MD5 of a message body, in hexadecimal. */
export const md5OfBody = (body: string): string => createHash('md5').update(body).digest('hex');

/** The deduplication id of a body, where its content is enough to tell duplicates. */
export const deduplicationIdOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/**
 * The MD5 of message attributes, in hexadecimal; `undefined` if there are none. AWS: it covers the attributes sorted by
 * name: name, type and value, each preceded by its length, and before the value a byte for text or binary.
 */
export function md5OfAttributes(attributes: MessageAttributes | undefined): string | undefined {
  const entries = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, { type, text, binary }] of entries) {
    add(Buffer.from(name));
    add(Buffer.from(type));
    hash.update(Buffer.of(text === undefined ? BINARY : TEXT));
    add(text === undefined ? Buffer.from(binary!, 'base64') : Buffer.from(text));
  }
  return hash.digest('hex');
}
