// The hash slot of a key, as clusters compute it: CRC16 (XMODEM) of the key, or of what stands in its first braces. From
// the cluster specification of Redis.

/** How many slots a cluster has. */
export const SLOTS = 16_384;
const OPENS = 123;
const CLOSES = 125;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 8;
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1;
  return value;
});

/** From 0 to 16,383. */
export function slotOfKey(key: Buffer): number {
  let start = 0;
  let end = key.length;
  const open = key.indexOf(OPENS);
  if (open >= 0) {
    const close = key.indexOf(CLOSES, open + 1);
    if (close > open + 1) {
      start = open + 1;
      end = close;
    }
  }
  let value = 0;
  for (let at = start; at < end; at++)
    value = ((value << 8) ^ TABLE[((value >> 8) ^ key[at]!) & 0xff]!) & 0xffff;
  return value % SLOTS;
}
