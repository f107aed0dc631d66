// Every operation of STS that Millpond has. The wire layer answers that any other is not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Sts } from './context.ts';
import { AssumeRole } from './operations/assume-role.ts';
import { GetAccessKeyInfo } from './operations/get-access-key-info.ts';
import { GetCallerIdentity } from './operations/get-caller-identity.ts';
import { GetSessionToken } from './operations/get-session-token.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Sts> = {
  AssumeRole,
  GetAccessKeyInfo,
  GetCallerIdentity,
  GetSessionToken,
};
