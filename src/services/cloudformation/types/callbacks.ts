// Addresses that are given away to be answered to: of custom resources and of wait conditions. Each ends in a part
// that cannot be guessed; what comes there is kept until it is read, also through a restart. The way in is an HTTP
// server on loopback, or whatever passes requests on to `take`.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import type { Notices } from '../execution/notices.ts';
import type { Callback, Records } from '../records.ts';

const { createServer } = process.getBuiltinModule('node:http');

export interface Callbacks {
  /** An address that is remembered under `name`: asked for again, it is the same. */
  open(name: string): Callback;
  get(name: string): Callback | undefined;
  /** Says that whoever is to answer knows the address. */
  markDelivered(name: string): void;
  close(name: string): void;
  /** At `base`, which has no slash at the end, or at the HTTP server on loopback. */
  urlOf(callback: Callback, base?: string): string;
  /** Under which name an address was opened. */
  nameAt(url: string): string | undefined;
  /** `now`, or what it was when `name` was first asked for. */
  since(name: string, now: number): number;
  /** False when the path is nobody's address. */
  accept(path: string, body: string): boolean;
  /** An answer that came in by another door: true when it was for one of these addresses. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Where the server listens is kept: an address that is out there has to stay good. */
const NOWHERE: Scope = { accountId: '', region: '' };
const MAX_BODY_BYTES = 64 * 1024;
const MOST_BODIES = 1_000;
const PREFIX = '/cloudformation-response/';

const idIn = (path: string): string | undefined =>
  /\/cloudformation-response\/([0-9a-f]{32})(?:$|[/?])/.exec(path)?.[1];

export const noticeOf = (name: string): string => `callback ${name}`;

export function openCallbacks(parts: {
  records: Records;
  store: Store;
  notices: Notices;
  log: Log;
}): Callbacks {
  const { records, store, notices, log } = parts;
  const ports = store.collection<{ port: number }>('cloudformation/callback-port');
  const names = store.collection<{ name: string }>('cloudformation/callback-name');
  const collection = records.callbacks;
  let server: Server | undefined;
  let ownUrl = '';

  function nameAt(url: string): string | undefined {
    const id = idIn(url);
    return id === undefined ? undefined : names.get(NOWHERE, id)?.name;
  }

  function accept(path: string, body: string): boolean {
    const name = nameAt(path);
    if (name === undefined) return false;
    store.transaction(() => {
      const callback = collection.get(NOWHERE, name);
      if (!callback || callback.bodies.length >= MOST_BODIES) return;
      callback.bodies.push(body);
      collection.put(NOWHERE, name, callback);
      store.afterCommit(() => notices.tell(noticeOf(name)));
    });
    return true;
  }

  return {
    open(name) {
      return store.transaction(() => {
        const existing = collection.get(NOWHERE, name);
        if (existing) return existing;
        const callback: Callback = { id: randomHex(32), bodies: [], delivered: false };
        collection.put(NOWHERE, name, callback);
        names.put(NOWHERE, callback.id, { name });
        return callback;
      });
    },
    get: (name) => collection.get(NOWHERE, name),
    markDelivered(name) {
      store.transaction(() => {
        const callback = collection.get(NOWHERE, name);
        if (callback) collection.put(NOWHERE, name, { ...callback, delivered: true });
      });
    },
    close(name) {
      store.transaction(() => {
        const callback = collection.get(NOWHERE, name);
        if (callback) names.delete(NOWHERE, callback.id);
        collection.delete(NOWHERE, name);
      });
    },
    urlOf: ({ id }, base = ownUrl) => `${base}${PREFIX}${id}`,
    nameAt,
    since: (name, now) =>
      store.transaction(() => {
        const callback = collection.get(NOWHERE, name) ?? {
          id: '',
          bodies: [],
          delivered: false,
          since: now,
        };
        collection.put(NOWHERE, name, callback);
        return callback.since ?? now;
      }),
    accept,
    take(request, response) {
      if (nameAt(request.url ?? '') === undefined) return false;
      void receive(request, response, accept);
      return true;
    },
    async start() {
      const wanted = ports.get(NOWHERE, 'port')?.port ?? 0;
      const listener = (request: IncomingMessage, response: ServerResponse) => {
        void receive(request, response, accept);
      };
      server = await listen(listener, wanted).catch((error: unknown) => {
        log.warn({ port: wanted, err: error }, 'answers of custom resources come to another port now');
        return listen(listener, 0);
      });
      const { port } = server.address() as AddressInfo;
      if (port !== wanted) ports.put(NOWHERE, 'port', { port });
      ownUrl = `http://127.0.0.1:${port}`;
    },
    async stop() {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      closing.closeAllConnections();
      await closed;
    },
  };
}

function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
): Promise<Server> {
  const server = createServer({ requestTimeout: 30_000 }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  accept: Callbacks['accept'],
): Promise<void> {
  const answer = (status: number) => {
    response.writeHead(status, { 'content-length': 0, connection: 'close' });
    response.end();
  };
  try {
    if (request.method !== 'PUT' && request.method !== 'POST') return answer(405);
    let size = 0;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) return answer(413);
      chunks.push(chunk);
    }
    answer(accept(request.url ?? '', Buffer.concat(chunks).toString()) ? 200 : 403);
  } catch {
    response.destroy();
  }
}
