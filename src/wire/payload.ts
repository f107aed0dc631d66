// Payloads that are passed on as they come, instead of whole. Only types live here.

import type { Readable } from 'node:stream';

/** A request's payload, handed over as it comes. To be read once; it may end in a rejection. */
export interface ArrivingBody extends AsyncIterable<Buffer> {
  /** As the client announced it, in bytes. */
  readonly length: number | undefined;
  /** The names of the headers announced to come behind it, in lower case. */
  readonly trailerNames: readonly string[];
  /** Headers that came behind it, by lower-case name; complete when it has been read. */
  readonly trailers: Readonly<Record<string, string>>;
  /** All of it at once, instead of piece by piece: faster for one whose length is small. Rejects as the pieces do. */
  whole?(): Promise<Buffer>;
}

/** An answer's payload, sent as it is read; the output says its length. Destroyed when the client goes away. */
export type ByteStream = Readable;
