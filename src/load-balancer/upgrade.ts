// WebSockets: a request to upgrade goes to an address, and if its answer agrees, the bytes of both sides are passed on.
//
// AWS: functions have no WebSockets (400); what passes over one is not looked at.

import type { IncomingMessage } from 'node:http';
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
  isWellFormed,
  open,
  withoutConnection,
} from './to-address.ts';

// See kernel/http-server.ts: importing node:http would evaluate all its exports.
const { ServerResponse } = process.getBuiltinModule('node:http');

/** Answers with AWS's page, and closes the connection. */
export function refuseUpgrade(site: Site, socket: Duplex, status: OwnStatus): void {
  // AWS: 460 counts clients that are gone.
  site.counts.addOwnAnswer(socket.destroyed ? 460 : status);
  if (!socket.destroyed) endWith(socket, rawPage(status));
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
  const sent = open(site, facts, group, chosen.target, headers, surroundings);
  const { outgoing } = sent;
  const since = performance.now();
  outgoing.once('upgrade', (answer: IncomingMessage, target: Socket, first: Buffer) => {
    sent.isAnswered = true;
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
    if (!isWellFormed(answer)) return void outgoing.destroy();
    sent.isAnswered = true;
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
  sent.whenFailed((status) =>
    sent.isAnswered ? void socket.destroy() : refuseUpgrade(site, socket, status),
  );
  socket.once('close', () => {
    if (!sent.isAnswered) outgoing.destroy();
  });
  outgoing.end();
}

/** Passes bytes both ways until one side ends, or nothing is sent for the idle timeout. */
function join(client: Socket, target: Socket, idleMs: number): void {
  const idle = setTimeout(() => {
    client.destroy();
    target.destroy();
  }, idleMs);
  const pass = (from: Socket, to: Socket) => {
    from.on('error', () => {});
    from.once('close', () => {
      clearTimeout(idle);
      to.destroySoon();
    });
    from.on('data', () => idle.refresh());
    from.setTimeout(0);
    from.pipe(to);
  };
  pass(client, target);
  pass(target, client);
}
