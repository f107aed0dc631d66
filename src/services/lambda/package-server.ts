// Serves the code packages to which GetFunction and GetLayerVersion link, on a loopback port with a secret in the
// path. AWS uses pre-signed URLs.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { close, createBoundedServer, listen } from '../../kernel/http-server.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { CodeStore } from './code/code-store.ts';
import { packagePathIn, packageUrlInside } from './urls-inside.ts';

const MOST_CONNECTIONS = 100;

/** An HTTP server of code packages. */
export interface PackageServer {
  /** On this host, or below the API's URL for a client that reached it where functions run. */
  urlOf(hash: string, insideBase?: string): string;
  /** Answers a request to the API for a package; returns false for any other request. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The secret is new in every process. */
export function createPackageServer(code: CodeStore): PackageServer {
  const secret = randomHex(32);
  const server = createBoundedServer(
    (request, response) => serve((request.url ?? '').slice(1), response),
    MOST_CONNECTIONS,
  );

  function serve(path: string, response: ServerResponse): void {
    response.on('error', () => {});
    const hash = new RegExp(`^${secret}/([0-9a-f]{64})$`).exec(path)?.[1];
    void (hash ? code.readPackage(hash) : Promise.reject(new Error('no such path'))).then(
      (zip) => response.writeHead(200, { 'content-type': 'application/zip' }).end(zip),
      () => response.writeHead(404).end(),
    );
  }

  return {
    urlOf(hash, insideBase) {
      if (insideBase !== undefined) return packageUrlInside(insideBase, `${secret}/${hash}`);
      const address = server.address() as AddressInfo | null;
      return address ? `http://127.0.0.1:${address.port}/${secret}/${hash}` : '';
    },
    take(request, response) {
      const path = packagePathIn(request.url ?? '');
      if (path === undefined) return false;
      serve(path, response);
      return true;
    },
    start: () => listen(server, 0, '127.0.0.1'),
    stop: () => close(server, 0),
  };
}
