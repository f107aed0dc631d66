// WebSockets: a request to upgrade goes to an address, and if its answer agrees, the bytes of both sides are passed on.
//
// AWS: functions have no WebSockets (400); what passes over one is not looked at.

import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressGroup } from './address-group.ts';
import { endWith, type Site } from './exchange.ts';
import { type OwnStatus, rawPage } from './pages.ts';
import type { RequestFacts } from './request-facts.ts';
import { targetHeaders } from './target-headers.ts';
import {
  choose,
  connectionTokens,
  countResponse,
  type ForwardSurroundings,
  open,
  withoutConnection,
} from './to-address.ts';

/** Answers with AWS's page, and closes the connection. */
export function refuseUpgrade(site: Site, socket: Duplex, status: OwnStatus): void {
  site.counts.addOwnAnswer(status);
  endWith(socket, rawPage(status));
}

/** Passes the request and then the connection to a target of the group. */
export function upgradeToAddress(
  site: Site,
  facts: RequestFacts,
  group: AddressGroup,
  client: { request: IncomingMessage; socket: Socket; head: Buffer },
  surroundings: ForwardSurroundings,
): void {
  const { request, socket, head } = client;
  const chosen = choose(site, facts, group, surroundings);
  if (!chosen) return void refuseUpgrade(site, socket, 503);
  const headers = withoutConnection(targetHeaders(facts, site.attributes, Date.now()), []);
  headers.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
  const { outgoing, whenFailed } = open(site, facts, group, chosen.target, headers, surroundings);
  const since = performance.now();
  let isAnswered = false;
  outgoing.once('upgrade', (answer: IncomingMessage, target: Socket, first: Buffer) => {
    isAnswered = true;
    countResponse(site, group, answer, since);
    const lines = [`HTTP/1.1 101 ${answer.statusMessage}`];
    for (let index = 0; index < answer.rawHeaders.length; index += 2) {
      lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
    }
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    if (first.length > 0) socket.write(first);
    if (head.length > 0) target.write(head);
    join(socket, target, site.attributes.idleTimeoutSeconds * 1_000);
  });
  outgoing.once('response', (answer) => {
    isAnswered = true;
    countResponse(site, group, answer, since);
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.on('error', () => {});
    response.once('finish', () => socket.end());
    const kept = withoutConnection(answer.rawHeaders, connectionTokens(answer));
    response.writeHead(answer.statusCode!, answer.statusMessage, [...kept, 'Connection', 'close']);
    answer.on('error', () => socket.destroy());
    answer.pipe(response);
  });
  whenFailed((status) => (isAnswered ? void socket.destroy() : refuseUpgrade(site, socket, status)));
  socket.once('close', () => {
    if (!isAnswered) outgoing.destroy();
  });
  outgoing.end();
}

/** Passes bytes both ways until one side ends, or nothing is sent for the idle timeout. */
function join(client: Socket, target: Socket, idleMs: number): void {
  for (const [from, to] of [
    [client, target],
    [target, client],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
    from.setTimeout(idleMs, () => {
      // The other side may be busy: reading counts for both.
      if (performance.now() - lastUsed >= idleMs - 1) from.destroy();
      else from.setTimeout(idleMs);
    });
    from.on('data', () => void (lastUsed = performance.now()));
    from.pipe(to);
  }
  var lastUsed = performance.now();
}
