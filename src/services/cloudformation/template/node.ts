// A template as a tree in which every value has its place in the text. The tree has the shape of JSON; the meaning of
// keys and of calls such as `{"Ref": "X"}` is elsewhere.

import type { Value } from '../../../control/resource-type.ts';

/** A place in the text. Both numbers start at 1. */
export interface Place {
  line: number;
  column: number;
}

/** A single value. */
export interface ScalarNode {
  kind: 'scalar';
  value: null | boolean | number | string;
  /** The text of a number that JavaScript would print differently: `7.0`. */
  text?: string;
  place: Place;
}

/** A list. */
export interface ListNode {
  kind: 'list';
  items: TemplateNode[];
  place: Place;
}

/** An object, with its members in order. */
export interface ObjectNode {
  kind: 'object';
  entries: Map<string, Entry>;
  place: Place;
}

/** A member of an object. */
export interface Entry {
  value: TemplateNode;
  /** The place of the key. */
  place: Place;
}

/** Any node. */
export type TemplateNode = ScalarNode | ListNode | ObjectNode;

/** What `nodeOf` accepts: plain values, which may contain nodes. */
export type NodeSource =
  | null
  | boolean
  | number
  | string
  | TemplateNode
  | readonly NodeSource[]
  | { readonly [name: string]: NodeSource | undefined };

/** Whether the value is a node and not a plain value. */
export const isNode = (source: unknown): source is TemplateNode =>
  typeof source === 'object' && source !== null && 'place' in source && 'kind' in source;

/** Builds a node that is not in the template's text; all its parts get `place`. Undefined members are left out. */
export function nodeOf(source: NodeSource, place: Place): TemplateNode {
  if (isNode(source)) return source;
  if (Array.isArray(source)) {
    return { kind: 'list', items: source.map((item: NodeSource) => nodeOf(item, place)), place };
  }
  if (typeof source === 'object' && source !== null) {
    return objectOf(source as Record<string, NodeSource | undefined>, place);
  }
  return { kind: 'scalar', value: source as ScalarNode['value'], place };
}

/** Like `nodeOf`, for an object. */
export function objectOf(members: Record<string, NodeSource | undefined>, place: Place): ObjectNode {
  const entries = new Map<string, Entry>();
  for (const [name, member] of Object.entries(members)) {
    if (member !== undefined) entries.set(name, { value: nodeOf(member, place), place });
  }
  return { kind: 'object', entries, place };
}

/** The node as a plain value, with calls unevaluated. */
export function plainOf(node: TemplateNode): Value {
  switch (node.kind) {
    case 'scalar':
      return node.text ?? node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'object':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainOf(entry.value)]));
  }
}

/** The value of a member; `undefined` when the node is not an object or has no such member. */
export const member = (node: TemplateNode | undefined, name: string): TemplateNode | undefined =>
  node?.kind === 'object' ? node.entries.get(name)?.value : undefined;

/** A scalar as a string, with numbers and booleans converted as CloudFormation does. */
export function textOf(node: TemplateNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return node.text ?? String(node.value);
}

/** Whether both nodes are equal except for their places. */
export function sameNode(a: TemplateNode | undefined, b: TemplateNode | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  if (a.kind === 'scalar') return b.kind === 'scalar' && textOf(a) === textOf(b);
  if (a.kind === 'list') {
    if (b.kind !== 'list' || a.items.length !== b.items.length) return false;
    return a.items.every((item, index) => sameNode(item, b.items[index]));
  }
  if (b.kind !== 'object' || a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([key, entry]) => sameNode(entry.value, b.entries.get(key)?.value));
}
