// Projections: the parts of an item that a request wants. Pure.

import type { PathTree } from './path-tree.ts';
import type { Path } from './paths.ts';
import { attributeOf, type Item, setAttribute } from './values.ts';

/** A projection of one request. */
export class Projection {
  readonly paths: readonly Path[];
  readonly #tree: PathTree | undefined;

  /** Of paths that do not overlap. */
  constructor(tree: PathTree) {
    this.paths = tree.paths;
    // Whole attributes, the usual case, need no tree.
    if (tree.paths.some((path) => path.length > 1)) this.#tree = tree;
  }

  /** The parts of an item: empty when it has none of them. */
  of(item: Item): Item {
    if (this.#tree) return this.#tree.partsOf(item);
    const parts: Item = {};
    for (const [name] of this.paths) {
      const value = attributeOf(item, name);
      if (value !== undefined) setAttribute(parts, name, value);
    }
    return parts;
  }
}
