// Numbers of requests. The wire tells integers and fractions apart no more than JavaScript does, so it is done here.

import { invalidParameterValue } from '../faults.ts';

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
