// Renames logical ids in all references of a template: Ref, Fn::GetAtt, Fn::Sub and DependsOn.

import { attributeNameOf, callOf, subParts, substitutionOf } from './intrinsics.ts';
import { type Entry, nodeOf, type TemplateNode, textOf } from './node.ts';

/** `names` maps the id in the reference, which may be `Function.Alias`, to the new id. */
export function renameReferences(node: TemplateNode, names: ReadonlyMap<string, string>): TemplateNode {
  if (node.kind === 'scalar' || names.size === 0) return node;
  if (node.kind === 'list')
    return { ...node, items: node.items.map((item) => renameReferences(item, names)) };
  const call = callOf(node);
  const { place } = node;
  if (call?.function === 'Ref') {
    const renamed = names.get(textOf(call.argument) ?? '');
    return renamed === undefined ? node : nodeOf({ Ref: renamed }, place);
  }
  if (call?.function === 'Fn::GetAtt') {
    const name = attributeNameOf(call.argument);
    const renamed = name && names.get(name.logicalId);
    if (renamed === undefined || name?.attribute === undefined) return node;
    return nodeOf({ 'Fn::GetAtt': [renamed, name.attribute] }, place);
  }
  if (call?.function === 'Fn::Sub') {
    const found = substitutionOf(call.argument);
    if (found) return nodeOf({ 'Fn::Sub': renamedSubstitution(found, names) }, place);
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value =
      key === 'DependsOn' ? renamedText(entry.value, names) : renameReferences(entry.value, names);
    entries.set(key, { ...entry, value });
  }
  return { ...node, entries };
}

function renamedSubstitution(
  { text, variables }: { text: string; variables: ReadonlyMap<string, TemplateNode> },
  names: ReadonlyMap<string, string>,
) {
  const renamed = (name: string) => {
    if (variables.has(name)) return name;
    const dot = name.indexOf('.');
    const whole = names.get(name);
    if (whole !== undefined || dot < 0) return whole ?? name;
    return (names.get(name.slice(0, dot)) ?? name.slice(0, dot)) + name.slice(dot);
  };
  const parts = subParts(text);
  if (!parts) return text;
  const literal = (part: string) => part.replaceAll(/\$\{([^{}]*)\}/g, (_, inner: string) => `\${!${inner}}`);
  const result = parts
    .map((part) => ('text' in part ? literal(part.text) : `\${${renamed(part.name)}}`))
    .join('');
  if (variables.size === 0) return result;
  const values = [...variables].map(([name, value]) => [name, renameReferences(value, names)] as const);
  return [result, Object.fromEntries(values)];
}

function renamedText(node: TemplateNode, names: ReadonlyMap<string, string>): TemplateNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => renamedText(item, names)) };
  if (node.kind !== 'scalar') return node;
  const renamed = names.get(String(node.value));
  return renamed === undefined ? node : { ...node, value: renamed };
}
