// The length of attribute names. Pure.

import { invalid } from '../faults/validation.ts';
import type { AnyValue, Attributes, Value } from './values.ts';

/** AWS: a name has at most 64 KB, in characters as its model counts them. */
const LONGEST = 65_535;

/** Checks the names of an item of this size, which is quick for those that are too small. Throws ValidationException. */
export function checkNames(item: Attributes, bytes: number): void {
  if (bytes > LONGEST) visit(item);
}

function visit(attributes: Attributes): void {
  for (const name in attributes) {
    if (name.length > LONGEST) {
      throw invalid(
        `1 validation error detected: Value at 'item' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to ${LONGEST}]`,
      );
    }
    visitValue(attributes[name]!);
  }
}

function visitValue(value: Value): void {
  const { M, L } = value as AnyValue;
  if (M) visit(M);
  else if (L) for (const item of L) visitValue(item);
}
