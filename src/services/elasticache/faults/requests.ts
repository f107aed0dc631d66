// Faults of any request: parameters that are missing, malformed or cannot go together, and pages.

import type { Fault } from '../../../wire/fault.ts';
import { fault } from './fault.ts';

export const invalidParameterValue = (message: string): Fault =>
  fault('InvalidParameterValueException', message);

export const invalidParameterCombination = (message: string): Fault =>
  fault('InvalidParameterCombinationException', message);

export const missingParameter = (name: string): Fault =>
  invalidParameterValue(`The parameter ${name} must be provided.`);

export const blankParameter = (name: string): Fault =>
  invalidParameterValue(`The parameter ${name} must be provided and must not be blank.`);

/** For an id or name with characters that AWS does not allow. */
export const invalidIdentifier = (name: string): Fault =>
  invalidParameterValue(
    `The parameter ${name} is not a valid identifier. Identifiers must begin with a letter; must contain only ` +
      'ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.',
  );

/** For a modify request that changes nothing. */
export const noModificationsRequested = (): Fault =>
  invalidParameterValue('No modifications were requested.');

/** Text: own. */
export const invalidMaxRecords = (name: string, given: number, least: number, most: number): Fault =>
  invalidParameterValue(`Invalid value ${given} for ${name}. Must be between ${least} and ${most}`);

/** Text: own. */
export const invalidMarker = (): Fault => invalidParameterValue('The marker is not valid.');

/** Text: own. */
export const descriptionTooLong = (name: string, most: number): Fault =>
  invalidParameterValue(`The parameter ${name} must have at most ${most} characters.`);
