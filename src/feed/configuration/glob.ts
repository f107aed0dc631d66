// Key patterns as the engine has them: `*`, `?`, `[a-c]`, `[^x]` and `\` before any of them. A pattern and a key are bytes.
// The time to match is proportional to the length of the key times that of the pattern divided by 32, whatever the pattern
// is: clients choose the keys. Pure.

/** Whether a whole key matches. */
export type Glob = (key: Buffer) => boolean;

/** The longest pattern, in bytes. */
export const MOST_PATTERN_BYTES = 1024;

/** The bytes that one element of a pattern stands for: 1 at each of them. */
type Bytes = Uint8Array;

/** Compiles a pattern. Every text is a pattern, as it is for the engine. */
export function compileGlob(pattern: string): Glob {
  const parts = partsOf(Buffer.from(pattern));
  const [first, ...rest] = parts as [Bytes[], ...Bytes[][]];
  if (rest.length === 0) return (key) => key.length === first.length && isAt(first, key, 0);
  const last = rest.pop()!;
  const finders = rest.filter((part) => part.length > 0).map(finder);
  return (key) => {
    const end = key.length - last.length;
    if (end < first.length || !isAt(first, key, 0) || !isAt(last, key, end)) return false;
    let at = first.length;
    for (const find of finders) {
      at = find(key, at, end);
      if (at === -1) return false;
    }
    return true;
  };
}

/** The elements between the stars. */
function partsOf(pattern: Buffer): Bytes[][] {
  const parts: Bytes[][] = [[]];
  for (let at = 0; at < pattern.length; ) {
    const byte = pattern[at]!;
    if (byte === STAR) {
      parts.push([]);
      at += 1;
    } else if (byte === ANY) {
      parts.at(-1)!.push(new Uint8Array(256).fill(1));
      at += 1;
    } else if (byte === OPENING) {
      const { bytes, end } = setFrom(pattern, at + 1);
      parts.at(-1)!.push(bytes);
      at = end;
    } else {
      const isEscape = byte === ESCAPE && at + 1 < pattern.length;
      parts.at(-1)!.push(only(pattern[isEscape ? at + 1 : at]!));
      at += isEscape ? 2 : 1;
    }
  }
  return parts;
}

const [STAR, ANY, OPENING, CLOSING, NOT, TO, ESCAPE] = [...Buffer.from('*?[]^-\\')] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

function only(byte: number): Bytes {
  const bytes = new Uint8Array(256);
  bytes[byte] = 1;
  return bytes;
}

/** Reads a set after its `[`. As in the engine, the first `]` closes it, and so does the end of the pattern. */
function setFrom(pattern: Buffer, start: number): { bytes: Bytes; end: number } {
  const bytes = new Uint8Array(256);
  const isNegated = pattern[start] === NOT;
  let at = isNegated ? start + 1 : start;
  while (at < pattern.length && pattern[at] !== CLOSING) {
    const left = pattern.length - at;
    if (pattern[at] === ESCAPE && left >= 2) {
      bytes[pattern[at + 1]!] = 1;
      at += 2;
    } else if (left >= 3 && pattern[at + 1] === TO) {
      const [one, other] = [pattern[at]!, pattern[at + 2]!];
      bytes.fill(1, Math.min(one, other), Math.max(one, other) + 1);
      at += 3;
    } else {
      bytes[pattern[at]!] = 1;
      at += 1;
    }
  }
  return { bytes: isNegated ? bytes.map((is) => 1 - is) : bytes, end: Math.min(at + 1, pattern.length) };
}

function isAt(part: readonly Bytes[], key: Buffer, at: number): boolean {
  if (key.length - at < part.length) return false;
  for (let index = 0; index < part.length; index++) if (part[index]![key[at + index]!] === 0) return false;
  return true;
}

const WORD = 32;

/**
 * Finds the first place of a part between `from` and `end`, and returns the offset after it, or -1. Bit n of the state is
 * set while the last n + 1 bytes are those of the first n + 1 elements (the Shift-And algorithm).
 */
function finder(part: readonly Bytes[]): (key: Buffer, from: number, end: number) => number {
  const words = Math.ceil(part.length / WORD);
  const masks = new Int32Array(256 * words);
  part.forEach((bytes, index) => {
    const [word, bit] = [Math.floor(index / WORD), 1 << (index % WORD)];
    for (let byte = 0; byte < 256; byte++) if (bytes[byte] === 1) masks[byte * words + word]! |= bit;
  });
  const lastWord = words - 1;
  const lastBit = 1 << ((part.length - 1) % WORD);
  return (key, from, end) => {
    const state = new Int32Array(words);
    for (let at = from; at < end; at++) {
      const mask = key[at]! * words;
      let carried = 1;
      for (let word = 0; word < words; word++) {
        const before = state[word]!;
        state[word] = ((before << 1) | carried) & masks[mask + word]!;
        carried = before >>> (WORD - 1);
      }
      if ((state[lastWord]! & lastBit) !== 0) return at + 1;
    }
    return -1;
  };
}
