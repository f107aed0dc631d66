// Parses the requests on one HTTP/1.1 connection incrementally, within bounds: a body over the limit is read to its
// end but not kept. Does no I/O and knows no paths.

/** One complete request. */
export interface RuntimeRequest {
  method: string;
  path: string;
  contentType: string | undefined;
  /** The body; empty when it is over the limit. */
  body: Buffer;
  isTooLarge: boolean;
  /** The Host header, unchanged. */
  host: string | undefined;
  /** It has a header that browsers add and that pages cannot remove. */
  isFromBrowser: boolean;
  /** The client sends no further request on this connection, or does not know that it may. */
  isLast: boolean;
}

/** A malformed request cannot be answered: the start of the next one is unknown. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}

type Head = Omit<RuntimeRequest, 'body' | 'isTooLarge'>;

interface Body {
  /** The remaining bytes of the body or of its current chunk. */
  left: number;
  /** The next part of a chunked body; `undefined` for a body of known length. */
  awaits: 'size' | 'data' | 'end of data' | 'trailers' | undefined;
  /** The bytes so far, with spare capacity; empty once the body is over the limit. */
  kept: Buffer;
  bytes: number;
  trailerBytes: number;
}

const MOST_HEAD_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const NONE: ReadonlyMap<string, string> = new Map();
const HEAD_END = '\r\n\r\n';
const REQUEST_LINE = /^([A-Z]{1,20}) (\/\S*) HTTP\/1\.([01])$/;
const CHUNK_SIZE = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i;

/** Takes bytes by `add`, and returns requests by `next`. */
export class RequestReader {
  readonly #mostBodyBytes: number;
  readonly #onExpectation: () => void;
  #unread: Buffer = NOTHING;
  #head: Head | undefined;
  #body: Body = emptyBody(NONE);

  /** `onExpectation` is called when the client waits for 100 Continue before it sends its body. */
  constructor(options: { mostBodyBytes: number; onExpectation(): void }) {
    this.#mostBodyBytes = options.mostBodyBytes;
    this.#onExpectation = options.onExpectation;
  }

  get unreadBytes(): number {
    return this.#unread.length;
  }

  add(piece: Buffer): void {
    this.#unread = this.#unread.length > 0 ? Buffer.concat([this.#unread, piece]) : piece;
  }

  /** The next complete request; `undefined` when more bytes are needed. Throws MalformedRequest. */
  next(): RuntimeRequest | undefined {
    if (!this.#head && !this.#readHead()) return undefined;
    if (!this.#readBody(this.#body)) return undefined;
    const { kept, bytes } = this.#body;
    const head = this.#head!;
    this.#head = undefined;
    const isTooLarge = bytes > this.#mostBodyBytes;
    return { ...head, body: isTooLarge ? NOTHING : kept.subarray(0, bytes), isTooLarge };
  }

  #readHead(): boolean {
    const end = this.#unread.indexOf(HEAD_END);
    if (end > MOST_HEAD_BYTES || (end < 0 && this.#unread.length > MOST_HEAD_BYTES)) {
      throw new MalformedRequest('the head is too long');
    }
    if (end < 0) return false;
    const [first = '', ...lines] = this.#take(end + HEAD_END.length)
      .toString('latin1', 0, end)
      .split('\r\n');
    const [, method, path, minor] = REQUEST_LINE.exec(first) ?? [];
    if (!method || !path) throw new MalformedRequest('the request line is malformed');
    const headers = readHeaders(lines);
    const connection = headers.get('connection')?.toLowerCase();
    const isLast = minor === '0' ? connection !== 'keep-alive' : connection === 'close';
    this.#head = {
      ...{ method, path, isLast },
      contentType: headers.get('content-type'),
      host: headers.get('host'),
      isFromBrowser: headers.has('origin') || headers.has('sec-fetch-site'),
    };
    this.#body = emptyBody(headers);
    const awaitsBody = this.#body.left > 0 || this.#body.awaits !== undefined;
    if (awaitsBody && /^100-continue$/i.test(headers.get('expect') ?? '')) this.#onExpectation();
    return true;
  }

  /** True once the body is complete. */
  #readBody(body: Body): boolean {
    if (body.awaits === undefined) {
      this.#keep(body);
      return body.left === 0;
    }
    for (;;) {
      if (body.awaits === 'data') {
        this.#keep(body);
        if (body.left > 0) return false;
        body.awaits = 'end of data';
        continue;
      }
      const line = this.#takeLine();
      if (line === undefined) return false;
      if (body.awaits === 'trailers') {
        if (line === '') return true;
        body.trailerBytes += line.length;
        if (body.trailerBytes > MOST_HEAD_BYTES) throw new MalformedRequest('the trailers are too long');
      } else if (body.awaits === 'end of data') {
        if (line !== '') throw new MalformedRequest('a chunk is longer than it says');
        body.awaits = 'size';
      } else {
        const size = CHUNK_SIZE.exec(line)?.[1];
        if (size === undefined) throw new MalformedRequest('the size of a chunk is malformed');
        body.left = Number.parseInt(size, 16);
        body.awaits = body.left === 0 ? 'trailers' : 'data';
      }
    }
  }

  #keep(body: Body): void {
    const piece = this.#take(Math.min(body.left, this.#unread.length));
    if (piece.length === 0) return;
    body.left -= piece.length;
    const bytes = body.bytes + piece.length;
    if (bytes > this.#mostBodyBytes) body.kept = NOTHING;
    else if (body.bytes === 0) body.kept = piece;
    else {
      if (bytes > body.kept.length) {
        // Pieces are copied into one buffer: keeping many one-byte pieces would cost much memory.
        const larger = Buffer.allocUnsafe(Math.max(bytes, 2 * body.bytes));
        body.kept.copy(larger, 0, 0, body.bytes);
        body.kept = larger;
      }
      piece.copy(body.kept, body.bytes);
    }
    body.bytes = bytes;
  }

  #takeLine(): string | undefined {
    const end = this.#unread.indexOf('\r\n');
    if (end < 0 && this.#unread.length > MOST_HEAD_BYTES) throw new MalformedRequest('a line is too long');
    return end < 0 ? undefined : this.#take(end + 2).toString('latin1', 0, end);
  }

  #take(length: number): Buffer {
    const taken = this.#unread.subarray(0, length);
    this.#unread = this.#unread.subarray(length);
    return taken;
  }
}

function readHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new MalformedRequest('a header is malformed');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

function emptyBody(headers: ReadonlyMap<string, string>): Body {
  const coding = headers.get('transfer-encoding')?.toLowerCase();
  if (coding !== undefined && coding !== 'chunked') throw new MalformedRequest(`the body is ${coding}`);
  const length = headers.get('content-length') ?? '0';
  if (!/^\d{1,15}$/.test(length)) throw new MalformedRequest('the length of the body is malformed');
  const isChunked = coding !== undefined;
  return {
    left: isChunked ? 0 : Number(length),
    awaits: isChunked ? 'size' : undefined,
    kept: NOTHING,
    bytes: 0,
    trailerBytes: 0,
  };
}
