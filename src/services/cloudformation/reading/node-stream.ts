// Encodes a tree of nodes as several short JSON texts and decodes them again, so that a tree passes between threads
// without blocking either event loop. The order is depth first: an object's members follow it, each after its key.

import { Bug } from '../../../kernel/assert.ts';
import { inSlices } from '../../../kernel/turn.ts';
import type { Entry, ListNode, ObjectNode, ScalarNode, TemplateNode } from '../template/node.ts';

/** Nodes in one text. */
const NODES_PER_TEXT = 1_000;

/** Line and column come first. The length of the rest tells scalars from lists and objects. */
type Token =
  | [line: number, column: number, value: ScalarNode['value'], text?: string]
  | [line: number, column: number, kind: 'list' | 'object', size: number, isParent: true];
type KeyToken = [line: number, column: number, key: string];

/** Encodes the tree. The texts must be decoded together and in order. */
export function encodeNode(root: TemplateNode): string[] {
  const texts: string[] = [];
  let tokens: (Token | KeyToken)[] = [];
  const visit = (node: TemplateNode): void => {
    if (tokens.length >= NODES_PER_TEXT) {
      texts.push(JSON.stringify(tokens));
      tokens = [];
    }
    const { line, column } = node.place;
    if (node.kind === 'scalar') {
      tokens.push(
        node.text === undefined ? [line, column, node.value] : [line, column, node.value, node.text],
      );
    } else if (node.kind === 'list') {
      tokens.push([line, column, 'list', node.items.length, true]);
      for (const item of node.items) visit(item);
    } else {
      tokens.push([line, column, 'object', node.entries.size, true]);
      for (const [key, entry] of node.entries) {
        tokens.push([entry.place.line, entry.place.column, key]);
        visit(entry.value);
      }
    }
  };
  visit(root);
  texts.push(JSON.stringify(tokens));
  return texts;
}

/** Decodes the tree, with a pause for the event loop between texts. Rejects with a Bug when a text is missing. */
export const decodeNode = (texts: readonly string[]): Promise<TemplateNode> => inSlices(decoding(texts));

interface Frame {
  node: ListNode | ObjectNode;
  left: number;
  key?: KeyToken;
}

function* decoding(texts: readonly string[]): Generator<void, TemplateNode> {
  const open: Frame[] = [];
  let root: TemplateNode | undefined;

  const place = (node: TemplateNode) => {
    const frame = open.at(-1);
    if (!frame) root = node;
    else if (frame.node.kind === 'list') frame.node.items.push(node);
    else {
      const [line, column, key] = frame.key!;
      const entry: Entry = { value: node, place: { line, column } };
      frame.node.entries.set(key, entry);
      delete frame.key;
    }
    if (frame) frame.left--;
    if (node.kind !== 'scalar') open.push({ node, left: sizes.pop()! });
    while (open.at(-1)?.left === 0) open.pop();
  };
  const sizes: number[] = [];

  for (const text of texts) {
    for (const token of JSON.parse(text) as (Token | KeyToken)[]) {
      const frame = open.at(-1);
      if (frame?.node.kind === 'object' && !frame.key) {
        frame.key = token as KeyToken;
        continue;
      }
      place(nodeOf(token as Token, sizes));
    }
    yield;
  }
  if (!root || open.length > 0) throw new Bug('an encoded template tree is incomplete');
  return root;
}

function nodeOf(token: Token, sizes: number[]): TemplateNode {
  const [line, column, value] = token;
  const place = { line, column };
  if (token.length === 5) {
    sizes.push(token[3]);
    return value === 'list'
      ? { kind: 'list', items: [], place }
      : { kind: 'object', entries: new Map(), place };
  }
  const text = token[3];
  return text === undefined
    ? { kind: 'scalar', value, place }
    : { kind: 'scalar', value, text: text as string, place };
}
