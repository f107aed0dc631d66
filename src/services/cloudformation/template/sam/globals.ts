// The Globals section: defaults for every resource of a type. Maps are merged, lists are appended, and other values are
// overridden.

import { callOf } from '../intrinsics.ts';
import { formatError, TemplateError } from '../issues.ts';
import { type Entry, member, type ObjectNode, type TemplateNode } from '../node.ts';

const SECTIONS: Record<string, string> = {
  Function: 'AWS::Serverless::Function',
  LayerVersion: 'AWS::Serverless::LayerVersion',
  SimpleTable: 'AWS::Serverless::SimpleTable',
};

/** The defaults by resource type. Throws a TemplateError for a type that is not supported. */
export function globalsOf(root: ObjectNode): Map<string, ObjectNode> {
  const globals = member(root, 'Globals');
  const found = new Map<string, ObjectNode>();
  if (!globals) return found;
  if (globals.kind !== 'object')
    throw new TemplateError(formatError('Globals must be an object.', globals.place));
  for (const [name, entry] of globals.entries) {
    const type = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (!type || entry.value.kind !== 'object') {
      throw new TemplateError({
        message: `'Globals' section is invalid. '${name}' is not supported. Must be one of the following values - [${Object.keys(SECTIONS).join(', ')}]`,
        place: entry.place,
      });
    }
    found.set(type, entry.value);
  }
  return found;
}

/** A resource's own value with the defaults merged in. */
export function merged(global: TemplateNode | undefined, own: TemplateNode): TemplateNode {
  if (!global) return own;
  if (global.kind === 'list' && own.kind === 'list') {
    return { ...own, items: [...global.items, ...own.items] };
  }
  if (global.kind !== 'object' || own.kind !== 'object' || callOf(global) || callOf(own)) return own;
  const entries = new Map<string, Entry>(global.entries);
  for (const [name, entry] of own.entries) {
    entries.set(name, { ...entry, value: merged(global.entries.get(name)?.value, entry.value) });
  }
  return { ...own, entries };
}
