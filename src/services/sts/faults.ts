// Every error of STS that its model does not tell of, with its text.

import { Fault } from '../../wire/fault.ts';

/** AWS: what is no ARN at all is told so in these words. */
export const invalidRoleArn = (arn: string): Fault =>
  new Fault('ValidationError', `${arn.slice(0, 200)} is invalid`);
