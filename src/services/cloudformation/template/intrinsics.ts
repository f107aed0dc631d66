// Recognizes calls of intrinsic functions in a template: an object with the single key `Ref` or `Fn::…`. Also parses
// the text of Fn::Sub.

import { isNode, member, type Place, type TemplateNode, textOf } from './node.ts';

/** One call. */
export interface Call {
  /** `Ref`, `Fn::GetAtt`. */
  function: string;
  argument: TemplateNode;
  place: Place;
}

/** The call that the node is, including calls of unknown functions, because `Fn::` is reserved. */
export function callOf(node: TemplateNode): Call | undefined {
  if (node.kind !== 'object' || node.entries.size !== 1) return undefined;
  for (const [key, entry] of node.entries) {
    if (key === 'Ref' || key.startsWith('Fn::')) {
      return { function: key, argument: entry.value, place: entry.place };
    }
  }
  return undefined;
}

/** The name in `{"Condition": "Name"}`, which refers to a condition inside of a condition. */
export function conditionNameOf(node: TemplateNode): string | undefined {
  if (node.kind !== 'object' || node.entries.size !== 1) return undefined;
  return textOf(member(node, 'Condition'));
}

/** The argument of Fn::GetAtt. */
export interface AttributeName {
  logicalId: string;
  /** `undefined`: the name is itself a call, which Fn::GetAtt allows. */
  attribute: string | undefined;
}

/** Parses `[A, B.C]` and `A.B.C`. `undefined`: the argument is malformed. */
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

/** Literal text, or a name in braces: `Cache`, `Cache.Port`, `AWS::Region`. */
export type SubPart = { text: string } | { name: string };

/** Parses the text of Fn::Sub. `${!Name}` is the literal `${Name}`. `undefined`: a name has invalid characters. */
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

/** The arguments of Fn::Sub. */
export interface Substitution {
  text: string;
  /** The second argument, by name. */
  variables: Map<string, TemplateNode>;
}

/** Parses the arguments of Fn::Sub. `undefined`: they are malformed. */
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

/** The items of a call's list argument. `undefined`: it is not a list of `least` to `most` items. */
export function argumentsOf(
  argument: TemplateNode,
  least: number,
  most: number | undefined = least,
): TemplateNode[] | undefined {
  if (!isNode(argument) || argument.kind !== 'list') return undefined;
  const { length } = argument.items;
  return length >= least && (most === undefined || length <= most) ? argument.items : undefined;
}
