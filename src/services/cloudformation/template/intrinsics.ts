// What is a call in a template: an object of one key, `Ref` or `Fn::…`. The text of Fn::Sub is read here too.

import { isNode, member, type Place, type TemplateNode, textOf } from './node.ts';

export interface Call {
  /** `Ref`, `Fn::GetAtt`. */
  function: string;
  argument: TemplateNode;
  place: Place;
}

/** Also of functions that do not exist: `Fn::` is no one's to use. */
export function callOf(node: TemplateNode): Call | undefined {
  if (node.kind !== 'object' || node.entries.size !== 1) return undefined;
  for (const [key, entry] of node.entries) {
    if (key === 'Ref' || key.startsWith('Fn::')) {
      return { function: key, argument: entry.value, place: entry.place };
    }
  }
  return undefined;
}

/** Where a condition may stand, `{"Condition": "Name"}` is a call as well. */
export function conditionNameOf(node: TemplateNode): string | undefined {
  if (node.kind !== 'object' || node.entries.size !== 1) return undefined;
  return textOf(member(node, 'Condition'));
}

/** A logical id and, of Fn::GetAtt, what of it. */
export interface AttributeName {
  logicalId: string;
  /** `undefined` where the name is itself a call, which Fn::GetAtt allows. */
  attribute: string | undefined;
}

export function attributeNameOf(argument: TemplateNode): AttributeName | undefined {
  if (argument.kind === 'list') {
    const [first, ...rest] = argument.items;
    const logicalId = textOf(first);
    if (logicalId === undefined || rest.length === 0) return undefined;
    const names = rest.map(textOf);
    if (names.some((name) => name === undefined)) {
      return rest.length === 1 ? { logicalId, attribute: undefined } : undefined;
    }
    return { logicalId, attribute: names.join('.') };
  }
  const text = textOf(argument);
  const dot = text?.indexOf('.') ?? -1;
  if (text === undefined || dot <= 0 || dot === text.length - 1) return undefined;
  return { logicalId: text.slice(0, dot), attribute: text.slice(dot + 1) };
}

/** Literal text, or the name between braces: `Cache`, `Cache.Port`, `AWS::Region`. */
export type SubPart = { text: string } | { name: string };

/** `undefined` when a brace is never closed or a name cannot be one. `${!Name}` is the literal `${Name}`. */
export function subParts(text: string): SubPart[] | undefined {
  const parts: SubPart[] = [];
  let rest = 0;
  for (const found of text.matchAll(/\$\{([^{}]*)\}/g)) {
    const inner = found[1]!;
    if (found.index > rest) parts.push({ text: text.slice(rest, found.index) });
    if (inner.startsWith('!')) parts.push({ text: `\${${inner.slice(1)}}` });
    else if (/^\s*[\w:.-]+\s*$/.test(inner)) parts.push({ name: inner.trim() });
    else return undefined;
    rest = found.index + found[0].length;
  }
  if (rest < text.length) parts.push({ text: text.slice(rest) });
  return parts;
}

export interface Substitution {
  text: string;
  /** The second argument, which names may come from. */
  variables: Map<string, TemplateNode>;
}

export function substitutionOf(argument: TemplateNode): Substitution | undefined {
  if (argument.kind === 'scalar') {
    const text = textOf(argument);
    return text === undefined ? undefined : { text, variables: new Map() };
  }
  if (argument.kind !== 'list' || argument.items.length !== 2) return undefined;
  const [first, second] = argument.items as [TemplateNode, TemplateNode];
  const text = textOf(first);
  if (text === undefined || second.kind !== 'object') return undefined;
  return { text, variables: new Map([...second.entries].map(([name, entry]) => [name, entry.value])) };
}

/** The items of a call's argument, which must be as many as said; a maximum of `undefined` sets none. */
export function argumentsOf(
  argument: TemplateNode,
  least: number,
  most: number | undefined = least,
): TemplateNode[] | undefined {
  if (!isNode(argument) || argument.kind !== 'list') return undefined;
  const { length } = argument.items;
  return length >= least && (most === undefined || length <= most) ? argument.items : undefined;
}
