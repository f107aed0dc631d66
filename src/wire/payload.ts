// Payloads as streams, for operations that do not need the whole payload in memory. Only types live here.

import type { Readable } from 'node:stream';

/** A request's payload as a stream. It can be read once. Reading may reject with a Fault or ClientGone. */
export interface BodyStream extends AsyncIterable<Buffer> {
  /** The length in bytes that the client announced. */
  readonly length: number | undefined;
  /** The names of the announced trailing headers, in lower case. */
  readonly trailerNames: readonly string[];
  /** Trailing headers by lower-case name. Complete when the payload has been read. */
  readonly trailers: Readonly<Record<string, string>>;
  /** Reads the whole payload, which is faster for a small one. Rejects like the iteration. */
  whole?(): Promise<Buffer>;
}

/** A response's payload as a stream. The output contains its length. It is destroyed when the client disconnects. */
export type ByteStream = Readable;
