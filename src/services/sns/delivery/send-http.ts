// One POST to a subscriber's endpoint, and what its answer means for the delivery.

import { DONE, type Outcome } from '../../../control/outbox.ts';
import { post } from '../../../kernel/outgoing.ts';

/** AWS: how long an endpoint has to answer. */
const TIMEOUT_MS = 15_000;

export interface HttpMessage {
  /** http or https; may bear a user and a password. */
  endpoint: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

export async function sendHttp({ endpoint, headers, body, signal }: HttpMessage): Promise<Outcome> {
  const url = URL.parse(endpoint);
  if (!url) return { kind: 'refused', reason: 'the endpoint is no URL' };
  try {
    const status = await post({ url, sender: 'sns', headers, body, timeoutMs: TIMEOUT_MS, signal });
    if (status >= 200 && status < 300) return DONE;
    const reason = `the endpoint answered ${status}`;
    // AWS: an endpoint's 4xx is final, but for too many requests; redirects are not followed.
    return { kind: status >= 500 || status === 429 || status < 200 ? 'failed' : 'refused', reason };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
