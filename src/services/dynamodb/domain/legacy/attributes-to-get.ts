// The legacy parameter AttributesToGet, as a projection. Pure.

import { duplicateAttribute } from '../../faults/legacy.ts';
import { PathTree } from '../path-tree.ts';
import { Projection } from '../projection.ts';

/** Throws ValidationException when a name is given twice. */
export function legacyProjection(names: readonly string[]): Projection {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw duplicateAttribute(name);
    seen.add(name);
  }
  return new Projection(new PathTree(names.map((name) => [name] as const)));
}
