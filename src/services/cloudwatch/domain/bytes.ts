// Encodes numbers in few bytes. Pure; knows nothing about metrics.

/** Numbers with at most four decimals are stored as integers. */
const SCALE = 10_000;
const LARGEST_WHOLE = 2 ** 50;
const FLOAT = 0;
const SCALED = 1;
const FIRST_WHOLE = 2;

/** A growing buffer. `finish` returns its content. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A non-negative integer of any size, as a varint. */
  whole(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Any finite number. */
  number(value: number): void {
    const scaled = Math.round(value * SCALE);
    if (isPlain(value)) this.whole(zigzag(value) + FIRST_WHOLE);
    else if (isPlain(scaled) && scaled / SCALE === value) {
      this.byte(SCALED);
      this.whole(zigzag(scaled));
    } else {
      this.byte(FLOAT);
      this.#reserve(8);
      new DataView(this.#bytes.buffer).setFloat64(this.#length, value);
      this.#length += 8;
    }
  }

  bytes(content: Uint8Array): void {
    this.#reserve(content.length);
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what a ByteWriter wrote. Throws RangeError past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    if (this.isAtEnd) throw new RangeError('a number past the end');
    return this.#bytes[this.#at++]!;
  }

  whole(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  number(): number {
    const tag = this.whole();
    if (tag >= FIRST_WHOLE) return unzigzag(tag - FIRST_WHOLE);
    if (tag === SCALED) return unzigzag(this.whole()) / SCALE;
    const { buffer, byteOffset, byteLength } = this.#bytes;
    const value = new DataView(buffer, byteOffset, byteLength).getFloat64(this.#at);
    this.#at += 8;
    return value;
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('bytes past the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const isPlain = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) <= LARGEST_WHOLE && !Object.is(value, -0);

/** Maps integers of small magnitude to small non-negative integers. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);
