// Serves the code packages to which GetFunction and GetLayerVersion link, on a loopback port with a secret in the
// path. AWS uses pre-signed URLs.

import type { AddressInfo } from 'node:net';
import { close, createBoundedServer, listen } from '../../kernel/http-server.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { CodeStore } from './code/code-store.ts';

const MOST_CONNECTIONS = 100;

/** An HTTP server of code packages. */
export interface PackageServer {
  urlOf(hash: string): string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The secret is new in every process. */
export function createPackageServer(code: CodeStore): PackageServer {
  const secret = randomHex(32);
  const server = createBoundedServer((request, response) => {
    response.on('error', () => {});
    const hash = new RegExp(`^/${secret}/([0-9a-f]{64})$`).exec(request.url ?? '')?.[1];
    void (hash ? code.readPackage(hash) : Promise.reject(new Error('no such path'))).then(
      (zip) => response.writeHead(200, { 'content-type': 'application/zip' }).end(zip),
      () => response.writeHead(404).end(),
    );
  }, MOST_CONNECTIONS);
  return {
    urlOf(hash) {
      const address = server.address() as AddressInfo | null;
      return address ? `http://127.0.0.1:${address.port}/${secret}/${hash}` : '';
    },
    start: () => listen(server, 0, '127.0.0.1'),
    stop: () => close(server, 0),
  };
}
