// The DNS server: answers from the zones and forwards everything else. Other folders start DNS through this file.

import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type Answer, answerFrom, startOfAuthority } from './answer.ts';
import { createForwarder, type Forwarder } from './forwarder.ts';
import { hostResolvers, parseUpstream } from './host-resolvers.ts';
import {
  decodeAnswers,
  decodeQuery,
  encodeQuestion,
  encodeReply,
  MAX_MESSAGE_BYTES,
  type Query,
  type Reply,
  resourceOf,
  truncateResponse,
} from './message.ts';
import {
  type DnsSockets,
  type InheritedSockets,
  inheritDnsSockets,
  type MessageHandler,
  type OpenSockets,
  openDnsSockets,
  serveDnsSockets,
} from './sockets.ts';
import { createZoneTable, type Zones } from './zone-table.ts';

/** How to start the server. */
export interface DnsServerOptions {
  address: string;
  /** 53, or the port that the user chose. */
  port: number;
  /** The port to try when `port` is in use or not permitted; 0 for any free one. When absent, that is an error. */
  fallbackPort?: number;
  /** `address` or `address:port`. The host's own resolvers when absent; no forwarding when empty. */
  upstreams?: readonly string[];
  /** Sockets opened by another process, used instead of `address` and `port`. */
  inherited?: InheritedSockets;
  /**
   * Sockets that are bound already or will be, used instead of `address` and `port`. They are read from `begin` on; until
   * then queries wait in them.
   */
  opened?: Promise<OpenSockets> | undefined;
  /**
   * What happens to queries before `begin`, while an answer could still deny names that exist. `wait`: they are held.
   * `other-answers`: another process with the same address answers them, and the sockets are opened at `begin`. Absent:
   * the server answers at once.
   */
  untilBegin?: 'wait' | 'other-answers';
  log: Log;
}

/** A running DNS server. */
export interface DnsServer {
  zones: Zones;
  address: string;
  /** The actual port. */
  port: number;
  /** Starts answering, held queries first. Rejects as startDnsServer does. */
  begin(): Promise<void>;
  stop(): Promise<void>;
  /** See DnsSockets.leave. */
  leave(): Promise<void>;
}

/** The most held queries; more than come during any start. */
const MOST_HELD = 1_024;

/** Zone transfers (AXFR, IXFR). */
const TRANSFERS = new Set(['AXFR', 'TYPE251']);

/** Rejects with an OperationalError: AddressInUse, AddressUnavailable, InvalidOption. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const zones = createZoneTable();
  const log = options.log.child({ part: 'dns' });
  const upstreams = options.upstreams?.map(parseUpstream) ?? (await hostResolvers());
  const forwarder = createForwarder(upstreams.filter((upstream) => upstream.address !== options.address));
  const gate = createGate(createHandler(zones, forwarder, log));
  if (!options.untilBegin) gate.open();
  const open = () => openSockets(options, gate.handle, log);
  // A failure is reported by `begin`.
  options.opened?.catch(() => {});
  const isLater = options.opened !== undefined || options.untilBegin === 'other-answers';
  let sockets = isLater ? undefined : await open();
  return {
    zones,
    address: options.address,
    port: sockets?.port ?? options.port,
    async begin() {
      sockets ??= await open();
      gate.open();
    },
    async stop() {
      forwarder.stop();
      await sockets?.stop();
    },
    async leave() {
      await sockets?.leave();
      forwarder.stop();
    },
  };
}

function createGate(handle: MessageHandler): { handle: MessageHandler; open(): void } {
  let held: (() => void)[] | undefined = [];
  return {
    handle(message, asker, send) {
      if (!held) handle(message, asker, send);
      else if (held.length < MOST_HELD) held.push(() => handle(message, asker, send));
      else send();
    },
    open() {
      const waiting = held ?? [];
      held = undefined;
      for (const answer of waiting) answer();
    },
  };
}

async function openSockets(options: DnsServerOptions, handle: MessageHandler, log: Log): Promise<DnsSockets> {
  if (options.inherited) return inheritDnsSockets(options.inherited, handle, log);
  if (options.opened) return serveDnsSockets(await options.opened, handle, log);
  try {
    const shared = options.untilBegin === 'other-answers';
    return await openDnsSockets({ address: options.address, port: options.port, shared }, handle, log);
  } catch (error) {
    const fallback = options.fallbackPort;
    if (fallback === undefined || !(error instanceof OperationalError)) throw error;
    const sockets = await openDnsSockets({ address: options.address, port: fallback }, handle, log);
    log.warn({ address: options.address, port: sockets.port, reason: error.message }, 'DNS on a high port');
    return sockets;
  }
}

function createHandler(zones: Zones, forwarder: Forwarder, log: Log): MessageHandler {
  return (message, { transport, sender }, send) => {
    const query = decodeQuery(message);
    if (!query) return send();
    if (Buffer.isBuffer(query)) return send(query);
    const limit = transport === 'udp' ? query.udpLimit : MAX_MESSAGE_BYTES;
    try {
      const answer = query.refusal ? undefined : answerFrom(zones, query.name, query.type);
      const refusal = query.refusal ?? refusalOf(query, answer);
      if (refusal) send(encodeReply(query, emptyReply(refusal), limit));
      else if (!answer) forwardAll(query, limit, send, forwarder.forward(message, sender));
      else if (answer.continuesAt !== undefined) {
        const question = encodeQuestion(answer.continuesAt, query.type);
        continueElsewhere(query, answer, limit, send, forwarder.forward(question, sender));
      } else send(encodeReply(query, replyOf(answer), limit));
    } catch (error) {
      log.error({ err: error, name: query.name, type: query.type }, 'a DNS lookup failed');
      send(encodeReply(query, emptyReply('SERVFAIL'), limit));
    }
  };
}

function refusalOf(query: Query, answer: Answer | undefined): Reply['code'] | undefined {
  if (TRANSFERS.has(query.type)) return 'REFUSED';
  return answer && query.type === 'ANY' ? 'REFUSED' : undefined;
}

function forwardAll(
  query: Query,
  limit: number,
  send: (response: Buffer) => void,
  response: Promise<Buffer | undefined>,
): void {
  void response.then((response) => {
    if (!response) send(encodeReply(query, emptyReply('SERVFAIL'), limit));
    else send(response.length > limit ? truncateResponse(response) : response);
  });
}

/** Completes a CNAME chain with the part that another resolver answers: a stub resolver expects the whole chain. */
function continueElsewhere(
  query: Query,
  answer: Answer,
  limit: number,
  send: (response: Buffer) => void,
  response: Promise<Buffer | undefined>,
): void {
  void response.then((response) => {
    const further = response && decodeAnswers(response);
    const reply = further ? replyOf(answer) : emptyReply('SERVFAIL');
    reply.answers.push(...(further ?? []));
    try {
      send(encodeReply(query, reply, limit));
    } catch {
      // dns2 can decode some records that it cannot encode.
      send(encodeReply(query, emptyReply('SERVFAIL'), limit));
    }
  });
}

function replyOf(answer: Answer): Reply {
  const { absentFrom } = answer;
  return {
    code: answer.code,
    answers: answer.records.map(resourceOf),
    authorities:
      absentFrom === undefined ? [] : [resourceOf({ name: absentFrom, ...startOfAuthority(absentFrom) })],
  };
}

const emptyReply = (code: Reply['code']): Reply => ({
  code,
  answers: [],
  authorities: [],
});
