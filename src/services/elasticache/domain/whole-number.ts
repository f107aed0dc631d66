// Checks integers in requests. The wire layer does not tell integers from fractions, since JavaScript does not
// either.

import { invalidParameterValue } from '../faults/requests.ts';

/** Throws InvalidParameterValue unless `value` is absent, or whole and within the bounds, both inclusive. */
export function checkWhole(name: string, value: number | undefined, least: number, most?: number): void {
  if (value === undefined) return;
  if (Number.isSafeInteger(value) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return;
  throw invalidParameterValue(
    most === undefined
      ? `${name} must be a whole number of at least ${least}.`
      : `${name} must be a whole number between ${least} and ${most}.`,
  );
}
