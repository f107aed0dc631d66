// Paths into a change record: `$.key`, `$.value.firstName`, `$.value['first name']`, `$.command[0]`. Pure.

/** The names and indexes on the way; empty: the record itself. */
export type Path = readonly (string | number)[];

/** Why a text of one of the languages is refused: a sentence without a place. */
export class LanguageError extends Error {
  override readonly name = 'LanguageError';
}

const STEP = /\.([^.[\]<>"'\s]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/** Throws a LanguageError. */
export function readPath(text: string): Path {
  if (!text.startsWith('$')) throw new LanguageError(`'${text}' is not a path: paths begin with $, as $.key`);
  const path: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const step = STEP.exec(text);
    if (!step) throw new LanguageError(`'${text}' is not a path: ${text.slice(at)} is not understood`);
    const [, name, index, quoted, doubleQuoted] = step;
    path.push(index === undefined ? (name ?? quoted ?? doubleQuoted)! : Number(index));
  }
  return path;
}

/** `undefined` where the path leads nowhere. */
export function valueAt(record: unknown, path: Path): unknown {
  let value = record;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
