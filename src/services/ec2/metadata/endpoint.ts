// Where instances reach their metadata. With interfaces, at AWS's address, which the network serves; where instances
// share this host's network, at an address of Millpond's, which they find in AWS_EC2_METADATA_SERVICE_ENDPOINT.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { close, createBoundedServer, listen } from '../../../kernel/http-server.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Asking } from './serve.ts';

/** The endpoint on this host's loopback. */
export interface LoopbackEndpoint {
  /** Opens it unless it is open. Resolves with its URL; `undefined` where it cannot be opened. */
  open(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** own. Mocks of the service listen there, too. */
const PORT = 1338;
const MOST_CONNECTIONS = 200;

/** `address` is one at which no other program listens. */
export function loopbackEndpoint(
  address: string,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  log: Log,
): LoopbackEndpoint {
  let server: Server | undefined;
  let opening: Promise<string | undefined> | undefined;
  async function start(): Promise<string | undefined> {
    const made = createBoundedServer(serve, MOST_CONNECTIONS);
    try {
      await listen(made, PORT, address);
    } catch (error) {
      log.warn({ err: error }, 'instances have no metadata');
      return undefined;
    }
    server = made;
    return `http://${address}:${PORT}`;
  }
  return {
    open: () => (opening ??= start()),
    async close() {
      await opening;
      if (server) await close(server);
    },
  };
}

/** Remembers for each connection which instance has opened it. */
export function rememberingPeers(
  find: (socket: Socket) => Promise<Asking['instance']['instanceId'] | undefined>,
) {
  const known = new WeakMap<Socket, Promise<string | undefined>>();
  return (socket: Socket): Promise<string | undefined> => {
    let asked = known.get(socket);
    if (!asked) known.set(socket, (asked = find(socket).catch(() => undefined)));
    return asked;
  };
}
