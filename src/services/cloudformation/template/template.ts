// Reads the sections of a template into declarations, and reports what is malformed. validate.ts checks names and
// properties.

import type { TemplateIssue } from './issues.ts';
import { formatError, TemplateError } from './issues.ts';
import { type Entry, member, type ObjectNode, type Place, type TemplateNode, textOf } from './node.ts';
import { type ParameterDeclaration, readParameter } from './parameter-declaration.ts';
import { type ResourceDeclaration, readResource } from './resource-declaration.ts';
import { type RuleDeclaration, readRule } from './rule-declaration.ts';

/** A declared output. */
export interface OutputDeclaration {
  name: string;
  value: TemplateNode;
  description?: string | undefined;
  condition?: string | undefined;
  /** The `Name` of `Export`, which may be a call. */
  exportName?: TemplateNode | undefined;
  place: Place;
}

/** A template's declarations, by name in the template's order. */
export interface Template {
  root: ObjectNode;
  description?: string | undefined;
  /** The declared transforms in order; none after `expandTransforms`. */
  transforms: readonly string[];
  metadata?: TemplateNode | undefined;
  parameters: ReadonlyMap<string, ParameterDeclaration>;
  mappings: ReadonlyMap<string, TemplateNode>;
  conditions: ReadonlyMap<string, TemplateNode>;
  rules: ReadonlyMap<string, RuleDeclaration>;
  resources: ReadonlyMap<string, ResourceDeclaration>;
  outputs: ReadonlyMap<string, OutputDeclaration>;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Globals',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
]);

/** What could be read, and what is malformed. */
export interface ReadTemplate {
  template: Template;
  issues: TemplateIssue[];
}

/** Reads the template. Malformed parts are issues, and are not in `template`. */
export function readTemplate(root: ObjectNode): ReadTemplate {
  const issues: TemplateIssue[] = [];
  for (const [name, entry] of root.entries) {
    if (!SECTIONS.has(name))
      issues.push(formatError(`Invalid template property or properties [${name}]`, entry.place));
  }
  refuseNulls(root, '', issues);
  checkVersion(root, issues);
  const template = sectionsOf(root, issues);
  const resources = member(root, 'Resources');
  if (resources === undefined || (resources.kind === 'object' && resources.entries.size === 0)) {
    issues.push(formatError('At least one Resources member must be defined.', resources?.place));
  }
  return { template, issues };
}

function sectionsOf(root: ObjectNode, issues: TemplateIssue[]): Template {
  const section = <T>(
    name: string,
    read: (name: string, entry: Entry, issues: TemplateIssue[]) => T | undefined,
  ) => readSection(root, name, read, issues);
  return {
    root,
    description: descriptionOf(root, issues),
    transforms: transformsOf(root, issues),
    metadata: member(root, 'Metadata'),
    parameters: section('Parameters', readParameter),
    mappings: section('Mappings', (_, entry) => entry.value),
    conditions: section('Conditions', (_, entry) => entry.value),
    rules: section('Rules', readRule),
    resources: section('Resources', readResource),
    outputs: section('Outputs', readOutput),
  };
}

/** Reads a template that another thread has read without an issue, without the expensive checks. */
export function readChecked(root: ObjectNode): Template {
  return sectionsOf(root, []);
}

/** Like `readTemplate`; throws a TemplateError when there are issues. */
export function templateOf(root: ObjectNode): Template {
  const { template, issues } = readTemplate(root);
  if (issues.length > 0) throw new TemplateError(issues);
  return template;
}

function readSection<T>(
  root: ObjectNode,
  name: string,
  read: (name: string, entry: Entry, issues: TemplateIssue[]) => T | undefined,
  issues: TemplateIssue[],
): Map<string, T> {
  const declared = new Map<string, T>();
  const section = member(root, name);
  if (!section || isNull(section)) return declared;
  if (section.kind !== 'object') {
    issues.push(
      formatError(
        `unsupported value for top-level key ${name}: it must be an object.`,
        section.place,
        `/${name}`,
      ),
    );
    return declared;
  }
  for (const [key, entry] of section.entries) {
    if (isNull(entry.value)) continue;
    const value = read(key, entry, issues);
    if (value !== undefined) declared.set(key, value);
  }
  return declared;
}

function readOutput(name: string, entry: Entry, issues: TemplateIssue[]): OutputDeclaration | undefined {
  const path = `/Outputs/${name}`;
  if (!/^[A-Za-z0-9]{1,255}$/.test(name)) {
    issues.push(formatError(`Output name '${name}' is non alphanumeric.`, entry.place, path));
  }
  const { value: node } = entry;
  if (node.kind !== 'object') {
    issues.push(formatError('Every Outputs member must contain a Value object', entry.place, path));
    return undefined;
  }
  for (const [key, found] of node.entries) {
    if (!['Value', 'Description', 'Export', 'Condition'].includes(key)) {
      issues.push(formatError(`Output ${name} is malformed. Unknown property ${key}`, found.place, path));
    }
  }
  const value = member(node, 'Value');
  if (!value) {
    issues.push(
      formatError(
        `Output ${name} is malformed. The Value field of every Outputs member must be specified`,
        entry.place,
        path,
      ),
    );
    return undefined;
  }
  if (value.kind === 'list') {
    issues.push(
      formatError('The Value field of every Outputs member must evaluate to a String.', value.place, path),
    );
  }
  const exported = member(node, 'Export');
  const exportName = member(exported, 'Name');
  if (exported && !exportName) {
    issues.push(
      formatError(
        `Output ${name} is malformed. The Name field of every Export member must be specified`,
        exported.place,
        path,
      ),
    );
  }
  return {
    name,
    value,
    description: textOf(member(node, 'Description')),
    condition: textOf(member(node, 'Condition')),
    exportName,
    place: entry.place,
  };
}

function transformsOf(root: ObjectNode, issues: TemplateIssue[]): string[] {
  const declared = member(root, 'Transform');
  if (!declared) return [];
  const items = declared.kind === 'list' ? declared.items : [declared];
  return items.flatMap((item) => {
    const name = textOf(item) ?? textOf(member(item, 'Name'));
    if (name !== undefined) return [name];
    issues.push(
      formatError('Transform must be a string or an object with a Name.', item.place, '/Transform'),
    );
    return [];
  });
}

function descriptionOf(root: ObjectNode, issues: TemplateIssue[]): string | undefined {
  const node = member(root, 'Description');
  const text = textOf(node);
  if (node && text === undefined)
    issues.push(formatError('Description must be a string.', node.place, '/Description'));
  if (text !== undefined && Buffer.byteLength(text) > 1024) {
    issues.push(formatError("'Description' length is greater than 1024.", node?.place, '/Description'));
  }
  return text;
}

function checkVersion(root: ObjectNode, issues: TemplateIssue[]): void {
  const node = member(root, 'AWSTemplateFormatVersion');
  const version = textOf(node);
  if (node && version !== '2010-09-09') {
    issues.push(formatError(`${version} is not a supported value for AWSTemplateFormatVersion.`, node.place));
  }
}

const isNull = (node: TemplateNode) => node.kind === 'scalar' && node.value === null;

function refuseNulls(node: TemplateNode, path: string, issues: TemplateIssue[]): void {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) refuseNulls(item, `${path}/${index}`, issues);
  } else if (node.kind === 'object') {
    for (const [key, entry] of node.entries) refuseNulls(entry.value, `${path}/${key}`, issues);
  } else if (node.value === null) {
    issues.push({ message: `[${path}] 'null' values are not allowed in templates`, place: node.place, path });
  }
}
