// One POST to a subscriber's endpoint, wherever that is: no redirects, no more than a moment, hardly anything of the
// answer read.

import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { DELIVERED, type Outcome } from './outcome.ts';

// See wire/listener.ts: an import of node:http would load all that it exports.
const http = process.getBuiltinModule('node:http');

/** AWS: how long an endpoint has to answer. */
const TIMEOUT_MS = 15_000;
const MOST_ANSWER_BYTES = 64 * 1024;

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
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  };
  try {
    const status = await post(url, options, body);
    if (status >= 200 && status < 300) return DELIVERED;
    const reason = `the endpoint answered ${status}`;
    // AWS: an endpoint's 4xx is final, but for too many requests; redirects are not followed.
    return { kind: status >= 500 || status === 429 || status < 200 ? 'failed' : 'refused', reason };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function post(url: URL, options: RequestOptions, body: string): Promise<number> {
  const { request } = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : http;
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request(url, options, (response: IncomingMessage) => {
      let bytes = 0;
      const done = () => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_ANSWER_BYTES) done();
      });
      response.on('end', done);
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
