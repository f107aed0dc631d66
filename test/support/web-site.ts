// A web site of somebody else: an empty page, or another body for some paths, under every name that resolves to it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A running web site. */
export interface WebSite {
  port: number;
  /** `http://NAME:PORT`. */
  originOf(name: string): string;
  /** Sets the answer of a path. */
  put(path: string, body: string, contentType?: string): void;
  /** The body of the first request for a path, once it has arrived. */
  received(path: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startWebSite(): Promise<WebSite> {
  const pages = new Map<string, { body: string; contentType: string }>();
  const arrivals = new Map<string, PromiseWithResolvers<string>>();
  const arrivalAt = (path: string) => {
    const arrival = arrivals.get(path) ?? Promise.withResolvers<string>();
    arrivals.set(path, arrival);
    return arrival;
  };
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    arrivalAt(path).resolve(await text(request));
    const page = pages.get(path);
    response.writeHead(200, { 'content-type': page?.contentType ?? 'text/html' });
    response.end(page?.body ?? '<!doctype html><title>page</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    originOf: (name) => `http://${name}:${port}`,
    put: (path, body, contentType = 'text/html') => pages.set(path, { body, contentType }),
    received: (path) => arrivalAt(path).promise,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
