// What a case of the hostile corpus is, and how one is sent.

import { request } from 'node:http';
import { connect } from 'node:net';
import { signedFor } from '../support/wire.ts';
import type { Target } from './measured-millpond.ts';

/** An HTTP status; `none` where a connection ended without one, or a datagram stayed without an answer. */
export type Outcome = number | 'none' | 'answered';

export interface HostileCase {
  kind: string;
  name: string;
  /** Resolves when everything has been answered, refused or closed. */
  run(target: Target): Promise<Outcome[]>;
}

export interface HostileRequest {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** For what hangs: an answer takes seconds at worst, also on a busy machine. */
const LONGEST_WAIT_MS = 120_000;

export function send(target: Target, { method = 'POST', path = '/', headers = {}, body }: HostileRequest) {
  return new Promise<Outcome>((resolve, reject) => {
    const outgoing = request(`${target.url}/`, { path, method, headers, agent: false });
    const hangs = setTimeout(() => {
      outgoing.destroy();
      reject(new Error(`${method} ${path.slice(0, 100)} was not answered in ${LONGEST_WAIT_MS} ms`));
    }, LONGEST_WAIT_MS);
    const finish = (outcome: Outcome) => {
      clearTimeout(hangs);
      resolve(outcome);
    };
    outgoing.on('response', (response) => {
      response.resume();
      response.once('close', () => finish(response.statusCode!));
    });
    outgoing.on('error', () => finish('none'));
    outgoing.end(body);
  });
}

/** Sends these bytes, and reads until the connection ends; of several answers the first status is told. */
export function sendBytes(target: Target, bytes: string | Uint8Array, end = true): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = connect(target.port, '127.0.0.1');
    const hangs = setTimeout(() => {
      socket.destroy();
      reject(new Error('a connection stayed open'));
    }, LONGEST_WAIT_MS);
    let head = '';
    socket.on('data', (chunk) => {
      if (head.length < 100) head += chunk.toString('latin1', 0, 100);
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(hangs);
      resolve(statusIn(head));
    });
    if (end) socket.end(bytes);
    else socket.write(bytes);
  });
}

const statusIn = (head: string): Outcome => {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  return status === undefined ? 'none' : Number(status);
};

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const asQuery = (service: string, body: string | Uint8Array): HostileRequest => ({
  headers: { ...signedFor(service), ...FORM },
  body,
});

export const asJson = (service: string, target: string, body: string | Uint8Array): HostileRequest => ({
  headers: { ...signedFor(service), 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
  body,
});

export const asCbor = (service: string, operation: string, body: Uint8Array): HostileRequest => ({
  path: `/service/${service}/operation/${operation}`,
  headers: { ...signedFor(service), 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
  body,
});

export const asRest = (
  service: string,
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers: Record<string, string> = {},
): HostileRequest => ({
  method,
  path,
  headers: { ...signedFor(service), ...headers },
  ...(body !== undefined && { body }),
});

export const requestCase = (kind: string, name: string, make: () => HostileRequest): HostileCase => ({
  kind,
  name,
  run: async (target) => [await send(target, make())],
});

export const bytesCase = (name: string, make: () => string | Uint8Array, end = true): HostileCase => ({
  kind: 'HTTP',
  name,
  run: async (target) => [await sendBytes(target, make(), end)],
});
