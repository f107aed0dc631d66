// Temporary credentials. The session token contains the identity, so STS stores nothing and a session survives
// restarts. The token is not proof: Millpond verifies no signatures and accepts expired sessions.

import type { Credentials } from '@aws-sdk/client-sts';
import { newTemporaryAccessKey } from '../../aws/access-key.ts';
import type { Tags } from '../../aws/tags.ts';
import { randomHex } from '../../kernel/ids.ts';

/** A role session as GetCallerIdentity returns it. */
export interface Identity {
  userId: string;
  arn: string;
}

const PREFIX = 'millpond.';
const SECRET_LENGTH = 40;
const MAX_TOKEN_LENGTH = 8_192;

/** `expires` is in milliseconds since the epoch. Without an identity, the credentials are the account's root user's. */
export function newCredentials(
  accountId: string,
  expires: number,
  identity?: Identity,
  transitiveTags: Tags = {},
): Credentials {
  const content = { ...identity, ...(Object.keys(transitiveTags).length > 0 && { transitiveTags }) };
  return {
    AccessKeyId: newTemporaryAccessKey(accountId),
    SecretAccessKey: randomHex(SECRET_LENGTH),
    SessionToken: PREFIX + Buffer.from(JSON.stringify(content)).toString('base64url'),
    Expiration: new Date(expires),
  };
}

/** `undefined` for a token that STS did not issue, and for a session of the root user. */
export function identityIn(token: string | undefined): Identity | undefined {
  const { userId, arn } = contentOf(token);
  return typeof userId === 'string' && typeof arn === 'string' ? { userId, arn } : undefined;
}

/** The transitive tags of the session; none for a token that STS did not issue. */
export function transitiveTagsIn(token: string | undefined): Tags {
  const { transitiveTags } = contentOf(token);
  if (!isRecord(transitiveTags)) return {};
  return Object.values(transitiveTags).every((value) => typeof value === 'string')
    ? (transitiveTags as Tags)
    : {};
}

function contentOf(token: string | undefined): Record<string, unknown> {
  if (!token?.startsWith(PREFIX) || token.length > MAX_TOKEN_LENGTH) return {};
  try {
    const found: unknown = JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString());
    return isRecord(found) ? found : {};
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
