// Tokens with which Docker and other clients use the registry: who they are for, until when, and a MAC of the instance.
// None is stored.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';

/** AWS: twelve hours. */
export const TOKEN_LIFE_MS = 12 * 60 * 60 * 1_000;
/** AWS: the user name that goes with a token. */
export const TOKEN_USER = 'AWS';

/** What a token allows. */
export interface Grant extends Scope {
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Present when the token opens only this content, as `REPOSITORY@DIGEST`. */
  content?: string;
}

/** Why a token is refused. */
export type TokenProblem = 'invalid' | 'expired';

/** Issues and reads tokens. */
export interface Authorization {
  /** A new token. It is valid for all registries of this Millpond. */
  issue(scope: Scope, lifeMs?: number, content?: string): { token: string; expiresAt: number };
  read(token: string): Grant | TokenProblem;
}

const LONGEST = 2_048;

/** `secret` is the instance's: tokens of another instance are invalid. */
export function createAuthorization(secret: string, clock: Clock): Authorization {
  const macOf = (content: string) =>
    createHmac('sha256', secret).update(`ecr-token\0${content}`).digest('base64url');

  return {
    issue({ accountId, region }, lifeMs = TOKEN_LIFE_MS, content) {
      const expiresAt = clock.now() + lifeMs;
      const grant: Grant = { accountId, region, expiresAt, ...(content !== undefined && { content }) };
      const text = Buffer.from(JSON.stringify(grant)).toString('base64url');
      return { token: `${text}.${macOf(text)}`, expiresAt };
    },
    read(token) {
      const [text = '', mac = '', ...more] = token.slice(0, LONGEST).split('.');
      const [given, expected] = [Buffer.from(mac), Buffer.from(macOf(text))];
      if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected))
        return 'invalid';
      const grant = JSON.parse(Buffer.from(text, 'base64url').toString()) as Grant;
      return clock.now() < grant.expiresAt ? grant : 'expired';
    },
  };
}
