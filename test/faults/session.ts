// One plain connection of a Redis client that retries nothing and follows nothing, so that whatever a fault does to
// clients is seen.

import { connect } from 'node:net';
import { AbstractConnector, Redis } from 'ioredis';

export type Command = [name: string, ...parameters: (string | number)[]];

export interface Session {
  readonly address: string;
  readonly isOpen: boolean;
  /** One round trip. Every reply in order, an Error where the engine gave one; rejects when the connection fails. */
  send(...commands: Command[]): Promise<unknown[]>;
  close(): void;
}

/** `from`: an own address of this machine. Rejects when nobody listens there or the answer takes longer than `timeoutMs`, as does every `send`. */
export async function openSession(
  address: string,
  port: number,
  timeoutMs = 1_000,
  from?: string,
): Promise<Session> {
  const redis = new Redis({
    ...(from !== undefined && { Connector: connectorFrom(from, address, port) }),
    host: address,
    port,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  redis.on('error', () => {});
  await redis.connect();
  // A peer that was stopped does not let go; the client's own view of the connection would wait for that.
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    redis.disconnect();
  };
  return {
    address,
    get isOpen() {
      return !left && redis.status === 'ready';
    },
    async send(...commands) {
      const sent = commands.map(([name, ...parameters]) => redis.call(name, ...parameters));
      const outcomes = await Promise.allSettled(sent);
      const replies = outcomes.map((outcome) =>
        outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as Error),
      );
      const failure = replies.find((reply) => reply instanceof Error && reply.name !== 'ReplyError');
      if (failure === undefined) return replies;
      leave();
      throw failure;
    },
    close: leave,
  };
}

/** Connects from an own address of this machine, as a client in a zone does. */
const connectorFrom = (localAddress: string, host: string, port: number) =>
  class extends AbstractConnector {
    constructor() {
      super(0);
    }

    async connect() {
      this.stream = connect({ host, port, localAddress });
      return this.stream;
    }
  };

/** One command on a connection of its own. */
export async function ask(address: string, port: number, ...command: Command): Promise<unknown> {
  const session = await openSession(address, port);
  try {
    const [reply] = await session.send(command);
    if (reply instanceof Error) throw reply;
    return reply;
  } finally {
    session.close();
  }
}

/** Where a MOVED or ASK reply leads to. */
export function redirectionOf(reply: unknown): { kind: 'MOVED' | 'ASK'; address: string } | undefined {
  if (!(reply instanceof Error)) return undefined;
  const [, kind, address] = /^(MOVED|ASK) \d+ ([\d.]+):\d+/.exec(reply.message) ?? [];
  return kind && address ? { kind: kind as 'MOVED' | 'ASK', address } : undefined;
}
