// The numbers and texts of Go's gob encoding (https://pkg.go.dev/encoding/gob, "Encoding Details"). Pure.

/** Bytes that are no gob, or more than is taken. */
export class GobError extends Error {}

/** A message that is longer than is taken. */
export class GobTooLong extends GobError {}

/** Appends values to a message. */
export class GobWriter {
  readonly #parts: Buffer[] = [];

  /** A number from 0 up to 2^53. */
  uint(value: number): this {
    if (value < 128) return this.raw(Buffer.of(value));
    const bytes: number[] = [];
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    return this.raw(Buffer.of(256 - bytes.length, ...bytes));
  }

  /** A number between -2^52 and 2^52. */
  int(value: number): this {
    return this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  bytes(value: Buffer): this {
    return this.uint(value.length).raw(value);
  }

  string(value: string): this {
    return this.bytes(Buffer.from(value));
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  /** All that was appended, with its length before it. */
  message(): Buffer {
    const content = Buffer.concat(this.#parts);
    return Buffer.concat([new GobWriter().uint(content.length).content(), content]);
  }

  content(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const LONGEST_NUMBER = 8;

/** Reads values of one message. Throws GobError beyond its end. */
export class GobCursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Numbers above 2^53 lose digits. */
  uint(): number {
    const first = this.#byte();
    if (first < 128) return first;
    const length = 256 - first;
    if (length > LONGEST_NUMBER) throw new GobError('a number is too long');
    let value = 0;
    for (let index = 0; index < length; index++) value = value * 256 + this.#byte();
    return value;
  }

  /** Numbers beyond 2^52 lose digits. */
  int(): number {
    const value = this.uint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  float(): number {
    const bytes = Buffer.alloc(8);
    const first = this.#byte();
    if (first < 128) bytes[7] = first;
    else {
      const length = 256 - first;
      if (length > LONGEST_NUMBER) throw new GobError('a number is too long');
      for (let index = 8 - length; index < 8; index++) bytes[index] = this.#byte();
    }
    // The bytes are reversed, because the last ones of most numbers are zero.
    return bytes.readDoubleLE();
  }

  /** A view of the message's bytes. */
  bytes(): Buffer {
    const length = this.uint();
    if (length > this.left) throw new GobError('a value ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  string(): string {
    return this.bytes().toString();
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new GobError('a message ends early');
    this.#at += 1;
    return byte;
  }
}
