// Every error of STS that its model does not tell of, with its text.

import { Fault } from '../../wire/fault.ts';

export const invalidValue = (message: string): Fault => new Fault('InvalidParameterValue', message);

export const malformedPolicy = (): Fault =>
  new Fault('MalformedPolicyDocumentException', 'This policy contains invalid Json');

/** AWS: in public reports. */
export const tooMuchPacked = (percent: number): Fault =>
  new Fault(
    'PackedPolicyTooLargeException',
    `Packed size of session tags consumes ${percent}% of allotted space.`,
  );

/** AWS: these and the next are in its recorded answers. */
export const duplicateTags = (): Fault =>
  invalidValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');

export const transitiveKeyMissing = (): Fault =>
  invalidValue('The specified transitive tag key must be included in the requested tags.');

export const transitiveKeyTaken = (): Fault =>
  invalidValue(
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  );

/** AWS: what is no ARN at all is told so in these words. */
export const invalidRoleArn = (arn: string): Fault =>
  new Fault('ValidationError', `${arn.slice(0, 200)} is invalid`);
