// Values that are not known yet, such as the id of a resource that is not created. An Unknown can occur anywhere in an
// evaluated value, and names its causes for change sets and errors.

import type { Value } from '../../../control/resource-type.ts';

/** What a value depends on. */
export type Cause =
  | { kind: 'reference'; logicalId: string }
  | { kind: 'attribute'; logicalId: string; attribute: string }
  | { kind: 'parameter'; name: string }
  | { kind: 'export'; name: string };

/** A value that is not known yet. */
export class Unknown {
  readonly causes: readonly Cause[];

  constructor(causes: readonly Cause[]) {
    this.causes = causes;
  }
}

/** A JSON value that may contain Unknowns. */
export type Evaluated = null | boolean | number | string | Unknown | Evaluated[] | EvaluatedObject;
/** An object whose members may contain Unknowns. */
export interface EvaluatedObject {
  [name: string]: Evaluated;
}

/** Every cause in the value, each once. */
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

/** Whether the value contains no Unknown. */
export const isKnown = (value: Evaluated): value is Value => causesIn(value).length === 0;

/** The cause as DescribeChangeSet names a causing entity: `Cache`, `Cache.Port`. */
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
