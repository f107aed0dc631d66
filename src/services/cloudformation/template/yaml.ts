// Parses YAML into nodes with places. CloudFormation's short forms become the long ones, and features of YAML 1.1 that
// AWS does not support are refused.

import { createRequire } from 'node:module';
import type { Document, LineCounter, Node, Scalar, Tags } from 'yaml';
import { formatError, TemplateError } from './issues.ts';
import { numberNode } from './json.ts';
import type { Entry, Place, TemplateNode } from './node.ts';
import { addEntry, MAX_DEPTH, MAX_NODES } from './tree-limits.ts';

// Loaded with the first YAML template, because the package has 72 files.
const require = createRequire(import.meta.url);
const yaml = () => require('yaml') as typeof import('yaml');

/** The key of the long form, by the tag of the short form. */
const LONG_FORMS = new Map<string, string>([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    'And',
    'Base64',
    'Cidr',
    'Contains',
    'EachMemberEquals',
    'EachMemberIn',
    'Equals',
    'FindInMap',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
    'Join',
    'Length',
    'Not',
    'Or',
    'RefAll',
    'Select',
    'Split',
    'Sub',
    'ToJsonString',
    'Transform',
    'ValueOf',
    'ValueOfAll',
  ].map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

const CORE = 'tag:yaml.org,2002:';
const CORE_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => CORE + name));

/** AWS: dates and sexagesimal numbers stay strings, `y` and `n` are not booleans, and `<<` is an ordinary key. */
const resolvesItself = (tag: { tag: string; format?: string }) =>
  CORE_TAGS.has(tag.tag) && tag.format !== 'TIME';

/** The parser needs them declared, or it creates a warning with a stack trace for each use. */
const SHORT_FORM_TAGS: Tags = [...LONG_FORMS.keys()].flatMap((tag) => [
  { tag, resolve: (text: string) => text },
  { tag, collection: 'map' as const, resolve: (map: unknown) => map },
  { tag, collection: 'seq' as const, resolve: (list: unknown) => list },
]);

/** Throws a TemplateError with the place. */
export function parseYaml(text: string): TemplateNode {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      version: '1.1',
      lineCounter: lines,
      customTags: (tags) => [
        ...tags.filter((tag) => typeof tag === 'string' || resolvesItself(tag)),
        ...SHORT_FORM_TAGS,
      ],
      merge: false,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
  } catch (error) {
    // The parser is recursive: text of many opening brackets overflows its stack.
    if (error instanceof RangeError) throw new TemplateError(formatError('nested too deeply'));
    throw error;
  }
  const converter = new Converter(lines);
  const [error] = document.errors;
  if (error) throw new TemplateError(formatError('YAML not well-formed.', converter.placeAt(error.pos[0])));
  if (!document.contents) throw new TemplateError(formatError('unsupported structure.'));
  return converter.convert(document.contents, 0);
}

class Converter {
  private readonly lines: LineCounter;
  private made = 0;
  /** The newest node of each anchor, with its number of values. */
  private readonly anchors = new Map<string, { node: Node; size: number }>();

  constructor(lines: LineCounter) {
    this.lines = lines;
  }

  convert(node: Node | null, depth: number, around?: Place): TemplateNode {
    const place = node?.range ? this.placeAt(node.range[0]) : (around ?? { line: 1, column: 1 });
    if (depth > MAX_DEPTH) throw new TemplateError(formatError('nested too deeply', place));
    this.count(1, place);
    if (!node) return { kind: 'scalar', value: null, place };
    const before = this.made;
    const made = this.tagged(node, depth, place);
    if (node.anchor) this.anchors.set(node.anchor, { node, size: this.made - before + 1 });
    return made;
  }

  private tagged(node: Node, depth: number, place: Place): TemplateNode {
    const tag = node.tag;
    if (tag === undefined || CORE_TAGS.has(tag)) return this.untagged(node, depth, place);
    const longForm = LONG_FORMS.get(tag);
    if (!longForm) {
      const shown = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
      throw new TemplateError(formatError(`YAML tag ${shown} is not supported.`, place));
    }
    const argument = this.untagged(node, depth, place);
    const value = longForm === 'Fn::GetAtt' ? splitAttribute(argument) : argument;
    return { kind: 'object', entries: new Map([[longForm, { value, place }]]), place };
  }

  private untagged(node: Node, depth: number, place: Place): TemplateNode {
    const { isAlias, isMap, isScalar, isSeq } = yaml();
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (!target) throw new TemplateError(formatError(`Unknown alias *${node.source}`, place));
      // Checked before the node is built: aliases of aliases can grow tenfold with each line.
      this.count(target.size, place);
      this.made -= target.size;
      return this.convert(target.node, depth + 1, place);
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item as Node | null, depth + 1, place));
      return { kind: 'list', items, place };
    }
    if (isMap(node)) {
      const entries = new Map<string, Entry>();
      for (const { key, value } of node.items) {
        if (!isScalar(key)) throw new TemplateError(formatError('Keys must be strings.', place));
        const keyPlace = key.range ? this.placeAt(key.range[0]) : place;
        const name = key.source ?? String(key.value);
        addEntry(entries, name, {
          value: this.convert(value as Node | null, depth + 1, keyPlace),
          place: keyPlace,
        });
      }
      return { kind: 'object', entries, place };
    }
    return scalarNode(node as Scalar, place);
  }

  private count(size: number, place: Place): void {
    this.made += size;
    if (this.made > MAX_NODES) throw new TemplateError(formatError('too many values', place));
  }

  placeAt(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function scalarNode(node: Scalar, place: Place): TemplateNode {
  const { value, source } = node;
  if (typeof value === 'boolean' && source !== undefined && /^[yn]$/i.test(source)) {
    return { kind: 'scalar', value: source, place };
  }
  if (typeof value === 'number') {
    const plain = source !== undefined && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(source);
    if (plain) return numberNode(source, place);
    // An account id with a leading zero stays a string, and so does every number that JSON cannot express.
    const isNumber = Number.isFinite(value) && !(source !== undefined && /^[-+]?0\d+$/.test(source));
    return { kind: 'scalar', value: isNumber ? value : (source ?? String(value)), place };
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return { kind: 'scalar', value, place };
  }
  return { kind: 'scalar', value: source ?? String(value), place };
}

/** `!GetAtt A.B.C` becomes `[A, B.C]`. */
function splitAttribute(argument: TemplateNode): TemplateNode {
  if (argument.kind !== 'scalar' || typeof argument.value !== 'string') return argument;
  const dot = argument.value.indexOf('.');
  if (dot < 0) return argument;
  const { place } = argument;
  const parts = [argument.value.slice(0, dot), argument.value.slice(dot + 1)];
  return { kind: 'list', items: parts.map((value) => ({ kind: 'scalar', value, place })), place };
}
