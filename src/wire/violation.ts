// A violation of the model in an input, the texts that AWS's services share for it, and the rules with which a service
// refuses such inputs.

import { Fault } from './fault.ts';
import type { Member } from './schema.ts';

/** One value in an input that the model forbids. */
export interface Violation {
  /** The path from the input to the value. */
  steps: Step[];
  /** Undefined when a required member is absent. */
  breach: Breach | undefined;
  /** The value as text; undefined when it must not or cannot be shown. */
  shown: string | undefined;
  /** The length of a string in UTF-16 code units. */
  length?: number;
  /** The model's name of the value's shape: `roleNameType`. */
  shape?: string;
  /** The member of the input at the start of the path. */
  member: Member | undefined;
}

/** A member name, a position in a list (from 1), or a key in a map. */
export type Step = string | number | { key: string };

/** The constraint that a value violates. */
export interface Breach {
  kind: 'pattern' | 'minLength' | 'maxLength' | 'minValue' | 'maxValue' | 'whole' | 'enumeration' | 'parts';
  /** The model's pattern, number or list of values. */
  limit: string | number;
  /** AWS's text, e.g. `Member must have length greater than or equal to 1`. */
  words: string;
}

/** How a service refuses invalid inputs, and where AWS's server differs from its model. */
export interface ConstraintRules {
  /** Makes the error for one or more violations. */
  refuse(violations: readonly Violation[]): Fault;
  /** True when `refuse` also reports absent required members. By default the protocol's `missing` does. */
  refusesMissing?: boolean;
  /** Limits the checks to these kinds. The service's operations check the rest. */
  only?: { kinds: readonly Breach['kind'][]; because: string };
  /** By the model's shape name or by `Structure.Member`. The latter takes precedence. */
  exceptions?: Readonly<Record<string, ConstraintException>>;
}

/** A constraint for which AWS's server differs from its model. */
export interface ConstraintException {
  /** Replaces parts of the model's constraint. A part that is set to undefined is not checked. */
  instead: {
    min?: number | undefined;
    max?: number | undefined;
    whole?: 1 | undefined;
    pattern?: string | undefined;
    enum?: readonly string[] | undefined;
    item?: string | undefined;
    /** The value is not shown. */
    sensitive?: 1 | undefined;
  };
  /** The source of the difference. */
  because: string;
}

/** The path as the protocols' errors for absent members have it: `Tags.1.Key`. */
export const plainPath = ({ steps }: Violation): string =>
  steps.map((step) => (typeof step === 'object' ? step.key : step)).join('.');

/** AWS: `tags.1.member.key`. Only the first letter of each member is in lower case: `kMSKeyArn`. */
export function memberPath({ steps }: Violation): string {
  const parts = steps.map((step) => {
    if (typeof step === 'string') return step.charAt(0).toLowerCase() + step.slice(1);
    return `${typeof step === 'number' ? step : step.key}.member`;
  });
  return parts.join('.');
}

/** AWS: `2 validation errors detected: Value 'x' at 'y' failed to satisfy constraint: …; Value …`. */
export function validationErrors(violations: readonly Violation[]): string {
  const count = `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected`;
  return `${count}: ${violations.map(sentence).join('; ')}`;
}

function sentence(violation: Violation): string {
  const { breach, shown } = violation;
  const value = breach && shown !== undefined ? `Value '${shown}'` : 'Value';
  const words = breach?.words ?? 'Member must not be null';
  return `${value} at '${memberPath(violation)}' failed to satisfy constraint: ${words}`;
}

/** Refuses with the text that most services share. `code` is the service's error code. */
export const validationRefusal =
  (code: string): ConstraintRules['refuse'] =>
  (violations) =>
    new Fault(code, validationErrors(violations));
