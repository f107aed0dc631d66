// Finds a string in a string, and bytes in bytes, in a time that grows with their lengths only. The search of the
// language is faster for almost all texts, but takes seconds for others of 400 KB. Pure.

/** Below this product of lengths, the language's own search is used. */
const MOST_PRODUCT = 1_000_000;

/** Whether the text contains the part. */
export function containsText(text: string, part: string): boolean {
  if (text.length * part.length <= MOST_PRODUCT) return text.includes(part);
  return find(unitsOf(text), unitsOf(part));
}

/** Whether the bytes contain the part. */
export function containsBytes(bytes: Uint8Array, part: Uint8Array): boolean {
  if (bytes.length * part.length > MOST_PRODUCT) return find(bytes, part);
  return asBuffer(bytes).includes(asBuffer(part));
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return units;
}

/** The algorithm of Knuth, Morris and Pratt. */
function find(text: Uint8Array | Uint16Array, part: Uint8Array | Uint16Array): boolean {
  if (part.length > text.length) return false;
  const borders = bordersOf(part);
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text[at];
    while (matched > 0 && unit !== part[matched]) matched = borders[matched - 1]!;
    if (unit === part[matched]) matched++;
    if (matched === part.length) return true;
  }
  return part.length === 0;
}

/** For each beginning of the part: the length of the longest shorter beginning that it also ends with. */
function bordersOf(part: Uint8Array | Uint16Array): Int32Array {
  const borders = new Int32Array(part.length);
  let length = 0;
  for (let at = 1; at < part.length; at++) {
    while (length > 0 && part[at] !== part[length]) length = borders[length - 1]!;
    if (part[at] === part[length]) length++;
    borders[at] = length;
  }
  return borders;
}
