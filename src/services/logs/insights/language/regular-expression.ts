// Regular expressions of queries, in the syntax of JavaScript. AWS's are of another engine: what both write differently
// is translated, and what JavaScript cannot do is refused with its place.

import { MalformedQuery, type Place } from './malformed.ts';
import type { RegularExpression } from './syntax.ts';

const FLAGS_IN_FRONT = /^\(\?([a-zA-Z]+)\)/;
const KNOWN_FLAGS = /^[ims]+$/;

/** `(?i)` in front and `(?P<name>…)` are translated. Throws MalformedQuery. */
export function regularExpression(given: string, place: Place): RegularExpression {
  const front = FLAGS_IN_FRONT.exec(given);
  const flags = front?.[1] ?? '';
  const source = given.slice(front?.[0].length ?? 0).replace(/\(\?P</g, '(?<');
  if (flags !== '' && !KNOWN_FLAGS.test(flags)) {
    throw new MalformedQuery(`Millpond does not know the flags (?${flags}) of a regular expression.`, place);
  }
  const expression: RegularExpression = {
    kind: 'pattern',
    source,
    flags: [...new Set(flags)].join(''),
    place,
  };
  try {
    compiled(expression);
  } catch (error) {
    throw new MalformedQuery(`Invalid regular expression: ${(error as Error).message}`, place);
  }
  return expression;
}

export const compiled = ({ source, flags }: Pick<RegularExpression, 'source' | 'flags'>): RegExp =>
  new RegExp(source, flags);

/** Finds escaped characters and classes, which may contain parentheses, and the beginnings of capturing groups. */
const GROUPS = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?!\?)|\(\?<(?![=!])([^>]+)>/g;

/**
 * The names of its capturing groups, in order; `undefined` for a group without a name. The expression is not run: even
 * on an empty text that could take forever.
 */
export const groupsOf = ({ source }: Pick<RegularExpression, 'source'>): (string | undefined)[] =>
  [...source.matchAll(GROUPS)].filter(([text]) => text.startsWith('(')).map(([, name]) => name);

/** A pattern of `parse` in which every `*` captures as little as possible, the last one at an end everything. */
export function globExpression(glob: string, place: Place): RegularExpression & { captures: number } {
  const parts = glob.split('*');
  const literal = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const last = parts.length - 1;
  let source = literal[0]!;
  for (let index = 1; index <= last; index++) {
    const isOpen = index === last && parts[index] === '';
    source += `${isOpen ? '([\\s\\S]*)' : '([\\s\\S]*?)'}${literal[index]}`;
  }
  return { kind: 'pattern', source, flags: '', place, captures: last };
}
