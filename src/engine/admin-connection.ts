// Millpond's own connection to one engine: authenticated, lazy, re-made when it drops, never waiting for ever.
// Knows the secret names of the withheld commands; what is worth saying to an engine is in commands.ts, and which way a
// connection takes is its driver's.

import { createRequire } from 'node:module';
import { connect as connectTo, type Socket } from 'node:net';
import type { ChainableCommander, Redis, RedisOptions } from 'ioredis';
import { OperationalError } from '../kernel/errors.ts';
import type { Access, OpenChannel } from './access.ts';
import { type AdminConnection, type Argument, EngineError, type SendOptions } from './admin.ts';
import { needsTraffic, TRAFFIC_SECTIONS, VIEW_SECTIONS, viewFromInfo } from './info.ts';
import type { CommandNames } from './withheld.ts';

// Loaded with the first connection and not before: it takes 12 MB, and a good part of the time to be ready.
const require = createRequire(import.meta.url);
const ioredis = () => require('ioredis') as typeof import('ioredis');

const DEFAULT_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const DISCONNECT_TIMEOUT_MS = 2_000;
/** Calls that may wait for replies at once; a hung engine must not fill our memory. */
const MAX_WAITING = 4_096;
/** A connection that drops younger than this is not re-made before somebody asks for it. */
const STABLE_AFTER_MS = 20;

/** How to reach the engine and to speak to it; `undefined` while none runs. `open` makes a new connection. */
export type AdminTarget = () => (Access & { open: () => Socket }) | undefined;

/** Through a port, for engines that have no better way. */
export const openPort =
  (address: string, port: number): OpenChannel =>
  (onread) =>
    connectTo({ host: address, port, noDelay: true, onread });

export function createAdminConnection(key: string, target: AdminTarget): AdminConnection {
  const branches = new Set<AdminConnection>();
  let link: Redis | undefined;
  let waiting = 0;

  const away = (cause?: unknown) =>
    new OperationalError('EngineFailed', `Node ${key} is away and answers no commands.`, cause);

  function open(): { redis: Redis; names: CommandNames } {
    const to = target();
    if (!to) throw away();
    link ??= connect(to);
    return { redis: link, names: to.names };
  }

  // One Redis object is one socket's life: a drop rejects whatever waits, and nothing is ever sent twice.
  function connect(to: NonNullable<ReturnType<AdminTarget>>): Redis {
    const redis = new (ioredis().Redis)({
      Connector: connectorOf(to.open),
      username: to.username,
      password: to.password,
      protocol: 2,
      disableClientInfo: true,
      connectionName: 'millpond',
      connectTimeout: CONNECT_TIMEOUT_MS,
      enableReadyCheck: false,
      retryStrategy: null,
      autoResendUnfulfilledCommands: false,
    });
    let readyAt = Number.POSITIVE_INFINITY;
    redis.on('ready', () => {
      readyAt = performance.now();
    });
    redis.on('error', () => {}); // Told to the commands that wait, by their rejection.
    redis.on('end', () => {
      if (link !== redis) return;
      link = undefined;
      // A client's CLIENT KILL reaches us too: be back before the next command needs us.
      if (performance.now() - readyAt > STABLE_AFTER_MS && target()) open();
    });
    return redis;
  }

  async function sendAll(
    commands: readonly (readonly Argument[])[],
    options: SendOptions = {},
  ): Promise<unknown[]> {
    if (commands.length === 0) return [];
    const { timeoutMs, binary = false } = options;
    const results = await answered(commands[0]!, timeoutMs, ({ redis, names }) => {
      const pipeline = redis.pipeline();
      for (const command of commands) append(pipeline, command, names, binary);
      return pipeline.exec();
    });
    return (results ?? []).map(([error, reply]) => (error ? asEngineError(error, away) : reply));
  }

  /** Not as a pipeline of one, which costs twice as much: an idle Millpond asks all nodes again and again. */
  async function send(...command: Argument[]): Promise<unknown> {
    return answered(command, undefined, ({ redis, names }) => {
      const [name, ...rest] = named(command, names);
      return redis.call(name, ...rest).catch((error: Error) => {
        throw asEngineError(error, away);
      });
    });
  }

  async function answered<T>(
    first: readonly Argument[],
    timeoutMs: number | undefined,
    ask: (to: ReturnType<typeof open>) => Promise<T>,
  ): Promise<T> {
    if (waiting >= MAX_WAITING) throw away(new Error(`${waiting} calls wait for replies already`));
    const asked = ask(open());
    waiting++;
    try {
      return await within(asked, timeoutMs ?? DEFAULT_TIMEOUT_MS, () => timedOut(key, first));
    } finally {
      waiting--;
    }
  }

  return {
    send,
    sendAll,
    async observe() {
      const text = String(await send('INFO', ...VIEW_SECTIONS));
      return viewFromInfo(needsTraffic(text) ? String(await send('INFO', ...TRAFFIC_SECTIONS)) : text);
    },
    branch() {
      let closed = false;
      const branch = createAdminConnection(key, () => (closed ? undefined : target()));
      branches.add(branch);
      return {
        ...branch,
        close() {
          closed = true;
          branches.delete(branch);
          branch.disconnect();
        },
      };
    },
    connect() {
      if (target()) open();
    },
    disconnect() {
      for (const branch of branches) branch.disconnect();
      const old = link;
      link = undefined;
      old?.disconnect();
    },
  };
}

/** What ioredis takes in place of an address. */
function connectorOf(open: () => Socket): NonNullable<RedisOptions['Connector']> {
  const { AbstractConnector } = ioredis();
  return class extends AbstractConnector {
    constructor() {
      super(DISCONNECT_TIMEOUT_MS);
    }
    override async connect(): Promise<Socket> {
      const socket = open();
      socket.once('error', (error) => {
        this.firstError = error;
      });
      this.stream = socket;
      return socket;
    }
  };
}

function append(
  pipeline: ChainableCommander,
  command: readonly Argument[],
  names: CommandNames,
  binary: boolean,
): void {
  const [name, ...rest] = named(command, names);
  if (binary) pipeline.callBuffer(name, ...rest);
  else pipeline.call(name, ...rest);
}

/** With the name that the engine knows it by. */
function named([usual, ...rest]: readonly Argument[], names: CommandNames): [string, ...Argument[]] {
  return [names.get(String(usual).toLowerCase()) ?? String(usual), ...rest];
}

/** A reply of the engine stays an answer to its command; anything else means that no answer came. */
function asEngineError(error: Error, away: (cause: unknown) => Error): EngineError {
  if (error.name === 'ReplyError') return new EngineError(error.message);
  throw away(error);
}

function timedOut(key: string, [name]: readonly Argument[]): OperationalError {
  return new OperationalError('TimedOut', `Node ${key} did not answer ${name} in time.`);
}

async function within<T>(promise: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), timeoutMs);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}
