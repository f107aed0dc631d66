// CRC-32C and CRC-64/NVME, eight bytes per step; Node has neither (its zlib has CRC-32). Both are reflected: the lowest
// bit is the highest power. Pure.

const STEP = 8;

/** Start with -1. The checksum of the bytes so far is `state ^ -1`. */
export type Crc32State = number;
/** Start with -1 in both halves. The checksum is the complement of both. */
export interface Crc64State {
  high: number;
  low: number;
}

const CRC32C = tables32(0x82f63b78);

/** The state after more bytes. */
export function updateCrc32c(state: Crc32State, bytes: Uint8Array): Crc32State {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = CRC32C as EightTables;
  let crc = state;
  let i = 0;
  for (const end = bytes.length - (bytes.length % STEP); i < end; i += STEP) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]!) & 255]!;
  return crc;
}

const CRC64 = tables64(0x9a6c9329, 0xac4bc9b5);

/** The state after more bytes. */
export function updateCrc64Nvme(state: Crc64State, bytes: Uint8Array): Crc64State {
  const [h0, h1, h2, h3, h4, h5, h6, h7] = CRC64.high as EightTables;
  const [l0, l1, l2, l3, l4, l5, l6, l7] = CRC64.low as EightTables;
  let { high, low } = state;
  let i = 0;
  for (const end = bytes.length - (bytes.length % STEP); i < end; i += STEP) {
    low ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    high ^= bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24);
    const a = low & 255;
    const b = (low >>> 8) & 255;
    const c = (low >>> 16) & 255;
    const d = low >>> 24;
    const e = high & 255;
    const f = (high >>> 8) & 255;
    const g = (high >>> 16) & 255;
    const h = high >>> 24;
    low = l7[a]! ^ l6[b]! ^ l5[c]! ^ l4[d]! ^ l3[e]! ^ l2[f]! ^ l1[g]! ^ l0[h]!;
    high = h7[a]! ^ h6[b]! ^ h5[c]! ^ h4[d]! ^ h3[e]! ^ h2[f]! ^ h1[g]! ^ h0[h]!;
  }
  for (; i < bytes.length; i++) {
    const index = (low ^ bytes[i]!) & 255;
    low = ((low >>> 8) | (high << 24)) ^ l0[index]!;
    high = (high >>> 8) ^ h0[index]!;
  }
  return { high, low };
}

type EightTables = [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

function tables32(polynomial: number): Int32Array[] {
  const tables = Array.from({ length: STEP }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[0]![byte] = crc;
  }
  for (let step = 1; step < STEP; step++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[step - 1]![byte]!;
      tables[step]![byte] = (before >>> 8) ^ tables[0]![before & 255]!;
    }
  }
  return tables;
}

function tables64(polynomialHigh: number, polynomialLow: number): { high: Int32Array[]; low: Int32Array[] } {
  const high = Array.from({ length: STEP }, () => new Int32Array(256));
  const low = Array.from({ length: STEP }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let [h, l] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h = h >>> 1;
      if (carry) [h, l] = [h ^ polynomialHigh, l ^ polynomialLow];
    }
    high[0]![byte] = h;
    low[0]![byte] = l;
  }
  for (let step = 1; step < STEP; step++) {
    for (let byte = 0; byte < 256; byte++) {
      const [h, l] = [high[step - 1]![byte]!, low[step - 1]![byte]!];
      low[step]![byte] = ((l >>> 8) | (h << 24)) ^ low[0]![l & 255]!;
      high[step]![byte] = (h >>> 8) ^ high[0]![l & 255]!;
    }
  }
  return { high, low };
}
