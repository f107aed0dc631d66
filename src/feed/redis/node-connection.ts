// One connection to one node of a Redis. It lives as long as its socket: it never reconnects and sends nothing twice,
// because those who use it have to know what a lost connection lost.

import { isIP } from 'node:net';
import type { ChainableCommander, Redis } from 'ioredis';
import { Redis as Client } from 'ioredis';
import { OperationalError } from '../../kernel/errors.ts';
import { within } from '../../kernel/time-limit.ts';
import { nodeName, type RedisAccess, type RedisNode } from './redis-server.ts';

/** A word of a command. */
export type Word = string | number | Buffer;

const CONNECT_MS = 5_000;
const ANSWER_MS = 5_000;

/** An error reply: `code` is its first word, e.g. `MOVED`. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly code: string;

  constructor(message: string) {
    super(message);
    this.code = message.split(' ', 1)[0]!;
  }
}

/** A connection. Texts in replies are Buffers. */
export interface NodeConnection {
  readonly node: RedisNode;
  /** Rejects with the ReplyError, or with an OperationalError when no reply came: EngineFailed, TimedOut. */
  call(command: readonly Word[], timeoutMs?: number): Promise<unknown>;
  /** Many commands in one round trip. An error reply takes its command's place. Rejects as `call` does otherwise. */
  callAll(commands: readonly (readonly Word[])[], timeoutMs?: number): Promise<unknown[]>;
  /** Resolves once subscribed. */
  subscribe(pattern: string, listener: (channel: Buffer, message: Buffer) => void): Promise<void>;
  /** Resolves when the connection has ended, by whichever side. */
  readonly ended: Promise<void>;
  /** May be called again. */
  close(): void;
}

/** Rejects with an OperationalError that names the node and the reason, e.g. a wrong password. */
export async function connectNode(node: RedisNode, access: RedisAccess): Promise<NodeConnection> {
  const { tls, username, password, database, commandNames = {} } = { ...access, ...node.access };
  const client: Redis = new Client({
    ...(node.socket === undefined ? { host: node.host, port: node.port } : { path: node.socket }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    db: database,
    ...(tls && { tls: { ...tls, ...nameToVerify(node) } }),
    protocol: 2,
    connectionName: 'millpond-feed',
    disableClientInfo: true,
    lazyConnect: true,
    enableReadyCheck: false,
    connectTimeout: CONNECT_MS,
    keepAlive: 10_000,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let reason: Error | undefined;
  // ioredis reports a wrong password here, while its connection goes on.
  client.on('error', (error: Error) => (reason ??= error));
  client.once('end', end);
  const close = () => client.disconnect();
  const away = (error: unknown) => {
    const cause = reason ?? (error as Error);
    return new OperationalError('EngineFailed', `${nodeName(node)} does not answer: ${cause.message}`, cause);
  };
  const answered = async <T>(answer: Promise<T>, timeoutMs: number): Promise<T> => {
    try {
      return await within(answer, timeoutMs, () => {
        const text = `${nodeName(node)} did not answer within ${timeoutMs} ms.`;
        return new OperationalError('TimedOut', text);
      });
    } catch (error) {
      if (error instanceof OperationalError) throw error;
      if ((error as Error).name === 'ReplyError') throw new ReplyError((error as Error).message);
      throw away(error);
    }
  };
  try {
    await answered(client.connect(), 2 * CONNECT_MS);
    await answered(client.ping(), ANSWER_MS);
  } catch (error) {
    close();
    throw error instanceof ReplyError ? away(error) : error;
  }

  const named = (name: Word) => commandNames[String(name).toLowerCase()] ?? String(name);

  return {
    ...{ node, ended, close },
    call([name, ...rest], timeoutMs = ANSWER_MS) {
      return answered(client.callBuffer(named(name!), ...rest), timeoutMs);
    },
    async callAll(commands, timeoutMs = ANSWER_MS) {
      if (commands.length === 0) return [];
      const pipeline: ChainableCommander = client.pipeline();
      for (const [name, ...rest] of commands) pipeline.callBuffer(named(name!), ...rest);
      const replies = (await answered(pipeline.exec(), timeoutMs)) ?? [];
      return replies.map(([error, reply]) => {
        if (!error) return reply;
        if (error.name === 'ReplyError') return new ReplyError(error.message);
        throw away(error);
      });
    },
    async subscribe(pattern, listener) {
      client.on('pmessageBuffer', (_pattern: string, channel: Buffer, message: Buffer) =>
        listener(channel, message),
      );
      await answered(client.psubscribe(pattern), ANSWER_MS);
    },
  };
}

/** An address is no name: the address itself has to be in the certificate then. */
function nameToVerify({ host, certificateName = host }: RedisNode): { servername?: string } {
  return isIP(certificateName) ? {} : { servername: certificateName };
}
