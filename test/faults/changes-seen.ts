// A function that a feed calls, as an endpoint of Lambda: keeps every change that it acknowledges, and fails or hangs when
// it is told to.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a feed says of a change; see src/feed/delivery/record.ts. */
export interface SeenChange {
  sequence: string;
  key: string;
  eventName: 'write' | 'delete' | 'sync';
  command?: string[];
  value?: Record<string, string> | null;
}

export interface ChangesSeen {
  readonly url: string;
  /** In the order in which they were acknowledged. */
  readonly changes: readonly SeenChange[];
  /** `hang`: requests get no answer, also not later. */
  mode: 'work' | 'fail' | 'hang';
  close(): void;
}

export async function seeChanges(): Promise<ChangesSeen> {
  const changes: SeenChange[] = [];
  const hanging = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (seen.mode === 'hang') return void hanging.add(response);
    if (seen.mode === 'fail') return void response.writeHead(500).end('{"message":"it fails"}');
    const { Records } = JSON.parse(Buffer.concat(chunks).toString()) as { Records: SeenChange[] };
    changes.push(...Records);
    response.writeHead(200, { 'content-type': 'application/json' }).end('null');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const seen: ChangesSeen = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes,
    mode: 'work',
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return seen;
}
