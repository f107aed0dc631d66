// Bounds the content of a JSON text before it is parsed: a parser cannot be stopped, and a megabyte of brackets or keys
// takes it as long as ten megabytes of normal JSON.

/** Nested arrays and objects. tree.ts also limits the depth of the values that are read. */
const MAX_LEVELS = 200;
/** Members of all objects together. The largest request of AWS's APIs has 10,000 records of a few members. */
const MAX_KEYS = 60_000;
/** All commas, that is the values after the first one of each array or object. */
const MAX_VALUES = 500_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Why the text must not be parsed; `undefined` if it may be. It does not check the syntax. */
export function excessIn(json: Buffer): string | undefined {
  let levels = 0;
  let keys = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case QUOTE:
        at = endOfString(json, at);
        if (at < 0) return undefined;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++levels > MAX_LEVELS) return 'is nested too deeply';
        break;
      case 0x5d: // ]
      case 0x7d: // }
        levels--;
        break;
      case 0x3a: // :
        if (++keys > MAX_KEYS) return 'has too many members';
        break;
      case 0x2c: // ,
        if (++values > MAX_VALUES) return 'has too many values';
        break;
    }
  }
  return undefined;
}

/** The index of the quote that closes the string at `start`; -1 if there is none. */
export function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end >= 0; end = json.indexOf(QUOTE, end + 1)) {
    let before = end - 1;
    while (json[before] === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}
