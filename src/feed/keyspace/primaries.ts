// The subscriptions to the primaries of a server: one for each, because a node reports only what it executes itself. They
// follow failovers and resharding: every primary tells where it is one and which others there are.

import type { Log } from '../../kernel/log.ts';
import { connectNode, type NodeConnection, ReplyError, type Word } from '../redis/node-connection.ts';
import { pause, pauseMs } from '../redis/pause.ts';
import { nodeName, type Primary, type ReadServer, type RedisNode } from '../redis/redis-server.ts';
import { findPrimaries, ownerOf, primariesSeenBy } from '../redis/topology.ts';
import type { NodesOfKeys } from '../redis/values.ts';
import { missingSetting } from './notifications.ts';

/** How often a primary is asked whether it still is one, and whether it answers. */
const BEAT_MS = 1_000;

export interface PrimariesOptions {
  server: () => Promise<ReadServer>;
  pattern: string;
  log: Log;
  notified(channel: Buffer, message: Buffer): void;
  /** Every known primary is subscribed to. Called whenever it becomes so. */
  subscribed(): void;
}

/** A primary that is subscribed to, or tried. */
interface Watch {
  node: RedisNode;
  commands?: NodeConnection;
  /** Set while it is subscribed to. */
  isSubscribed: boolean;
  state: string;
}

/** All primaries of one server. */
export class Primaries implements NodesOfKeys {
  readonly #options: PrimariesOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #end = new AbortController();
  #known: readonly Primary[] = [];
  #finding: Promise<void> | undefined;
  #gaps = 0;
  #lastGapAt = 0;
  #state = 'looks for the primaries';

  constructor(options: PrimariesOptions) {
    this.#options = options;
  }

  /** Follows the server until `close`. Never rejects. */
  async run(): Promise<void> {
    for (let failures = 0; !this.#isClosed; failures++) {
      try {
        await this.#find();
        return;
      } catch (error) {
        this.#state = `waits for the primaries: ${(error as Error).message}`;
        await pause(pauseMs(failures), this.#end.signal);
      }
    }
  }

  close(): void {
    this.#end.abort();
    for (const { commands } of this.#watches.values()) commands?.close();
  }

  get states(): readonly string[] {
    const watches = [...this.#watches.values()].map(({ state }) => state);
    const gaps =
      this.#gaps > 0
        ? [
            `${this.#gaps} interruptions, the last at ${new Date(this.#lastGapAt).toISOString()}: changes in them are missed`,
          ]
        : [];
    return [...(watches.length > 0 ? watches : [this.#state]), ...gaps];
  }

  /** Every known primary reports its changes. */
  get areAllSubscribed(): boolean {
    return this.#watches.size > 0 && [...this.#watches.values()].every(({ isSubscribed }) => isSubscribed);
  }

  ownerOf(slot: number): string | undefined {
    const owner = ownerOf(this.#known, slot);
    return owner && nodeName(owner.node);
  }

  /** A node that another one names takes part at once. Those of a cache of Millpond are known otherwise. */
  at(address: string, from: string): string {
    if (this.#watches.get(from)?.node.socket !== undefined) return address;
    const colon = address.lastIndexOf(':');
    const { host, certificateName } = this.#watches.get(from)?.node ?? { host: '' };
    const node: RedisNode = { host: address.slice(0, colon) || host, port: Number(address.slice(colon + 1)) };
    // The certificates of a cluster are made out to its names; the view of the cluster has the node's own.
    if (certificateName) node.certificateName = certificateName;
    this.#watch(node);
    return nodeName(node);
  }

  async callAll(node: string, commands: readonly (readonly Word[])[]): Promise<unknown[]> {
    const connection = this.#watches.get(node)?.commands;
    if (!connection) throw new Error(`${node} is not connected`);
    return connection.callAll(commands);
  }

  get #isClosed(): boolean {
    return this.#end.signal.aborted;
  }

  /** Looks for the primaries anew; calls at the same time share one search. */
  #find(): Promise<void> {
    this.#finding ??= (async () => {
      try {
        this.#learn(await findPrimaries(await this.#options.server(), this.#known));
      } finally {
        this.#finding = undefined;
      }
    })();
    return this.#finding;
  }

  /** A primary that one view lacks is not given up for that: the view may be old. It says itself what it is. */
  #learn(primaries: readonly Primary[]): void {
    this.#known = primaries;
    for (const { node } of primaries) this.#watch(node);
  }

  async #learnFrom(commands: NodeConnection, { isCluster, primaries }: ReadServer): Promise<void> {
    if (primaries) this.#learn((await this.#options.server()).primaries!);
    else if (isCluster) this.#learn(await primariesSeenBy(commands));
  }

  #watch(node: RedisNode): void {
    const name = nodeName(node);
    if (this.#isClosed || this.#watches.has(name)) return;
    const watch: Watch = { node, isSubscribed: false, state: `connects to ${name}` };
    this.#watches.set(name, watch);
    void this.#follow(name, watch);
  }

  async #follow(name: string, watch: Watch): Promise<void> {
    const { log } = this.#options;
    for (let failures = 0; !this.#isClosed; failures++) {
      try {
        await this.#subscribe(name, watch, () => (failures = 0));
      } catch (error) {
        if (this.#isClosed) break;
        const reason = (error as Error).message;
        watch.state = `waits for ${name}: ${reason}`;
        if (failures === 0) log.warn({ node: name, reason }, 'keyspace notifications are interrupted');
      }
      if (watch.isSubscribed) this.#interrupted();
      watch.isSubscribed = false;
      await pause(pauseMs(failures), this.#end.signal);
      await this.#find().catch(() => {});
      if (!this.#known.some(({ node }) => nodeName(node) === name)) break;
    }
    this.#watches.delete(name);
  }

  #interrupted(): void {
    this.#gaps++;
    this.#lastGapAt = Date.now();
  }

  /** Returns when the node is no primary any more; rejects when it does not answer. */
  async #subscribe(name: string, watch: Watch, succeeded: () => void): Promise<void> {
    const { server, pattern, notified } = this.#options;
    const read = await server();
    let subscriber: NodeConnection | undefined;
    try {
      const commands = (watch.commands = await connectNode(watch.node, read.access));
      if (this.#isClosed) return;
      subscriber = await connectNode(watch.node, read.access);
      await subscriber.subscribe(pattern, notified);
      watch.isSubscribed = true;
      if (this.areAllSubscribed) this.#options.subscribed();
      for (let setting: Setting = 'unknown'; !this.#isClosed; ) {
        if (!isPrimary(await commands.call(['INFO', 'replication']))) return;
        await this.#learnFrom(commands, read);
        if (setting !== 'right') {
          setting = await settingOf(commands, pattern);
          watch.state = stateOf(name, setting);
        }
        await subscriber.call(['PING']);
        succeeded();
        await Promise.race([subscriber.ended, commands.ended, pause(BEAT_MS, this.#end.signal)]);
      }
    } finally {
      subscriber?.close();
      watch.commands?.close();
      delete watch.commands;
    }
  }
}

const isPrimary = (info: unknown): boolean => !/^role:slave/m.test(String(info));

/** `unreadable`: the server forbids CONFIG, as ElastiCache does. An object says what is missing. */
type Setting = 'unknown' | 'right' | 'unreadable' | { missing: string };

async function settingOf(commands: NodeConnection, pattern: string): Promise<Setting> {
  try {
    const reply = (await commands.call(['CONFIG', 'GET', 'notify-keyspace-events'])) as Buffer[];
    if (reply.length < 2) return 'unreadable';
    const missing = missingSetting(String(reply[1]), pattern);
    return missing === undefined ? 'right' : { missing };
  } catch (error) {
    if (error instanceof ReplyError) return 'unreadable';
    throw error;
  }
}

function stateOf(name: string, setting: Setting): string {
  if (typeof setting === 'object') return `${name}: ${setting.missing}`;
  if (setting !== 'unreadable') return `reads notifications of ${name}`;
  return `reads notifications of ${name}, which come only if its parameter notify-keyspace-events asks for them (it cannot be read here)`;
}
