// Finds what a node refers to: resources and parameters by Ref, Fn::GetAtt and Fn::Sub, conditions and mappings. It
// evaluates nothing.

import {
  attributeNameOf,
  type Call,
  callOf,
  conditionNameOf,
  subParts,
  substitutionOf,
} from './intrinsics.ts';
import { member, type Place, type TemplateNode, textOf } from './node.ts';

/** One reference and its place. */
export type Reference =
  /** A resource, a parameter or a pseudo parameter. */
  | { kind: 'name'; name: string; place: Place }
  | { kind: 'attribute'; logicalId: string; attribute: string | undefined; place: Place }
  | { kind: 'condition'; name: string; place: Place }
  | { kind: 'mapping'; name: string; place: Place };

/** All references in the node. With `conditions`, only the branch that each Fn::If takes counts. */
export function referencesIn(node: TemplateNode, conditions?: ReadonlyMap<string, boolean>): Reference[] {
  const found: Reference[] = [];
  visit(node, found, conditions);
  return found;
}

function visit(node: TemplateNode, found: Reference[], conditions?: ReadonlyMap<string, boolean>): void {
  const call = callOf(node);
  for (const part of call ? visitCall(call, found, conditions) : childrenOf(node)) {
    visit(part, found, conditions);
  }
}

const childrenOf = (node: TemplateNode): TemplateNode[] => {
  if (node.kind === 'scalar') return [];
  return node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value);
};

/** Adds what the call itself refers to, and returns the parts that remain to be visited. */
function visitCall(
  call: Call,
  found: Reference[],
  conditions?: ReadonlyMap<string, boolean>,
): TemplateNode[] {
  const { argument, place } = call;
  switch (call.function) {
    case 'Ref': {
      const name = textOf(argument);
      if (name !== undefined) found.push({ kind: 'name', name, place });
      return [];
    }
    case 'Fn::GetAtt': {
      const name = attributeNameOf(argument);
      if (name) found.push({ kind: 'attribute', ...name, place });
      return [argument];
    }
    case 'Fn::Sub':
      return visitSubstitution(argument, found);
    case 'Fn::FindInMap': {
      const name = textOf(argument.kind === 'list' ? argument.items[0] : undefined);
      if (name !== undefined) found.push({ kind: 'mapping', name, place });
      return [argument];
    }
    case 'Fn::If': {
      const parts = argument.kind === 'list' ? argument.items : [];
      const name = textOf(parts[0]);
      if (name !== undefined) found.push({ kind: 'condition', name, place: parts[0]!.place });
      const holds = name === undefined ? undefined : conditions?.get(name);
      if (holds === undefined) return parts.slice(1);
      return parts.slice(holds ? 1 : 2, holds ? 2 : 3);
    }
    default:
      return [argument];
  }
}

function visitSubstitution(argument: TemplateNode, found: Reference[]): TemplateNode[] {
  const substitution = substitutionOf(argument);
  if (!substitution) return [argument];
  const { place } = argument;
  for (const part of subParts(substitution.text) ?? []) {
    if ('text' in part || substitution.variables.has(part.name)) continue;
    const dot = part.name.indexOf('.');
    if (dot <= 0) found.push({ kind: 'name', name: part.name, place });
    else {
      const attribute = part.name.slice(dot + 1);
      found.push({ kind: 'attribute', logicalId: part.name.slice(0, dot), attribute, place });
    }
  }
  return [...substitution.variables.values()];
}

/** The references in a condition, where `{"Condition": "Name"}` is a reference, too. */
export function conditionReferencesIn(node: TemplateNode): Reference[] {
  const name = conditionNameOf(node);
  if (name !== undefined) {
    return [{ kind: 'condition', name, place: member(node, 'Condition')!.place }];
  }
  const call = callOf(node);
  if (call && !['Fn::And', 'Fn::Or', 'Fn::Not'].includes(call.function)) return referencesIn(node);
  return childrenOf(node).flatMap(conditionReferencesIn);
}
