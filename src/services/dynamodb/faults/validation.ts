// The ValidationException, the error of every input that DynamoDB's model allows and DynamoDB does not. The other files
// of this folder have its texts. AWS: since June 2026 some regions put `1 validation error detected: ` before many of
// them; most regions, and Millpond, do not.

import { Fault } from '../../../wire/fault.ts';

/** A ValidationException. */
export const invalid = (message: string): Fault => new Fault('ValidationException', message);

/** `One or more parameter values were invalid: …` */
export const invalidParameter = (message: string): Fault =>
  invalid(`One or more parameter values were invalid: ${message}`);
