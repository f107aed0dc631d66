// Puts a request's names into the paths of a projection or update, and checks that they do not overlap. Pure.

import { conflictingPaths, overlappingPaths } from '../../faults/expressions.ts';
import { PathTree } from '../path-tree.ts';
import { type Path, pathText } from '../paths.ts';
import { Projection } from '../projection.ts';
import type { Placeholders } from './placeholders.ts';
import type { ParsedProjection } from './syntax.ts';

/** Throws ExpressionProblem. */
export function bindProjection({ paths }: ParsedProjection, placeholders: Placeholders): Projection {
  return new Projection(distinctPaths(paths.map((path) => placeholders.path(path))));
}

/** Throws ExpressionProblem. AWS: an overlap is reported before a conflict. */
export function distinctPaths(paths: readonly Path[]): PathTree {
  const tree = new PathTree(paths);
  const { overlap, conflict } = tree;
  if (overlap) throw overlappingPaths(pathText(overlap.one), pathText(overlap.two));
  if (conflict) throw conflictingPaths(pathText(conflict.one), pathText(conflict.two));
  return tree;
}
