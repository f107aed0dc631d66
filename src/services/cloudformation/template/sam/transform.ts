// The transform AWS::Serverless-2016-10-31: replaces SAM's resource types by those of Lambda, IAM and other services.
// The logical ids are those that SAM generates, because templates refer to them. Pure; the result keeps the places of
// the source.

import { partitionOf } from '../../../../aws/scope.ts';
import type { Value } from '../../../../control/resource-type.ts';
import { callOf } from '../intrinsics.ts';
import { formatError, TemplateError } from '../issues.ts';
import { type Entry, member, type ObjectNode, type TemplateNode, textOf } from '../node.ts';
import { renameReferences } from '../rename.ts';
import { translateFunction } from './function.ts';
import { globalsOf, merged } from './globals.ts';
import { layerId, translateApplication, translateLayer, translateSimpleTable } from './other-resources.ts';
import { invalid, type SamContext, type SamSource, type Translation } from './source.ts';

/** The transform's name. */
export const SAM_TRANSFORM = 'AWS::Serverless-2016-10-31';

/** What the transform needs to know about the stack. */
export interface SamInput {
  region: string;
  /** The known parameter values, by name. Some logical ids contain them. */
  parameters: ReadonlyMap<string, Value>;
}

const TRANSLATORS: Record<string, (source: SamSource, context: SamContext) => Translation> = {
  'AWS::Serverless::Application': translateApplication,
  'AWS::Serverless::Function': translateFunction,
  'AWS::Serverless::LayerVersion': translateLayer,
  'AWS::Serverless::SimpleTable': translateSimpleTable,
};

/** The supported resource types. */
export const SAM_TYPES: readonly string[] = Object.keys(TRANSLATORS);

/** The transformed template without Globals. Throws a TemplateError with SAM's text. */
export function transformServerless(root: ObjectNode, input: SamInput): ObjectNode {
  const globals = globalsOf(root);
  const context: SamContext = {
    region: input.region,
    partition: partitionOf(input.region),
    textOfReference(node) {
      const call = callOf(node);
      if (!call) return textOf(node);
      const value = call.function === 'Ref' ? input.parameters.get(textOf(call.argument) ?? '') : undefined;
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    },
  };
  const resources = new Map<string, Entry>();
  const renamed = new Map<string, string>();
  const declared = member(root, 'Resources');
  for (const [logicalId, entry] of declared?.kind === 'object' ? declared.entries : []) {
    const made = translate(logicalId, entry, globals, context, renamed);
    if (!made) {
      put(resources, logicalId, entry);
      continue;
    }
    for (const [id, node] of made) put(resources, id, { value: node, place: entry.place });
  }
  const entries = new Map<string, Entry>();
  for (const [name, entry] of root.entries) {
    if (name === 'Globals') continue;
    const value: TemplateNode =
      name === 'Resources' ? { kind: 'object', entries: resources, place: entry.value.place } : entry.value;
    entries.set(name, { ...entry, value: renameReferences(value, renamed) });
  }
  return { ...root, entries };
}

function translate(
  logicalId: string,
  entry: Entry,
  globals: ReadonlyMap<string, ObjectNode>,
  context: SamContext,
  renamed: Map<string, string>,
): Translation | undefined {
  const declaration = entry.value;
  const type = textOf(member(declaration, 'Type'));
  if (declaration.kind !== 'object' || !type?.startsWith('AWS::Serverless::')) return undefined;
  const own = member(declaration, 'Properties') ?? { kind: 'object', entries: new Map(), place: entry.place };
  const properties = merged(globals.get(type), own);
  const base = { logicalId, type, declaration, place: entry.place };
  if (properties.kind !== 'object') {
    return invalid({ ...base, properties: declaration }, 'Properties must be a map.', properties.place);
  }
  const source: SamSource = { ...base, properties };
  const translator = Object.hasOwn(TRANSLATORS, type) ? TRANSLATORS[type] : undefined;
  if (!translator) return invalid(source, `Resources of type ${type} are not supported.`);
  const made = translator(source, context);
  for (const [id, node] of made) {
    const madeType = textOf(member(node, 'Type'));
    if (type === 'AWS::Serverless::LayerVersion') renamed.set(logicalId, layerId(source));
    else if (madeType === 'AWS::Lambda::Version') renamed.set(`${logicalId}.Version`, id);
    else if (madeType === 'AWS::Lambda::Alias') renamed.set(`${logicalId}.Alias`, id);
  }
  return made;
}

function put(resources: Map<string, Entry>, logicalId: string, entry: Entry): void {
  if (resources.has(logicalId)) {
    throw new TemplateError(
      formatError(`Resource ${logicalId} is declared, and made by a transform as well.`, entry.place),
    );
  }
  resources.set(logicalId, entry);
}
