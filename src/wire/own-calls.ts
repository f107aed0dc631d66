// What Millpond itself sends to an address that somebody named never reaches the API: a subscription of SNS could else
// delete what its owner may not even see.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../kernel/log.ts';
import { senderOf } from '../kernel/outgoing.ts';

/** True when the request was such a one; it is answered then. */
export function refuseOwnCall(request: IncomingMessage, response: ServerResponse, log: Log): boolean {
  const sender = senderOf(request.headers);
  if (sender === undefined) return false;
  // The path may hold a secret, and the query string anything.
  log.warn({ sender, method: request.method }, 'refused what Millpond itself was made to send to its API');
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
  response.end('Millpond does not call its own API for others.\n');
  return true;
}
