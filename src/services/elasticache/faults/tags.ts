// Faults of tags.

import type { Fault } from '../../../wire/fault.ts';
import { fault } from './fault.ts';

/** For an ARN that is malformed, or of another service, account or region. */
export const invalidArnFault = (message: string): Fault => fault('InvalidARNFault', message);

/** Text: own. */
export const tagNotFoundFault = (keys: readonly string[]): Fault =>
  fault('TagNotFoundFault', `The following tag keys are not on the resource: [${keys.join(', ')}]`);

/** Text: own. */
export const tagQuotaPerResourceExceeded = (limit: number): Fault =>
  fault('TagQuotaPerResourceExceeded', `Tag quota exceeded. A resource can have at most ${limit} tags.`);
