// Transforms: JSON in which `<$.path>` stands for a part of the change record, as in an input transformer of EventBridge. In
// a string the part is inserted as text; elsewhere it is a JSON value of its own, with its quotes. What is missing is `null`,
// or nothing in a string. A transform is parsed once. Pure.

import { LanguageError, type Path, readPath, valueAt } from './path.ts';

/** Makes the payload of a change record. */
export type Transform = (record: object) => unknown;

/** A compiled transform. */
export interface Template {
  transform: Transform;
  /** How many parts of a record are inserted, each of which may be all of it. */
  parts: number;
}

/** AWS: the longest template of an input transformer, in characters. */
export const MOST_TEMPLATE_CHARACTERS = 8192;
const DEEPEST = 50;
const NO_CONTROL = 'a transform has no control characters';
/** Mark placeholders in the parsed JSON: those within a string, and those that are a value. */
const [MARK, WHOLE] = ['\u0001', '\u0002'];

/** Compiles the text of a transform. Throws a LanguageError. */
export function compileTemplate(text: string): Template {
  if (text.length > MOST_TEMPLATE_CHARACTERS) {
    throw new LanguageError(`a transform has ${MOST_TEMPLATE_CHARACTERS} characters at most`);
  }
  const { marked, paths } = markPlaceholders(text);
  let template: unknown;
  try {
    template = JSON.parse(marked);
  } catch {
    throw new LanguageError('a transform is JSON whose values may be <$.path>');
  }
  return { transform: compileValue(template, paths, 0), parts: paths.length };
}

/** The text of a template that is given as an object: strings that are one placeholder stand for its value. */
export function templateText(given: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new LanguageError('the transform is nested too deeply');
  if (typeof given === 'string' && /^<\$[^<>]*>$/.test(given)) return given;
  if (Array.isArray(given)) return `[${given.map((one) => templateText(one, depth + 1)).join(',')}]`;
  if (typeof given !== 'object' || given === null) return JSON.stringify(given);
  const members = Object.entries(given).map(
    ([name, value]) => `${JSON.stringify(name)}:${templateText(value, depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}

/** Puts a mark in place of each placeholder: within a string as a part of it, elsewhere as a string of its own. */
function markPlaceholders(text: string): { marked: string; paths: Path[] } {
  if (text.includes(MARK) || text.includes(WHOLE)) throw new LanguageError(NO_CONTROL);
  const paths: Path[] = [];
  let [marked, isInString] = ['', false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '<' && text[at + 1] === '$') {
      const end = text.indexOf('>', at);
      if (end === -1) throw new LanguageError(`<$ at character ${at + 1} has no >`);
      marked += isInString ? `\\u0001${paths.length}\\u0001` : `"\\u0002${paths.length}"`;
      paths.push(readPath(unescaped(text.slice(at + 1, end))));
      at = end;
      continue;
    }
    marked += character;
    if (character === '\\' && isInString) {
      if (/^u000[12]/i.test(text.slice(at + 1, at + 6))) throw new LanguageError(NO_CONTROL);
      at += 1;
      marked += text[at] ?? '';
    } else if (character === '"') {
      isInString = !isInString;
    }
  }
  return { marked, paths };
}

/** In a string of JSON the quotes of a path are written `\"`. */
const unescaped = (path: string) => path.replaceAll('\\"', '"');

function compileValue(template: unknown, paths: readonly Path[], depth: number): Transform {
  if (depth > DEEPEST) throw new LanguageError('the transform is nested too deeply');
  if (typeof template === 'string') return compileText(template, paths);
  if (Array.isArray(template)) {
    const items = template.map((item) => compileValue(item, paths, depth + 1));
    return (record) => items.map((item) => item(record));
  }
  if (typeof template !== 'object' || template === null) return () => template;
  const members = Object.entries(template).map(([name, value]) => {
    if (name.includes(MARK) || name.includes(WHOLE))
      throw new LanguageError('<$.path> stands for values, not for names');
    return [name, compileValue(value, paths, depth + 1)] as const;
  });
  return (record) => Object.fromEntries(members.map(([name, value]) => [name, value(record)]));
}

function compileText(text: string, paths: readonly Path[]): Transform {
  if (text.startsWith(WHOLE)) {
    const path = paths[Number(text.slice(1))]!;
    return (record) => valueAt(record, path) ?? null;
  }
  // Literal texts and numbers of paths take turns.
  const pieces = text.split(MARK);
  if (pieces.length === 1) return () => text;
  const parts = pieces.map((piece, index) => (index % 2 === 0 ? piece : paths[Number(piece)]!));
  return (record) => parts.map((part) => (typeof part === 'string' ? part : textAt(record, part))).join('');
}

function textAt(record: object, path: Path): string {
  const value = valueAt(record, path);
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
