// Reads a feed's YAML file. What is wrong is reported with the file, the line and the path. Pure: the file's text is given.

import { createRequire } from 'node:module';
import type { Node } from 'yaml';
import type { FeedConfiguration } from './configuration.ts';
import { type ReadOptions, readConfiguration } from './read-configuration.ts';
import { ConfigurationError, type Place, placeText } from './reading.ts';

// Loaded with the first file, because the package has 72 files.
const require = createRequire(import.meta.url);
const yaml = () => require('yaml') as typeof import('yaml');

/** What is read holds up Millpond: text of a million brackets would do so for seconds. A feed needs some thousands. */
const MOST_CHARACTERS = 32 * 1024;
/** Each use of an alias counts, because aliases of aliases grow exponentially. */
const MOST_NODES = 20_000;
const DEEPEST = 50;

/** Reads the text of a file; its name is for messages. Throws a ConfigurationError. */
export function readYamlFile(text: string, file: string, options: ReadOptions = {}): FeedConfiguration {
  const { value, lineOf } = parse(text, file);
  const where = (place: Place) => [`${file}:${lineOf(place)}`, placeText(place)].filter(Boolean).join(': ');
  return readConfiguration(value, { ...options, where });
}

function parse(text: string, file: string): { value: unknown; lineOf(place: Place): number } {
  const { LineCounter, parseDocument } = yaml();
  const fail = (line: number, message: string): never => {
    throw new ConfigurationError([{ place: [], message }], () => `${file}:${line}`);
  };
  if (text.length > MOST_CHARACTERS) fail(1, `The file has more than ${MOST_CHARACTERS} characters.`);
  const counter = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line);
  const document = (() => {
    try {
      return parseDocument(text, {
        ...{ lineCounter: counter, prettyErrors: false, logLevel: 'silent', merge: false },
        // The parser compares each name with all others.
        uniqueKeys: false,
      });
    } catch (error) {
      // The parser is recursive: text of many opening brackets overflows its stack.
      if (error instanceof RangeError) return fail(1, 'The file is nested too deeply.');
      throw error;
    }
  })();
  const [error] = document.errors;
  if (error) fail(lineAt(error.pos[0]), `This is not YAML: ${error.message}.`);
  const lines = new Map<string, number>();
  const converter = new Converter(lines, lineAt, fail);
  const value = converter.convert(document.contents as Node | null, [], 1);
  return {
    value,
    /** The line of the place, or of the nearest one around it that the file has. */
    lineOf(place) {
      for (let length = place.length; length >= 0; length--) {
        const line = lines.get(JSON.stringify(place.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

/** Makes plain values of nodes, and notes their lines. */
class Converter {
  readonly #lines: Map<string, number>;
  readonly #lineAt: (offset: number) => number;
  readonly #fail: (line: number, message: string) => never;
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;

  constructor(
    lines: Map<string, number>,
    lineAt: (offset: number) => number,
    fail: (line: number, message: string) => never,
  ) {
    this.#lines = lines;
    this.#lineAt = lineAt;
    this.#fail = fail;
  }

  convert(node: Node | null, place: Place, around: number): unknown {
    const line = node?.range ? this.#lineAt(node.range[0]) : around;
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES) this.#fail(line, 'The file has too many values.');
    if (place.length > DEEPEST) this.#fail(line, 'The file is nested too deeply.');
    const key = JSON.stringify(place);
    if (!this.#lines.has(key)) this.#lines.set(key, line);
    if (!node) return null;
    const { isAlias, isMap, isScalar, isSeq } = yaml();
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (!target) return this.#fail(line, `There is no anchor &${node.source} before this.`);
      return this.convert(target, place, line);
    }
    const { anchor, tag } = node as { anchor?: string; tag?: string };
    if (tag !== undefined && !/^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/.test(tag)) {
      this.#fail(line, `The YAML tag ${tag} is not supported.`);
    }
    const value = isMap(node)
      ? this.#object(node.items as { key: unknown; value: unknown }[], place, line)
      : isSeq(node)
        ? node.items.map((item, index) => this.convert(item as Node | null, [...place, index], line))
        : isScalar(node)
          ? node.value
          : null;
    // Set afterwards: an alias cannot stand for what it is a part of.
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return value;
  }

  #object(items: { key: unknown; value: unknown }[], place: Place, around: number): unknown {
    const { isScalar } = yaml();
    const members = new Map<string, unknown>();
    for (const { key, value } of items) {
      if (!isScalar(key)) return this.#fail(around, 'A name must be a text.');
      const name = key.source ?? String(key.value);
      const line = key.range ? this.#lineAt(key.range[0]) : around;
      const inner = [...place, name];
      if (members.has(name)) return this.#fail(line, `There are two members called ${name}.`);
      this.#lines.set(JSON.stringify(inner), line);
      members.set(name, this.convert(value as Node | null, inner, line));
    }
    return Object.fromEntries(members);
  }
}
