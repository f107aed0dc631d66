// The errors of STS that its operations throw themselves, with AWS's text.

import { Fault } from '../../wire/fault.ts';

export const invalidValue = (message: string): Fault => new Fault('InvalidParameterValue', message);

/** For a session policy that is not a JSON object. */
export const malformedPolicy = (): Fault =>
  new Fault('MalformedPolicyDocumentException', 'This policy contains invalid Json');

/** AWS: the text is known from public reports. */
export const tooMuchPacked = (percent: number): Fault =>
  new Fault(
    'PackedPolicyTooLargeException',
    `Packed size of session tags consumes ${percent}% of allotted space.`,
  );

/** AWS: this text and the next two are known from recorded answers. */
export const duplicateTags = (): Fault =>
  invalidValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');

export const transitiveKeyMissing = (): Fault =>
  invalidValue('The specified transitive tag key must be included in the requested tags.');

export const transitiveKeyTaken = (): Fault =>
  invalidValue(
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  );

/** AWS: the text for a value that is not an ARN at all. */
export const invalidRoleArn = (arn: string): Fault =>
  new Fault('ValidationError', `${arn.slice(0, 200)} is invalid`);
