// Patterns of rules: `*` is any text and `?` is one character. The time to match is proportional to the length of the text
// times that of the pattern divided by 32, whatever the pattern is: clients choose the texts. Pure.

/** Whether a whole text matches. */
export type Pattern = (text: string) => boolean;

/** Compiles a pattern. */
export function compilePattern(pattern: string): Pattern {
  const [first = '', ...rest] = pattern.split(/\*+/);
  if (rest.length === 0) {
    const isEqual = atStart(first);
    return (text) => text.length === first.length && isEqual(text, 0);
  }
  const last = rest.pop()!;
  const startsWith = atStart(first);
  const endsWith = atStart(last);
  const parts = rest.filter((part) => part !== '').map(finder);
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !startsWith(text, 0) || !endsWith(text, end)) return false;
    let at = first.length;
    for (const find of parts) {
      at = find(text, at, end);
      if (at === -1) return false;
    }
    return true;
  };
}

/** Whether the text has this part, in which `?` is any character, at an offset. */
function atStart(part: string): (text: string, at: number) => boolean {
  if (!part.includes('?')) return (text, at) => text.startsWith(part, at);
  return (text, at) => {
    if (text.length - at < part.length) return false;
    for (let index = 0; index < part.length; index++) {
      const wanted = part.charCodeAt(index);
      if (wanted !== ANY && wanted !== text.charCodeAt(at + index)) return false;
    }
    return true;
  };
}

const ANY = '?'.charCodeAt(0);
const WORD = 32;

/**
 * Finds the first place of a part between `from` and `end`, and returns the offset after it, or -1. Bit n of the state is
 * set while the last n + 1 characters are the first n + 1 of the part (the Shift-And algorithm).
 */
function finder(part: string): (text: string, from: number, end: number) => number {
  const words = Math.ceil(part.length / WORD);
  const ofAny = new Int32Array(words);
  const masks = new Map<number, Int32Array>();
  for (let index = 0; index < part.length; index++) {
    const code = part.charCodeAt(index);
    if (code !== ANY && !masks.has(code)) masks.set(code, new Int32Array(words));
  }
  for (let index = 0; index < part.length; index++) {
    const code = part.charCodeAt(index);
    const bit = 1 << (index % WORD);
    const word = Math.floor(index / WORD);
    if (code === ANY) ofAny[word]! |= bit;
    for (const [of, mask] of masks) if (code === ANY || of === code) mask[word]! |= bit;
  }
  const lastWord = words - 1;
  const lastBit = 1 << ((part.length - 1) % WORD);
  return (text, from, end) => {
    const state = new Int32Array(words);
    for (let at = from; at < end; at++) {
      const mask = masks.get(text.charCodeAt(at)) ?? ofAny;
      let carried = 1;
      for (let word = 0; word < words; word++) {
        const before = state[word]!;
        state[word] = ((before << 1) | carried) & mask[word]!;
        carried = before >>> (WORD - 1);
      }
      if ((state[lastWord]! & lastBit) !== 0) return at + 1;
    }
    return -1;
  };
}
