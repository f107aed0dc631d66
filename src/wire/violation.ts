// What is wrong with an input by its model, and the words that AWS's services share for it.

import { Fault } from './fault.ts';
import type { Member } from './schema.ts';

/** One member of an input that the model does not allow. */
export interface Violation {
  /** From the input down. */
  steps: Step[];
  /** Undefined where a required member is absent. */
  breach: Breach | undefined;
  /** As text; undefined where it must not or cannot be shown. */
  shown: string | undefined;
  /** The value's length, where it has one. */
  length?: number;
  /** The model's name of the value's shape: `roleNameType`. */
  shape?: string;
  /** The input's member that the path begins with. */
  member: Member | undefined;
}

/** A member, the position in a list from 1 on, or the key in a map. */
export type Step = string | number | { key: string };

export interface Breach {
  kind: 'pattern' | 'minLength' | 'maxLength' | 'minValue' | 'maxValue' | 'whole' | 'enumeration' | 'parts';
  /** The pattern, the number or the values as the model has them. */
  limit: string | number;
  /** `Member must have length greater than or equal to 1`. */
  words: string;
}

/** How a service refuses inputs, and where its server does not follow its model. */
export interface ConstraintRules {
  /** Makes the error of the violations, of which there is at least one. */
  refuse(violations: readonly Violation[]): Fault;
  /** Absent required members are told in the same words, not in the protocol's. */
  refusesMissing?: boolean;
  /** What is looked for, where it is not all: the rest the service tells case by case, in its operations. */
  only?: { kinds: readonly Breach['kind'][]; because: string };
  /** By the model's name of a shape, or by `Structure.Member`, which goes before. */
  exceptions?: Readonly<Record<string, ConstraintException>>;
}

export interface ConstraintException {
  /** What is checked instead; what is undefined is not checked. */
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
  /** How it is known. */
  because: string;
}

/** A required member that is absent, as the protocols' own errors name it: `Tags.1.Key`. */
export const plainPath = ({ steps }: Violation): string =>
  steps.map((step) => (typeof step === 'object' ? step.key : step)).join('.');

/** AWS: `tags.1.member.key`, with the first letter of a member in lower case whatever comes behind: `kMSKeyArn`. */
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

/** Refuses in the words that most services share, with a code of the service's. */
export const inSharedWords =
  (code: string): ConstraintRules['refuse'] =>
  (violations) =>
    new Fault(code, validationErrors(violations));
