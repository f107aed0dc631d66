// How large the bodies of requests may be, by what has to be read of them at once. Bytes that nobody reads as a
// document (objects, payloads, zips in JSON) may be as large as the server takes; documents are limited to what the
// largest request of a real client needs, so that reading one does not hold the event loop.

import { getHeapStatistics } from 'node:v8';
import type { ByteBudgetOptions } from '../kernel/byte-budget.ts';
import type { Dialect } from './protocol.ts';
import type { Operation, Shape } from './schema.ts';

const MEBIBYTE = 1024 * 1024;

/**
 * The largest known: a template of 51,200 bytes or a message of 262,144, each byte escaped; 10,000 log events of 1 MiB
 * in all, quotes escaped; metrics of 1 MiB; 10,000 parts of an upload with their checksums.
 */
const MOST_DOCUMENT_BYTES: Record<Dialect, number> = {
  query: 2 * MEBIBYTE,
  json: 4 * MEBIBYTE,
  cbor: 2 * MEBIBYTE,
  rest: 4 * MEBIBYTE,
};

/** Of what is handed on as it is, and not in pieces as it comes: an invocation may have 6 MB. */
export const MOST_PAYLOAD_BYTES = 8 * MEBIBYTE;

/**
 * Of all bodies that are received and worked on at the same time. Large ones wait for room, and are refused by what SDKs try
 * again. Small ones need none: there are no more of them than connections.
 */
export const BODIES_IN_ALL: ByteBudgetOptions = {
  mostBytes: Math.min(512 * MEBIBYTE, getHeapStatistics().heap_size_limit / 4),
  waitMs: 10_000,
  freeBytes: 64 * 1024,
};

export const mostBytesOf = (dialect: Dialect): number => MOST_DOCUMENT_BYTES[dialect];

/** What a REST operation's body is: bytes as they are, a document with bytes in base64, or a document. */
export type RestBody = 'payload' | 'document with blobs' | 'document';

const known = new WeakMap<Operation, RestBody>();

export function restBodyOf(operation: Operation): RestBody {
  let kind = known.get(operation);
  if (!kind) known.set(operation, (kind = lookAt(operation)));
  return kind;
}

function lookAt({ input }: Operation): RestBody {
  const payload = input.members.find((member) => member.traits.httpPayload);
  if (payload?.shape.kind === 'scalar') return 'payload';
  return holdsBlob(payload?.shape ?? input, new Set()) ? 'document with blobs' : 'document';
}

function holdsBlob(shape: Shape, seen: Set<Shape>): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  switch (shape.kind) {
    case 'structure':
      return shape.members.some((member) => holdsBlob(member.shape, seen));
    case 'list':
      return holdsBlob(shape.item, seen);
    case 'map':
      return holdsBlob(shape.value, seen);
    default:
      return shape.type === 'blob';
  }
}
