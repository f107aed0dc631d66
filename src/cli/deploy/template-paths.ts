// Where a template names files of this machine in place of objects of S3, and the same template once those are
// uploaded. Everything else in it stays as it is written, line by line, so that what is told of its places holds for
// the file. Pure.

import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';

/** `template`: a URL; `uri`: `s3://bucket/key`; `object`: bucket and key apart. */
export type PathForm = 'template' | 'uri' | 'object';

/** Both from 1. */
export interface Place {
  line: number;
  column: number;
}

export interface LocalPath {
  logicalId: string;
  property: string;
  form: PathForm;
  /** As it is written. */
  path: string;
  place: Place;
  /** Offsets of the value in the text. */
  start: number;
  end: number;
}

export interface TemplateFacts {
  localPaths: LocalPath[];
  /** Names of the parameters it declares. */
  parameters: string[];
  /** Where each resource begins, by its logical id. */
  resources: Map<string, Place>;
}

/** As `aws cloudformation package` has them, of those types that Millpond makes. */
const PROPERTIES: Record<string, { property: string; form: PathForm }> = {
  'AWS::CloudFormation::Stack': { property: 'TemplateURL', form: 'template' },
  'AWS::Lambda::Function': { property: 'Code', form: 'object' },
  'AWS::Lambda::LayerVersion': { property: 'Content', form: 'object' },
  'AWS::Serverless::Function': { property: 'CodeUri', form: 'uri' },
  'AWS::Serverless::LayerVersion': { property: 'ContentUri', form: 'uri' },
};

const URL_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/** Nothing for a text that is no template: what is wrong with it is CloudFormation's to say. */
export function readTemplate(text: string): TemplateFacts {
  const lines = new LineCounter();
  let root: Node | null;
  try {
    ({ contents: root } = parseDocument(text, {
      ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' },
    }));
  } catch {
    // The parser recurses, and nothing but opening brackets ends its stack.
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

/** The text with each path's replacement: a string, or an object of strings. As many lines as before. */
export function withReplacements(
  text: string,
  replacements: ReadonlyMap<LocalPath, string | Record<string, string>>,
): string {
  let result = text;
  for (const [{ start, end }, value] of [...replacements].sort(([a], [b]) => b.start - a.start)) {
    const lineEnds = result.slice(start, end).match(/\r?\n/g) ?? [];
    // JSON is YAML, too, in block and flow alike.
    result = result.slice(0, start) + JSON.stringify(value) + lineEnds.join('') + result.slice(end);
  }
  return result;
}

/** `!Sub ./path` is made by CloudFormation, and means no file. */
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
