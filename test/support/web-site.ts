// A web site that is not Millpond's: an empty page, or another body for some paths, under every name that leads here.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebSite {
  port: number;
  /** `http://NAME:PORT`. */
  originOf(name: string): string;
  /** What a path answers from now on, as HTML. */
  put(path: string, html: string): void;
  /** Targets of the requests that came, except for favicons. */
  readonly requests: string[];
  stop(): Promise<void>;
}

export async function startWebSite(): Promise<WebSite> {
  const pages = new Map<string, string>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const target = request.url ?? '/';
    if (target !== '/favicon.ico') requests.push(target);
    const html = pages.get(target.split('?', 1)[0]!) ?? '<!doctype html><title>page</title>';
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    originOf: (name) => `http://${name}:${port}`,
    put: (path, html) => pages.set(path, html),
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
