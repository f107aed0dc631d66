// A connection to a node for questions: how far its replication is, and what keys contain. The stream has a connection
// of its own (link.ts).

import { Redis, ReplyError } from 'ioredis';
import { within } from '../../kernel/time-limit.ts';
import type { FollowedNode } from '../feeds.ts';
import { type ReplicationView, viewOf } from './replication-view.ts';

const CONNECT_TIMEOUT_MS = 1_000;

/** A question whose answer is not of its caller's interest any longer. */
const late = (node: string) => () => new Error(`Node ${node} did not answer in time.`);

/** Opened by the first question, and again after a drop. Every wait is bounded. */
export class NodeClient {
  readonly #node: FollowedNode;
  #redis: Redis | undefined;

  constructor(node: FollowedNode) {
    this.#node = node;
  }

  /** How far the node's replication is. Rejects when it does not answer in time. */
  async replication(limitMs: number): Promise<ReplicationView> {
    const text = this.#open().call(this.#named('INFO'), 'replication');
    return viewOf(String(await within(text, limitMs, late(this.#node.id))));
  }

  /** Sends the commands together. Error replies are among the answers; rejects when there is no answer. */
  async ask(commands: readonly (readonly (string | Buffer)[])[], limitMs: number): Promise<unknown[]> {
    const pipeline = this.#open().pipeline();
    for (const [name, ...rest] of commands) pipeline.callBuffer(this.#named(String(name)), ...rest);
    const answers = await within(pipeline.exec(), limitMs, late(this.#node.id));
    return (answers ?? []).map(([error, reply]) => {
      if (!error) return reply;
      if (error instanceof ReplyError || error.name === 'ReplyError') return error;
      throw error;
    });
  }

  close(): void {
    this.#redis?.disconnect();
    this.#redis = undefined;
  }

  #open(): Redis {
    if (this.#redis) return this.#redis;
    const { socket, username, password } = this.#node;
    const redis = new Redis({
      path: socket,
      ...(password !== '' && { username, password }),
      connectionName: CONNECTION_NAME,
      protocol: 2,
      disableClientInfo: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      enableReadyCheck: false,
      // A replica of a cluster answers reads only after READONLY. Others refuse it, which does no harm.
      readOnly: true,
      retryStrategy: null,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
    });
    redis.on('error', () => {}); // The questions under way reject with it.
    redis.on('end', () => {
      if (this.#redis === redis) this.#redis = undefined;
    });
    this.#redis = redis;
    return redis;
  }

  #named(name: string): string {
    return this.#node.commandNames[name.toLowerCase()] ?? name;
  }
}

/** The name of every connection of a feed, in CLIENT LIST. */
export const CONNECTION_NAME = 'millpond-feed';
