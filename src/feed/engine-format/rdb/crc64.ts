// The check sum of dumps: CRC-64 with Jones' polynomial, as in Redis src/crc64.c. Eight bytes in a step, by eight tables;
// sums are halves of 32 bits, because BigInts are slow.

/** The polynomial 0xad93d23594c935a9 with its bits reversed. */
const LOW = 0xac4bc9b5;
const HIGH = 0x95ac9329;

/** 8 tables of 256 sums: of a byte that 0 to 7 zero bytes follow. */
const lows = new Int32Array(8 * 256);
const highs = new Int32Array(8 * 256);

for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd) {
      low ^= LOW;
      high ^= HIGH;
    }
  }
  lows[byte] = low;
  highs[byte] = high;
}
for (let at = 256; at < 8 * 256; at++) {
  const low = lows[at - 256] as number;
  const high = highs[at - 256] as number;
  const index = low & 255;
  lows[at] = ((low >>> 8) | (high << 24)) ^ (lows[index] as number);
  highs[at] = (high >>> 8) ^ (highs[index] as number);
}

/** A sum of bytes that come in parts. */
export class Crc64 {
  #low = 0;
  #high = 0;

  update(bytes: Buffer, from: number, to: number): void {
    let low = this.#low;
    let high = this.#high;
    let at = from;
    for (; at + 8 <= to; at += 8) {
      low ^= word(bytes, at);
      high ^= word(bytes, at + 4);
      const a = 7 * 256 + (low & 255);
      const b = 6 * 256 + ((low >>> 8) & 255);
      const c = 5 * 256 + ((low >>> 16) & 255);
      const d = 4 * 256 + (low >>> 24);
      const e = 3 * 256 + (high & 255);
      const f = 2 * 256 + ((high >>> 8) & 255);
      const g = 256 + ((high >>> 16) & 255);
      const h = high >>> 24;
      low = xor(lows, a, b, c, d) ^ xor(lows, e, f, g, h);
      high = xor(highs, a, b, c, d) ^ xor(highs, e, f, g, h);
    }
    for (; at < to; at++) {
      const index = (low ^ (bytes[at] as number)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ (lows[index] as number);
      high = (high >>> 8) ^ (highs[index] as number);
    }
    this.#low = low;
    this.#high = high;
  }

  /** The sum as dumps have it. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(this.#low | 0, 0);
    bytes.writeInt32LE(this.#high | 0, 4);
    return bytes;
  }

  /** Whether the eight bytes at `at` are the sum, or zero: the engine writes none with `rdbchecksum no`. */
  matches(bytes: Buffer, at: number): boolean {
    const low = word(bytes, at);
    const high = word(bytes, at + 4);
    return (low === 0 && high === 0) || (low === (this.#low | 0) && high === (this.#high | 0));
  }
}

function word(bytes: Buffer, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function xor(table: Int32Array, a: number, b: number, c: number, d: number): number {
  return (table[a] as number) ^ (table[b] as number) ^ (table[c] as number) ^ (table[d] as number);
}
