// Response URLs of custom resources and wait conditions. Each ends in an unguessable id. The bodies sent to a URL are
// stored until they are read, so they survive a restart. Requests come to an HTTP server on loopback, or through `take`
// from Millpond's main server.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from '../../../aws/scope.ts';
import { close, listen } from '../../../kernel/http-server.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import type { Notices } from '../execution/notices.ts';
import type { Callback, Records } from '../records.ts';

const { createServer } = process.getBuiltinModule('node:http');

/** Each callback has a name, which its resource derives from its stack, logical id and token. */
export interface Callbacks {
  /** Creates the callback, or returns the existing one of this name. */
  open(name: string): Callback;
  get(name: string): Callback | undefined;
  /** Records that the function that must answer has received the URL. */
  markDelivered(name: string): void;
  /** Forgets the callback and what came to it. */
  close(name: string): void;
  /** The URL at `base`, which has no slash at the end; by default at the HTTP server on loopback. */
  urlOf(callback: Callback, base?: string): string;
  /** The name of the callback that has this URL or path. */
  nameAt(url: string): string | undefined;
  /** The time at which `since` was first called for this name; both are milliseconds since the epoch. */
  since(name: string, now: number): number;
  /** Stores the body. Returns false when no callback has the path. */
  accept(path: string, body: string): boolean;
  /** Handles a request that came to Millpond's main server. Returns false when no callback has its path. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Callbacks belong to no account and region. */
const GLOBAL: Scope = { accountId: '', region: '' };
const MAX_BODY_BYTES = 64 * 1024;
const MOST_BODIES = 1_000;
const PREFIX = '/cloudformation-response/';

const idIn = (path: string): string | undefined =>
  /\/cloudformation-response\/([0-9a-f]{32})(?:$|[/?])/.exec(path)?.[1];

/** The topic under which Notices announce an answer to the callback of this name. */
export const noticeOf = (name: string): string => `callback ${name}`;

/** The callbacks of one instance. Their server listens after `start`. */
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
    return id === undefined ? undefined : names.get(GLOBAL, id)?.name;
  }

  function accept(path: string, body: string): boolean {
    const name = nameAt(path);
    if (name === undefined) return false;
    store.transaction(() => {
      const callback = collection.get(GLOBAL, name);
      if (!callback || callback.bodies.length >= MOST_BODIES) return;
      callback.bodies.push(body);
      collection.put(GLOBAL, name, callback);
      store.afterCommit(() => notices.notify(noticeOf(name)));
    });
    return true;
  }

  return {
    open(name) {
      return store.transaction(() => {
        const existing = collection.get(GLOBAL, name);
        if (existing) return existing;
        const callback: Callback = { id: randomHex(32), bodies: [], delivered: false };
        collection.put(GLOBAL, name, callback);
        names.put(GLOBAL, callback.id, { name });
        return callback;
      });
    },
    get: (name) => collection.get(GLOBAL, name),
    markDelivered(name) {
      store.transaction(() => {
        const callback = collection.get(GLOBAL, name);
        if (callback) collection.put(GLOBAL, name, { ...callback, delivered: true });
      });
    },
    close(name) {
      store.transaction(() => {
        const callback = collection.get(GLOBAL, name);
        if (callback) names.delete(GLOBAL, callback.id);
        collection.delete(GLOBAL, name);
      });
    },
    urlOf: ({ id }, base = ownUrl) => `${base}${PREFIX}${id}`,
    nameAt,
    since: (name, now) =>
      store.transaction(() => {
        const callback = collection.get(GLOBAL, name) ?? {
          id: '',
          bodies: [],
          delivered: false,
          since: now,
        };
        collection.put(GLOBAL, name, callback);
        return callback.since ?? now;
      }),
    accept,
    take(request, response) {
      if (nameAt(request.url ?? '') === undefined) return false;
      void receive(request, response, accept);
      return true;
    },
    async start() {
      // The port is stored: URLs that functions already have must stay valid after a restart.
      const wanted = ports.get(GLOBAL, 'port')?.port ?? 0;
      const created = createServer({ requestTimeout: 30_000 }, (request, response) => {
        void receive(request, response, accept);
      });
      await listen(created, wanted, '127.0.0.1').catch((error: unknown) => {
        log.warn(
          { port: wanted, err: error },
          'the port for responses of custom resources is taken; another one is used',
        );
        return listen(created, 0, '127.0.0.1');
      });
      server = created;
      const { port } = server.address() as AddressInfo;
      if (port !== wanted) ports.put(GLOBAL, 'port', { port });
      ownUrl = `http://127.0.0.1:${port}`;
    },
    async stop() {
      const closing = server;
      server = undefined;
      if (closing) await close(closing, 0);
    },
  };
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
