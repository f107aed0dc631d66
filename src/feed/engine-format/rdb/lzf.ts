// Strings that an engine compressed: the format of LibLZF. A control byte below 32 begins that many plus one bytes that are
// there as they are; any other says how much to repeat of what is before.

import { FormatError } from '../format-error.ts';

/** @param length What it decompresses to, exactly. Throws a FormatError. */
export function decompress(bytes: Buffer, length: number): Buffer {
  // LibLZF makes at most 264 bytes of 3.
  if (length > bytes.length * 264) throw broken();
  const out = Buffer.allocUnsafe(length);
  let at = 0;
  let end = 0;
  while (at < bytes.length) {
    const control = bytes[at++] as number;
    if (control < 32) {
      const count = control + 1;
      if (at + count > bytes.length || end + count > length) throw broken();
      for (let left = count; left > 0; left--) out[end++] = bytes[at++] as number;
      continue;
    }
    let count = (control >> 5) + 2;
    if (count === 9) count += bytes[at++] ?? 0;
    if (at >= bytes.length) throw broken();
    let from = end - (((control & 31) << 8) | (bytes[at++] as number)) - 1;
    if (from < 0 || end + count > length) throw broken();
    // Bytes that this writes may be repeated as well.
    for (; count > 0; count--) out[end++] = out[from++] as number;
  }
  if (end !== length) throw broken();
  return out;
}

function broken(): FormatError {
  return new FormatError('malformed', 'A compressed string cannot be decompressed.');
}
