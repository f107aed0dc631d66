// One request to the ElastiCache API, as a browser form and without a real signature. For the few calls that the
// command line makes itself.

import { OperationalError } from '../kernel/errors.ts';
import type { Scope } from '../kernel/scope.ts';

const API_VERSION = '2015-02-02';
const ANSWER_TIMEOUT_MS = 30_000;

/** An error the API answered with. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** e.g. `ReplicationGroupAlreadyExists`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * In the default account and region unless `scope` names others. Returns the answer's XML. Throws ApiError, or
 * TimedOut when there is no answer.
 */
export async function requestElastiCache(
  url: string,
  action: string,
  parameters: Record<string, string>,
  scope?: Scope,
): Promise<string> {
  let text: string;
  let ok: boolean;
  try {
    const body = new URLSearchParams({ Action: action, Version: API_VERSION, ...parameters });
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: scope ? signedFor(scope) : {},
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    ok = answer.ok;
    text = await answer.text();
  } catch (error) {
    throw new OperationalError('TimedOut', `${action}: the API at ${url} does not answer.`, error);
  }
  if (ok) return text;
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? 'Unknown';
  throw new ApiError(code, /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? text.slice(0, 200));
}

/** Millpond reads from a signature whose it is and for which region, and does not verify it. */
const signedFor = ({ accountId, region }: Scope) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/${region}/elasticache/aws4_request, SignedHeaders=host, Signature=0`,
});
