// Who temporary credentials belong to. The token that goes with them says it, so that nothing is kept and a session
// outlives any restart. It proves nothing, as no signature here does; that it has expired is not held against it.

import type { Credentials } from '@aws-sdk/client-sts';
import { newTemporaryAccessKey } from '../../kernel/access-key.ts';
import { randomHex } from '../../kernel/ids.ts';

export interface Identity {
  userId: string;
  arn: string;
}

const PREFIX = 'millpond.';
const SECRET_LENGTH = 40;
const MAX_TOKEN_LENGTH = 4096;

/** `expires`: milliseconds since the epoch. Without an identity it is whoever the account belongs to. */
export function newCredentials(accountId: string, expires: number, identity?: Identity): Credentials {
  return {
    AccessKeyId: newTemporaryAccessKey(accountId),
    SecretAccessKey: randomHex(SECRET_LENGTH),
    SessionToken: PREFIX + Buffer.from(JSON.stringify(identity ?? {})).toString('base64url'),
    Expiration: new Date(expires),
  };
}

/** `undefined` for a token that came from elsewhere, and for a session of nobody in particular. */
export function identityIn(token: string | undefined): Identity | undefined {
  if (!token?.startsWith(PREFIX) || token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    const found = JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString()) as unknown;
    if (typeof found !== 'object' || found === null) return undefined;
    const { userId, arn } = found as Record<string, unknown>;
    return typeof userId === 'string' && typeof arn === 'string' ? { userId, arn } : undefined;
  } catch {
    return undefined;
  }
}
