// Refuses API requests that Millpond itself sends to an address that a user gave, for example an SNS subscription.
// Otherwise such a request could change resources that the user has no access to.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../kernel/log.ts';
import { senderOf } from '../kernel/outgoing.ts';

/** Answers 403 and returns true when Millpond is the sender of the request. */
export function refuseOwnCall(request: IncomingMessage, response: ServerResponse, log: Log): boolean {
  const sender = senderOf(request.headers);
  if (sender === undefined) return false;
  // The log has no URL, because it may contain secrets.
  log.warn({ sender, method: request.method }, 'refused a request that Millpond itself sent to its API');
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
  response.end('Millpond does not call its own API for users.\n');
  return true;
}
