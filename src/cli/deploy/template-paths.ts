// Finds local paths in a template and replaces them after the upload. All other text stays unchanged, line by line,
// so that places in it are right for the file. Pure.

import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';

/**
 * How the uploaded object is named: `template`: a URL; `uri`: `s3://bucket/key`; `object`: bucket and key as members.
 */
export type PathForm = 'template' | 'uri' | 'object';

/** Line and column, counted from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A path in a template. */
export interface LocalPath {
  logicalId: string;
  property: string;
  form: PathForm;
  /** The path as written. */
  path: string;
  place: Place;
  /** Offsets of the value in the text. */
  start: number;
  end: number;
}

/** What deployments need to know of a template. */
export interface TemplateFacts {
  localPaths: LocalPath[];
  /** The names of its parameters. */
  parameters: string[];
  /** The place of each resource by its logical id. */
  resources: Map<string, Place>;
}

/** The properties that `aws cloudformation package` replaces, of types that Millpond knows. */
const PROPERTIES: Record<string, { property: string; form: PathForm }> = {
  'AWS::CloudFormation::Stack': { property: 'TemplateURL', form: 'template' },
  'AWS::Lambda::Function': { property: 'Code', form: 'object' },
  'AWS::Lambda::LayerVersion': { property: 'Content', form: 'object' },
  'AWS::Serverless::Function': { property: 'CodeUri', form: 'uri' },
  'AWS::Serverless::LayerVersion': { property: 'ContentUri', form: 'uri' },
};

const URL_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/** Reads a template. The result is empty for an invalid one; CloudFormation reports its errors. */
export function readTemplate(text: string): TemplateFacts {
  const lines = new LineCounter();
  let root: Node | null;
  try {
    ({ contents: root } = parseDocument(text, {
      ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' },
    }));
  } catch {
    // The parser is recursive; a text of many opening brackets overflows its stack.
    return { localPaths: [], parameters: [], resources: new Map() };
  }
  const localPaths: LocalPath[] = [];
  const resources = new Map<string, Place>();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const look = (logicalId: string, properties: Node | undefined, property: string, form: PathForm) => {
    const value = member(properties, property);
    if (!isScalar(value) || typeof value.value !== 'string' || !value.range || isCall(value)) return;
    const [start, end] = value.range;
    if (value.value === '' || URL_SCHEME.test(value.value)) return;
    localPaths.push({ logicalId, property, form, path: value.value, place: placeAt(start), start, end });
  };
  for (const [logicalId, resource, offset] of membersOf(member(root, 'Resources'))) {
    resources.set(logicalId, placeAt(offset));
    const known = PROPERTIES[textOf(member(resource, 'Type')) ?? ''];
    if (known) look(logicalId, member(resource, 'Properties'), known.property, known.form);
  }
  look('Globals', member(member(root, 'Globals'), 'Function'), 'CodeUri', 'uri');
  const parameters = membersOf(member(root, 'Parameters')).map(([name]) => name);
  return { localPaths, parameters, resources };
}

/** Replaces each path by a string or an object of strings. The number of lines does not change. */
export function withReplacements(
  text: string,
  replacements: ReadonlyMap<LocalPath, string | Record<string, string>>,
): string {
  let result = text;
  for (const [{ start, end }, value] of [...replacements].sort(([a], [b]) => b.start - a.start)) {
    const lineEnds = result.slice(start, end).match(/\r?\n/g) ?? [];
    // JSON is valid in YAML, both in block and in flow style.
    result = result.slice(0, start) + JSON.stringify(value) + lineEnds.join('') + result.slice(end);
  }
  return result;
}

/** CloudFormation evaluates `!Sub ./path`; it does not name a file. */
const isCall = (node: { tag?: string | undefined }): boolean => node.tag?.startsWith('!') ?? false;

function member(node: unknown, name: string): Node | undefined {
  if (!isMap(node)) return undefined;
  return (node as YAMLMap).get(name, true) as Node | undefined;
}

const textOf = (node: unknown): string | undefined =>
  isScalar(node) && typeof node.value === 'string' ? node.value : undefined;

const membersOf = (node: unknown): [name: string, value: unknown, offset: number][] =>
  isMap(node)
    ? node.items.flatMap(({ key, value }) =>
        isScalar(key) ? [[String(key.value), value, key.range?.[0] ?? 0] as [string, unknown, number]] : [],
      )
    : [];
