// Every error STS answers, with its text.

import { Fault } from '../../wire/fault.ts';

const invalid = (value: string, member: string, constraint: string): Fault =>
  new Fault(
    'ValidationError',
    `1 validation error detected: Value '${value.slice(0, 200)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );

/** AWS: what is no ARN at all is told so in these words. */
export const invalidRoleArn = (arn: string): Fault =>
  new Fault('ValidationError', `${arn.slice(0, 200)} is invalid`);

export const invalidSessionName = (name: string): Fault =>
  invalid(name, 'roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}');

export const invalidDuration = (seconds: number, least: number, most: number): Fault =>
  invalid(String(seconds), 'durationSeconds', `Member must have value between ${least} and ${most}`);

export const invalidAccessKey = (key: string): Fault =>
  invalid(key, 'accessKeyId', 'Member must satisfy regular expression pattern: [\\w]{16,128}');
