// The size limits of request bodies. Documents are limited to the largest request of real clients, so that parsing one
// does not block the event loop. Bytes that are not parsed (objects, payloads, zip files in JSON) have higher limits.

import { getHeapStatistics } from 'node:v8';
import type { ByteBudgetOptions } from '../kernel/byte-budget.ts';
import type { Dialect } from './protocol.ts';
import type { Operation, Shape } from './schema.ts';

const MEBIBYTE = 1024 * 1024;

/**
 * The largest known documents are a template of 51,200 bytes or a message of 262,144 with each byte escaped, 10,000 log
 * events of 1 MiB in total with escaped quotes, metrics of 1 MiB, and 10,000 parts of an upload with their checksums.
 */
const MAX_DOCUMENT_BYTES: Record<Dialect, number> = {
  query: 2 * MEBIBYTE,
  json: 4 * MEBIBYTE,
  cbor: 2 * MEBIBYTE,
  rest: 4 * MEBIBYTE,
};

/** The limit for a payload that is passed whole to its operation. The payload of a Lambda invocation may have 6 MB. */
export const MAX_PAYLOAD_BYTES = 8 * MEBIBYTE;

/**
 * The memory limit for all bodies that are processed at the same time. A large body waits for memory, and is refused
 * with an error that SDKs retry. Small bodies are not counted: the number of connections limits them.
 */
export const BODY_MEMORY: ByteBudgetOptions = {
  mostBytes: Math.min(512 * MEBIBYTE, getHeapStatistics().heap_size_limit / 4),
  waitMs: 10_000,
  freeBytes: 64 * 1024,
};

/** The limit for a document of this dialect, in bytes. */
export const maxDocumentBytes = (dialect: Dialect): number => MAX_DOCUMENT_BYTES[dialect];

/** The body of a REST operation: raw bytes, a document with blobs in base64, or a document without blobs. */
export type RestBody = 'payload' | 'document with blobs' | 'document';

/** Whether the input has bytes as a member of its own: in JSON, base64 that may be longer than a document. */
export const hasBlobMember = ({ input }: Operation): boolean =>
  input.members.some(({ shape }) => shape.kind === 'scalar' && shape.type === 'blob');

const known = new WeakMap<Operation, RestBody>();

/** The body of the operation's input. The result is cached. */
export function restBodyOf(operation: Operation): RestBody {
  let kind = known.get(operation);
  if (!kind) known.set(operation, (kind = classify(operation)));
  return kind;
}

function classify({ input }: Operation): RestBody {
  const payload = input.members.find((member) => member.traits.httpPayload);
  if (payload?.shape.kind === 'scalar') return 'payload';
  return containsBlob(payload?.shape ?? input, new Set()) ? 'document with blobs' : 'document';
}

function containsBlob(shape: Shape, seen: Set<Shape>): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  switch (shape.kind) {
    case 'structure':
      return shape.members.some((member) => containsBlob(member.shape, seen));
    case 'list':
      return containsBlob(shape.item, seen);
    case 'map':
      return containsBlob(shape.value, seen);
    default:
      return shape.type === 'blob';
  }
}
