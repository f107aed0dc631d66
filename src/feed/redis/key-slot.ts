// The slot of a key in a cluster: CRC16 (XMODEM) of its hash tag or of all of it. Pure.

export const SLOTS = 16_384;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** 0 to 16383. The text between the first `{` and the next `}` counts alone, unless it is empty. */
export function keySlot(key: Buffer): number {
  const open = key.indexOf(0x7b);
  const close = open < 0 ? -1 : key.indexOf(0x7d, open + 1);
  const [from, to] = close > open + 1 ? [open + 1, close] : [0, key.length];
  let crc = 0;
  for (let index = from; index < to; index++) {
    crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ key[index]!]!;
  }
  return crc % SLOTS;
}
