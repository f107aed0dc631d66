// STS: who is calling. The smallest complete service, and the one to copy when another is added.

import { defineService } from '../../wire/service.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';

export type Sts = typeof import('@aws-sdk/client-sts');

export const sts = defineService<Sts>('sts', {
  GetCallerIdentity: getCallerIdentity,
});
