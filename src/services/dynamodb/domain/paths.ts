// Document paths: an attribute's name, and how to go on inside its value. Pure.

import { type AnyValue, type Attributes, attributeOf, type Value } from './values.ts';

/** Names and list indexes. The first step is the name of an attribute of the item. */
export type Path = readonly [string, ...(string | number)[]];

/** As AWS writes it in errors: `[a, b, [1]]`. */
export const pathText = (path: Path): string =>
  `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;

/** The value at a path, if there is one. */
export function valueAt(item: Attributes, path: Path): Value | undefined {
  let value = attributeOf(item, path[0]);
  for (let index = 1; index < path.length && value; index++) value = member(value, path[index]!);
  return value;
}

/** A member of a map or a list. */
export function member(value: Value, step: string | number): Value | undefined {
  const { M, L } = value as AnyValue;
  if (typeof step === 'number') return L?.[step];
  return M && attributeOf(M, step);
}

/** The attributes that the paths name. */
export const attributesOf = (paths: readonly Path[]): string[] => [...new Set(paths.map(([name]) => name))];

/** The attributes inside of which the paths go on. */
export const nestedIn = (paths: readonly Path[]): string[] =>
  attributesOf(paths.filter((path) => path.length > 1));
