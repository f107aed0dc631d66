// The placeholders of one request: ExpressionAttributeNames and ExpressionAttributeValues, and which of them its
// expressions use. Pure.

import {
  emptyName,
  invalidPlaceholder,
  invalidPlaceholderValue,
  noPlaceholders,
  pathTooDeep,
  placeholderTooLong,
  undefinedName,
  undefinedValue,
  unusedPlaceholders,
} from '../../faults/expressions.ts';
import type { Path } from '../paths.ts';
import { checkValue, type GivenAttributes, MOST_LEVELS, type Value } from '../values.ts';
import type { PathSyntax } from './syntax.ts';

/** The placeholders, as a request has them. */
export interface PlaceholderInput {
  ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  ExpressionAttributeValues?: GivenAttributes | undefined;
}

const NAMES = 'ExpressionAttributeNames';
const VALUES = 'ExpressionAttributeValues';
const NAME = /^#\w+$/;
const VALUE = /^:\w+$/;
const NONE = Object.freeze({});

/** The placeholders of one request. */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, Value>>;
  readonly #used = new Set<string>();

  /** Throws ValidationException for keys or values that are not allowed. Brings numbers into normal form, in place. */
  constructor({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }: PlaceholderInput) {
    if (names) {
      checkKeys(NAMES, names, NAME);
      for (const key in names) if (names[key] === '') throw emptyName(key);
    }
    if (values) {
      checkKeys(VALUES, values, VALUE);
      for (const key in values) checkPlaceholderValue(key, values[key]!);
    }
    this.#names = names ?? NONE;
    this.#values = (values as Record<string, Value> | undefined) ?? NONE;
  }

  /** The path with its names. Throws ExpressionProblem for one that is not defined. */
  path({ steps }: PathSyntax): Path {
    if (steps.length > MOST_LEVELS) throw pathTooDeep(steps.length);
    const path = steps.map((step) =>
      typeof step === 'string' && step.startsWith('#') ? this.#name(step) : step,
    );
    return path as readonly (string | number)[] as Path;
  }

  /** The value of a placeholder. Throws ExpressionProblem when it is not defined. */
  value(key: string): Value {
    if (!Object.hasOwn(this.#values, key)) throw undefinedValue(key);
    this.#used.add(key);
    return this.#values[key]!;
  }

  #name(key: string): string {
    if (!Object.hasOwn(this.#names, key)) throw undefinedName(key);
    this.#used.add(key);
    return this.#names[key]!;
  }

  /** Throws ValidationException when a placeholder was not used by any expression. */
  checkAllUsed(): void {
    for (const [parameter, given] of [
      [NAMES, this.#names],
      [VALUES, this.#values],
    ] as const) {
      const unused = Object.keys(given).filter((key) => !this.#used.has(key));
      if (unused.length > 0) throw unusedPlaceholders(parameter, unused.slice(0, MOST_SHOWN));
    }
  }
}

const MOST_SHOWN = 100;
const MOST_KEY_BYTES = 255;

function checkKeys(parameter: string, given: object, pattern: RegExp): void {
  let keys = 0;
  for (const key in given) {
    const bytes = Buffer.byteLength(key);
    if (bytes > MOST_KEY_BYTES) throw placeholderTooLong(parameter, bytes);
    if (!pattern.test(key)) throw invalidPlaceholder(parameter, key);
    keys++;
  }
  if (keys === 0) throw noPlaceholders(parameter);
}

function checkPlaceholderValue(key: string, value: object): asserts value is Value {
  try {
    checkValue(value);
  } catch (error) {
    throw invalidPlaceholderValue(key, error as Error);
  }
}
