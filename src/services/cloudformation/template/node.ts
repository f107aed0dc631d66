// A template's text as a tree in which every value knows its place. Just the shape of JSON: what a key means, and
// that `{"Ref": "X"}` is a call, is told by others.

import type { Value } from '../../../control/resource-type.ts';

/** Both from 1, as editors count. */
export interface Place {
  line: number;
  column: number;
}

export interface ScalarNode {
  kind: 'scalar';
  value: null | boolean | number | string;
  /** How a number or boolean was written, where that is not how it would be printed: `7.0`. */
  text?: string;
  place: Place;
}

export interface ListNode {
  kind: 'list';
  items: TemplateNode[];
  place: Place;
}

export interface ObjectNode {
  kind: 'object';
  entries: Map<string, Entry>;
  place: Place;
}

export interface Entry {
  value: TemplateNode;
  /** Of the key. */
  place: Place;
}

export type TemplateNode = ScalarNode | ListNode | ObjectNode;

/** What `nodeOf` takes: plain values among which nodes may stand as they are. */
export type NodeSource =
  | null
  | boolean
  | number
  | string
  | TemplateNode
  | readonly NodeSource[]
  | { readonly [name: string]: NodeSource | undefined };

export const isNode = (source: unknown): source is TemplateNode =>
  typeof source === 'object' && source !== null && 'place' in source && 'kind' in source;

/** Builds what no text stands behind; all of it is said to be at `place`. Members that are undefined are left out. */
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

export function objectOf(members: Record<string, NodeSource | undefined>, place: Place): ObjectNode {
  const entries = new Map<string, Entry>();
  for (const [name, member] of Object.entries(members)) {
    if (member !== undefined) entries.set(name, { value: nodeOf(member, place), place });
  }
  return { kind: 'object', entries, place };
}

/** The plain value, calls included as they were written. */
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

export const member = (node: TemplateNode | undefined, name: string): TemplateNode | undefined =>
  node?.kind === 'object' ? node.entries.get(name)?.value : undefined;

/** A scalar's text, as CloudFormation turns numbers and booleans into strings. */
export function textOf(node: TemplateNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return node.text ?? String(node.value);
}

/** Equal but for places. */
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
