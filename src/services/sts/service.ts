// STS: who is calling, and sessions of roles. The smallest complete service, and the one to copy when another is added.

import { defineHandlers } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getAccessKeyInfo } from './operations/get-access-key-info.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';

export type Sts = typeof import('@aws-sdk/client-sts');

export const sts = defineHandlers<Sts>(
  'sts',
  {
    AssumeRole: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
  { constraints },
);
