// A wire server for a test, and raw requests to it, without a client library.

import { request } from 'node:http';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { startWireServer, type WireServer, type WireServerOptions } from '../../src/wire/server.ts';

/** Serves on a free port with a silent log until the test ends. */
export async function serve(test: TestContext, options: Partial<WireServerOptions>): Promise<WireServer> {
  const server = await startWireServer({
    services: [],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
    ...options,
  });
  test.after(() => server.stop());
  return server;
}

/** A request; POST to `/` by default. */
export interface RawRequest {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** Status, headers and body of an answer. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends a raw request and resolves to the answer, whatever its status. */
export function ask(server: WireServer, { method = 'POST', path = '/', headers = {}, body }: RawRequest) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const outgoing = request(`${server.url}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

/** Sends a request of the query protocol, unsigned unless `headers` has a signature. */
export const askQuery = (
  server: WireServer,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
) => ask(server, { headers: { 'content-type': FORM, ...headers }, body });

/** An Authorization header like that of a client of `service`. */
export const signedFor = (service: string, region = 'us-east-1', accessKeyId = 'AKIDEXAMPLE') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`,
});

/** Sends these bytes and returns everything that the server sends until it closes the connection. */
export function askBytes(server: WireServer, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

interface Line {
  fields: object;
  message: string;
}

/** A log that records errors and warnings. */
export function recordingLog(): { log: Log; errors: Line[]; warnings: Line[] } {
  const errors: Line[] = [];
  const warnings: Line[] = [];
  const log: Log = {
    ...silentLog,
    error: (fields, message) => errors.push({ fields, message }),
    warn: (fields, message) => warnings.push({ fields, message }),
    child: () => log,
  };
  return { log, errors, warnings };
}
