// A value that cannot be known yet, standing in a tree of values that can: a resource that is not made, an export
// nobody has. It says what it waits for, so that the executor can order and a change set can name the cause.

import type { Value } from '../../../control/resource-type.ts';

export type Cause =
  | { kind: 'reference'; logicalId: string }
  | { kind: 'attribute'; logicalId: string; attribute: string }
  | { kind: 'parameter'; name: string }
  | { kind: 'export'; name: string };

export class Unknown {
  readonly causes: readonly Cause[];

  constructor(causes: readonly Cause[]) {
    this.causes = causes;
  }
}

export type Evaluated = null | boolean | number | string | Unknown | Evaluated[] | EvaluatedObject;
export interface EvaluatedObject {
  [name: string]: Evaluated;
}

/** Every cause anywhere in the value, each once. */
export function causesIn(value: Evaluated): Cause[] {
  const found = new Map<string, Cause>();
  const visit = (part: Evaluated): void => {
    if (part instanceof Unknown) {
      for (const cause of part.causes) found.set(causeText(cause), cause);
    } else if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit);
  };
  visit(value);
  return [...found.values()];
}

export const isKnown = (value: Evaluated): value is Value => causesIn(value).length === 0;

/** As DescribeChangeSet names a causing entity: `Cache`, `Cache.Port`. */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'reference':
      return cause.logicalId;
    case 'attribute':
      return `${cause.logicalId}.${cause.attribute}`;
    default:
      return cause.name;
  }
}
