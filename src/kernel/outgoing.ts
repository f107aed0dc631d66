// HTTP requests that Millpond sends to addresses which a request or a record names: the one place for them. They are
// marked, so that no Millpond's API carries them out: who may name an address is not thereby allowed to call the API.
// Redirects are not followed, and time and what is read of the answer are bounded.
//
// Calls between services are typed and no part of this (wire/client.ts), also where AWS_ENDPOINT_URL_* leads elsewhere.

import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';

// See wire/listener.ts: an import of node:http would load all that it exports.
const http = process.getBuiltinModule('node:http');

const MARK = 'x-millpond-sent-by';
const MOST_ANSWER_BYTES = 64 * 1024;

export interface OutgoingPost {
  /** http or https; may bear a user and a password. */
  url: URL;
  /** The service that sends it. */
  sender: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Resolves to the status of the answer, whatever it is. Rejects where there is none in time. */
export function post({ url, sender, headers, body, timeoutMs, signal }: OutgoingPost): Promise<number> {
  const { request } = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : http;
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), [MARK]: sender },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  };
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

/** The service of a Millpond, this one or another, that sent the request; `undefined` for any other caller's. */
export const senderOf = (headers: IncomingHttpHeaders): string | undefined => headers[MARK]?.toString();
