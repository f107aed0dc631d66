// A buffer that dns2 encodes one message into. dns2's own buffer uses an array element per bit, which costs ten times
// as much for the ninety addresses of a large cluster.

/** Implements the writer interface of dns2. */
export class PacketWriter {
  /** Offsets of the names written so far. dns2 fills it, and writes compression pointers if it is a Map. */
  readonly names: Map<string, number> | object;
  #bytes: Buffer;
  #bits = 0;

  constructor(sizeBytes: number, options: { pointers: boolean }) {
    this.names = options.pointers ? new Map<string, number>() : {};
    this.#bytes = Buffer.allocUnsafe(sizeBytes);
  }

  write(value: number, bits: number): void {
    const last = (this.#bits + bits + 7) >>> 3;
    if (last > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], last * 2);
    if (((this.#bits | bits) & 7) === 0) this.#writeBytes(value, bits);
    else for (let bit = bits - 1; bit >= 0; bit--) this.#writeBit((value >>> bit) & 1);
  }

  patch(bitOffset: number, value: number, bits: number): void {
    const end = this.#bits;
    this.#bits = bitOffset;
    this.write(value, bits);
    this.#bits = end;
  }

  bitLength(): number {
    return this.#bits;
  }

  byteLength(): number {
    return this.#bits / 8;
  }

  /** A view, not a copy: dns2 asks for it after every record and drops it. */
  toBuffer(): Buffer {
    return this.#bytes.subarray(0, (this.#bits + 7) >>> 3);
  }

  #writeBytes(value: number, bits: number): void {
    let at = this.#bits >>> 3;
    for (let shift = bits - 8; shift >= 0; shift -= 8) this.#bytes[at++] = (value >>> shift) & 0xff;
    this.#bits += bits;
  }

  #writeBit(bit: number): void {
    const at = this.#bits >>> 3;
    const mask = 0x80 >>> (this.#bits & 7);
    if (bit) this.#bytes[at]! |= mask;
    else this.#bytes[at]! &= ~mask;
    this.#bits++;
  }
}
