// Several paths as one tree: finds paths that overlap, and cuts the parts of an item that the paths name. Pure.

import type { Path } from './paths.ts';
import {
  type AnyValue,
  type Attributes,
  attributeOf,
  type Item,
  setAttribute,
  type Value,
} from './values.ts';

interface Node {
  /** The first path that led here. */
  path: Path;
  /** A path ends here. */
  isEnd: boolean;
  names?: Map<string, Node>;
  indexes?: Map<number, Node>;
}

/** Two paths that cannot be used together, in the order in which they were added. */
export interface Clash {
  one: Path;
  two: Path;
}

/** A set of paths. */
export class PathTree {
  readonly paths: readonly Path[];
  /** A path is the beginning of another, or equal to it. */
  readonly overlap: Clash | undefined;
  /** One path goes on with a name where another goes on with an index. */
  readonly conflict: Clash | undefined;
  readonly #root: Node;

  constructor(paths: readonly Path[]) {
    this.paths = paths;
    this.#root = { path: paths[0] ?? [''], isEnd: false };
    for (const path of paths) {
      const clash = this.#add(path);
      if (clash?.isOverlap) {
        this.overlap = clash;
        return;
      }
      if (clash) this.conflict ??= clash;
    }
  }

  #add(path: Path): (Clash & { isOverlap: boolean }) | undefined {
    let node = this.#root;
    for (const step of path) {
      const other = typeof step === 'number' ? node.names : node.indexes;
      if (other) return { one: node.path, two: path, isOverlap: false };
      const known = typeof step === 'number' ? node.indexes?.get(step) : node.names?.get(step);
      if (known?.isEnd) return { one: known.path, two: path, isOverlap: true };
      node = known ?? addChild(node, step, path);
    }
    if (node.names || node.indexes) return { one: node.path, two: path, isOverlap: true };
    node.isEnd = true;
    return undefined;
  }

  /** The named parts of an item. Lists have only the named elements, in the order of the list. */
  partsOf(item: Item): Item {
    return partsOfMap(item, this.#root) ?? {};
  }
}

function addChild(parent: Node, step: string | number, path: Path): Node {
  const child: Node = { path, isEnd: false };
  if (typeof step === 'number') {
    parent.indexes ??= new Map();
    parent.indexes.set(step, child);
  } else {
    parent.names ??= new Map();
    parent.names.set(step, child);
  }
  return child;
}

function partsOfMap(attributes: Attributes, { names }: Node): Attributes | undefined {
  let parts: Attributes | undefined;
  for (const [name, node] of names ?? []) {
    const value = attributeOf(attributes, name);
    const part = value && partOf(value, node);
    if (!part) continue;
    parts ??= {};
    setAttribute(parts, name, part);
  }
  return parts;
}

function partOf(value: Value, node: Node): Value | undefined {
  if (node.isEnd) return value;
  const { M, L } = value as AnyValue;
  if (M) {
    const parts = partsOfMap(M, node);
    return parts && { M: parts };
  }
  if (!L || !node.indexes) return undefined;
  const indexes = [...node.indexes.keys()].sort((one, other) => one - other);
  const parts = indexes.flatMap((index) => {
    const item = L[index];
    const part = item && partOf(item, node.indexes!.get(index)!);
    return part ? [part] : [];
  });
  return parts.length > 0 ? { L: parts } : undefined;
}
