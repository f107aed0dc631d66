// Millpond's own connection to one engine: authenticated, opened on first use, reopened after a drop, every wait
// bounded. It translates renamed commands. The commands themselves are in commands.ts; the driver decides how the
// connection is made.

import { createRequire } from 'node:module';
import { connect as connectTo, type Socket } from 'node:net';
import type { ChainableCommander, Redis, RedisOptions } from 'ioredis';
import { OperationalError } from '../kernel/errors.ts';
import { within } from '../kernel/time-limit.ts';
import type { Access, OpenChannel } from './access.ts';
import { type AdminConnection, type Argument, EngineError, type SendOptions } from './admin.ts';
import { needsTraffic, TRAFFIC_SECTIONS, VIEW_SECTIONS, viewFromInfo } from './info.ts';
import type { CommandNames } from './withheld.ts';

// Loaded with the first connection: ioredis takes 12 MB of memory and much of the start-up time.
const require = createRequire(import.meta.url);
const ioredis = () => require('ioredis') as typeof import('ioredis');

const DEFAULT_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const DISCONNECT_TIMEOUT_MS = 2_000;
/** Calls that may wait for replies at the same time. A hung engine must not fill our memory. */
const MAX_WAITING = 4_096;
/** A connection that drops earlier than this is reopened only by the next command. */
const STABLE_AFTER_MS = 20;

/** Returns how to reach the engine and authenticate; `undefined` while none runs. `open` makes a new connection. */
export type AdminTarget = () => (Access & { open: () => Socket }) | undefined;

/** Opens TCP connections to a port, for drivers that have no private channel. */
export const openPort =
  (address: string, port: number): OpenChannel =>
  (onread) =>
    connectTo({ host: address, port, noDelay: true, onread });

/** `key` is the node's key, for error messages. Nothing is opened before the first command. */
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

  // One Redis object lives as long as one socket: a drop rejects all pending commands, and nothing is sent twice.
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
    redis.on('error', () => {}); // The pending commands reject with it.
    redis.on('end', () => {
      if (link !== redis) return;
      link = undefined;
      // CLIENT KILL from a client closes our connection too: reopen it before the next command needs it.
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

  /**
   * A plain call, not a pipeline of one, which costs twice as much CPU: an idle Millpond sends these to all nodes all
   * the time.
   */
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

/** The ioredis connector that takes its sockets from `open`. */
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

/** The command under the name that this engine knows. */
function named([usual, ...rest]: readonly Argument[], names: CommandNames): [string, ...Argument[]] {
  return [names.get(String(usual).toLowerCase()) ?? String(usual), ...rest];
}

/** Returns an error reply of the engine; throws for anything else, since then no reply arrived. */
function asEngineError(error: Error, away: (cause: unknown) => Error): EngineError {
  if (error.name === 'ReplyError') return new EngineError(error.message);
  throw away(error);
}

function timedOut(key: string, [name]: readonly Argument[]): OperationalError {
  return new OperationalError('TimedOut', `Node ${key} did not answer ${name} in time.`);
}
