// A hash of bytes, 64 bits: two lanes of the MurmurHash3 kind, which see each other at the end. It tells values apart
// that differ by chance; it is no protection against values that are made to collide.

const SEED_LOW = 0x2f0b4a27;
const SEED_HIGH = 0x51ed270b;

/** Hashes bytes that come in parts. After `end` the result is in `low` and `high`, signed. */
export class ByteHash {
  low = 0;
  high = 0;
  #tail = 0;
  #tailBytes = 0;
  #length = 0;

  begin(): void {
    this.low = SEED_LOW;
    this.high = SEED_HIGH;
    this.#tail = 0;
    this.#tailBytes = 0;
    this.#length = 0;
  }

  update(bytes: Buffer, from = 0, to = bytes.length): void {
    let at = from;
    this.#length += to - from;
    while (this.#tailBytes > 0 && at < to) this.#tailByte(bytes[at++] as number);
    let { low, high } = this;
    for (; at + 4 <= to; at += 4) {
      const word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      low = mixLow(low, word);
      high = mixHigh(high, word);
    }
    this.low = low;
    this.high = high;
    while (at < to) this.#tailByte(bytes[at++] as number);
  }

  /** Four bytes, where all bytes before came in fours as well. */
  word(word: number): void {
    this.#length += 4;
    this.low = mixLow(this.low, word);
    this.high = mixHigh(this.high, word);
  }

  end(): void {
    if (this.#tailBytes > 0) {
      this.low = mixLow(this.low, this.#tail);
      this.high = mixHigh(this.high, this.#tail);
    }
    let low = this.low ^ this.#length;
    let high = this.high ^ this.#length;
    low = (low + high) | 0;
    high = (high + low) | 0;
    low = avalanche(low);
    high = avalanche(high);
    low = (low + high) | 0;
    this.low = low;
    this.high = (high + low) | 0;
  }

  #tailByte(byte: number): void {
    this.#tail |= byte << (8 * this.#tailBytes);
    if (++this.#tailBytes < 4) return;
    this.low = mixLow(this.low, this.#tail);
    this.high = mixHigh(this.high, this.#tail);
    this.#tail = 0;
    this.#tailBytes = 0;
  }
}

function mixLow(lane: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  mixed ^= lane;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function mixHigh(lane: number, word: number): number {
  let mixed = Math.imul(word, 0x239b961b);
  mixed = Math.imul((mixed << 16) | (mixed >>> 16), 0xab0e9789);
  mixed ^= lane;
  return (Math.imul((mixed << 17) | (mixed >>> 15), 5) + 0x561ccd1b) | 0;
}

function avalanche(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
