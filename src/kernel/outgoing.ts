// HTTP requests that Millpond sends to addresses named by a request or a record. They carry a header by which the API of
// any Millpond refuses them, because naming an address does not give the right to call the API. All of them go through
// this file, but those of load balancers to their targets. Redirects are not followed; time and the bytes read are bounded.
//
// Typed calls between services do not go through this file (wire/client.ts), even when AWS_ENDPOINT_URL_* points
// elsewhere.

import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';

// See http-server.ts: importing node:http would evaluate all its exports.
const http = process.getBuiltinModule('node:http');

const MARK = 'x-millpond-sent-by';

/** The header of a request that the service sends. */
export const markOf = (sender: string): Record<string, string> => ({ [MARK]: sender });
const MOST_ANSWER_BYTES = 64 * 1024;

/** One POST request. */
export interface OutgoingPost {
  /** http or https; may contain a user and a password. */
  url: URL;
  /** The name of the service that sends it. */
  sender: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Resolves to the HTTP status of the answer, whatever it is. Rejects when there is no answer in time. */
export function post({ url, sender, headers, body, timeoutMs, signal }: OutgoingPost): Promise<number> {
  const { request } = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : http;
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), ...markOf(sender) },
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

/** The service of a Millpond (this one or another) that sent the request; `undefined` for any other client. */
export const senderOf = (headers: IncomingHttpHeaders): string | undefined => headers[MARK]?.toString();
