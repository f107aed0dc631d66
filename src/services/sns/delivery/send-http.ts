// Sends one POST to a subscriber's endpoint and classifies the answer.

import { DONE, type Outcome } from '../../../control/outbox.ts';
import { post } from '../../../kernel/outgoing.ts';

/** AWS: how long an endpoint has to answer. */
const TIMEOUT_MS = 15_000;

/** One request to an endpoint. */
export interface HttpMessage {
  /** An http or https URL; may contain a user name and a password. */
  endpoint: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

/** Never rejects: a network error is a failed attempt, which the outbox retries. */
export async function sendHttp({ endpoint, headers, body, signal }: HttpMessage): Promise<Outcome> {
  const url = URL.parse(endpoint);
  if (!url) return { kind: 'refused', reason: 'the endpoint is not a URL' };
  try {
    const status = await post({ url, sender: 'sns', headers, body, timeoutMs: TIMEOUT_MS, signal });
    if (status >= 200 && status < 300) return DONE;
    const reason = `the endpoint answered ${status}`;
    // AWS: an endpoint's 4xx is final, except for 429. Redirects are not followed.
    return { kind: status >= 500 || status === 429 || status < 200 ? 'failed' : 'refused', reason };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
