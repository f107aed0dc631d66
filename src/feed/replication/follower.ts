// Follows a shard: chooses the node, keeps the link to it, and goes to another one when it must. It writes the spool and
// says up to where it may be read.

import { setTimeout as delay } from 'node:timers/promises';
import type { FollowedNode, FollowedShard } from '../feeds.ts';
import { Link } from './link.ts';
import { NodeClient } from './node-client.ts';
import { type Choice, chooseNode, offsetIn, type ReplicationView } from './replication-view.ts';
import type { Spool } from './spool.ts';

/** A node that does not say within this time how far it is holds nothing back until it does. */
const ASK_LIMIT_MS = 250;
/** Between two looks at nodes of which none can be followed. */
const LOOK_AGAIN_MS = { first: 10, most: 500 };
/** Between two questions to replicas that are not as far as the stream. */
const BOUND_AGAIN_MS = { first: 2, most: 50 };

export interface FollowerOptions {
  spool: Spool;
  /** Up to there the current generation was read. */
  readTo(): number;
  /** The spool may take more bytes. */
  hasRoom(): boolean;
  /** The spool has more, or the bound moved. */
  onProgress(): void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Follows one shard until it is closed. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #clients = new Map<string, NodeClient>();
  /** Nodes that do not answer how far they are. */
  readonly #silent = new Set<string>();
  /** Questions that are under way, by node. */
  readonly #questions = new Map<string, Promise<ReplicationView | undefined>>();
  /** Nodes that were left, and are not followed until they are shown again. */
  readonly #left = new Set<string>();
  #shard: FollowedShard;
  #link: Link | undefined;
  #isFollowing = false;
  /** What was received is not gone on from. */
  #isApart = false;
  #isClosed = false;
  #state = 'starts';
  #changed = Promise.withResolvers<void>();
  /** All replicas that could be promoted have the stream up to there. */
  #bound = 0;
  #asking: Promise<void> | undefined;

  constructor(shard: FollowedShard, options: FollowerOptions) {
    this.#shard = shard;
    this.#options = options;
    void this.#run();
  }

  get shard(): FollowedShard {
    return this.#shard;
  }

  /** For people. */
  get state(): string {
    if (this.#link?.isPaused) return `has paused ${this.#link.nodeId}: the spool is full`;
    return this.#state;
  }

  /** The node whose stream is in the spool up to its end, with a connection to it; `undefined` while there is none. */
  get followed(): { node: FollowedNode; client: NodeClient } | undefined {
    if (!this.#isFollowing || !this.#link) return undefined;
    const node = this.#nodeOf(this.#link.nodeId);
    return node && { node, client: this.clientOf(node) };
  }

  setShard(shard: FollowedShard): void {
    const before = this.#shard;
    this.#shard = shard;
    for (const node of shard.nodes) {
      const known = before.nodes.find(({ id }) => id === node.id);
      if (known && (known.socket !== node.socket || known.password !== node.password)) this.#forget(node.id);
      if (node.isServing) this.#left.delete(node.id);
    }
    for (const id of this.#clients.keys()) if (!this.#nodeOf(id)) this.#forget(id);
    const followed = this.#link && this.#nodeOf(this.#link.nodeId);
    if (this.#link && !followed?.isServing) this.#link.close('the node does not serve');
    // A replica has come: the primary need not send the stream.
    else if (followed?.role === 'primary' && shard.nodes.some(isServingReplica))
      this.#link!.close('a replica serves');
    this.#wake();
  }

  /** Ends the link to this node at once, and follows another one. */
  leave(nodeId: string): void {
    this.#left.add(nodeId);
    if (this.#link?.nodeId === nodeId) this.#link.close();
    this.#wake();
  }

  /** Asks for a full resynchronization. */
  resynchronize(): void {
    this.#isApart = true;
    this.#link?.close('the feed needs a dump');
  }

  /** The spool may have room again. */
  resume(): void {
    this.#link?.resume();
  }

  /** Up to there the stream of the current generation may be read. Asks when that is not all that was received. */
  readableTo(): number {
    const { offset } = this.#options.spool.end;
    if (this.#bound < offset) {
      const asked = this.#toAsk();
      if (asked.length === 0) {
        if (this.#isFollowing) this.#bound = offset;
      } else this.#asking ??= this.#ask(asked).finally(() => (this.#asking = undefined));
    }
    return Math.min(this.#bound, offset);
  }

  clientOf(node: FollowedNode): NodeClient {
    let client = this.#clients.get(node.id);
    if (!client) this.#clients.set(node.id, (client = new NodeClient(node)));
    return client;
  }

  close(): void {
    this.#isClosed = true;
    this.#link?.close('the feed ends');
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
    this.#wake();
  }

  async #run(): Promise<void> {
    let pauseMs = LOOK_AGAIN_MS.first;
    while (!this.#isClosed) {
      const changed = this.#changed.promise;
      const choice = await this.#choose();
      if (this.#isClosed) return;
      if (choice.kind === 'wait') {
        this.#state = choice.why;
        const again = delay(pauseMs, undefined, { ref: false });
        await (this.#shard.nodes.some(({ isServing }) => isServing)
          ? Promise.race([changed, again])
          : changed);
        pauseMs = Math.min(pauseMs * 2, LOOK_AGAIN_MS.most);
        continue;
      }
      const node = this.#nodeOf(choice.nodeId);
      if (!node?.isServing || this.#left.has(node.id)) continue;
      const wasFollowing = await this.#follow(node, choice);
      if (wasFollowing) pauseMs = LOOK_AGAIN_MS.first;
      else await delay((pauseMs = Math.min(pauseMs * 2, LOOK_AGAIN_MS.most)), undefined, { ref: false });
    }
  }

  async #choose(): Promise<Choice> {
    const { spool, readTo } = this.#options;
    const candidates = await Promise.all(
      this.#shard.nodes
        .filter(({ id, isServing }) => isServing && !this.#left.has(id))
        .map(async (node) => ({ nodeId: node.id, view: await this.#viewOf(node) })),
    );
    const id = this.#isApart ? undefined : spool.historyId;
    return chooseNode(candidates, { id, end: spool.end.offset, read: readTo() });
  }

  /** Follows the node until the link ends; resolves with whether its stream was received. */
  async #follow(node: FollowedNode, choice: Extract<Choice, { kind: 'follow' }>): Promise<boolean> {
    const { spool, log, onProgress, hasRoom } = this.#options;
    const { joint } = choice;
    if (joint.kind === 'continues' && joint.end < spool.end.offset) {
      spool.truncate(joint.end);
      this.#bound = Math.min(this.#bound, joint.end);
    }
    this.#state = joint.kind === 'continues' ? `joins ${node.id}` : `resynchronizes from ${node.id}`;
    let generation = spool.generation;
    this.#link = new Link(node, joint.kind === 'continues' ? joint : undefined, spool, {
      onFollowing: () => {
        this.#isFollowing = true;
        this.#state = `follows ${node.id}`;
        if (spool.generation !== generation) {
          this.#bound = 0;
          this.#isApart = false;
        }
        generation = spool.generation;
        log.info({ shard: this.#shard.id, node: node.id }, `${this.#state} from offset ${spool.end.offset}`);
      },
      onReceived: onProgress,
      hasRoom,
    });
    const why = await this.#link.ended;
    const wasFollowing = this.#isFollowing;
    this.#link = undefined;
    this.#isFollowing = false;
    this.#state = `has left ${node.id}: ${why}`;
    log.info({ shard: this.#shard.id, node: node.id }, this.#state);
    return wasFollowing;
  }

  /**
   * The nodes that may be promoted, except the one that sent all that was received. While none is followed, one of the
   * others may have been promoted already.
   */
  #toAsk(): FollowedNode[] {
    const { nodes } = this.#shard;
    if (!this.#isFollowing) return nodes.filter(({ isServing }) => isServing);
    return nodes.filter((node) => isServingReplica(node) && this.#link?.nodeId !== node.id);
  }

  async #ask(first: FollowedNode[]): Promise<void> {
    let asked = first;
    for (
      let pauseMs = BOUND_AGAIN_MS.first;
      !this.#isClosed;
      pauseMs = Math.min(2 * pauseMs, BOUND_AGAIN_MS.most)
    ) {
      const { spool, onProgress } = this.#options;
      const { generation, offset } = spool.end;
      const id = spool.historyId;
      const views = await Promise.all(asked.map((node) => this.#viewUnlessSilent(node)));
      if (id !== undefined && spool.generation === generation && spool.historyId === id) {
        const offsets = views.flatMap((view) => (view ? (offsetIn(view, id) ?? []) : []));
        // While none is followed, a node that does not answer may be the one that was promoted.
        const isKnown = this.#isFollowing || views.every((view) => view !== undefined);
        const bound = isKnown ? Math.min(offset, ...offsets) : this.#bound;
        if (bound > this.#bound) {
          this.#bound = bound;
          onProgress();
        }
        if (bound >= offset) return;
      }
      await delay(pauseMs, undefined, { ref: false });
      asked = this.#toAsk();
      if (asked.length === 0) return this.#options.onProgress();
    }
  }

  /** A node that did not answer is asked on, without a wait for it. */
  async #viewUnlessSilent(node: FollowedNode): Promise<ReplicationView | undefined> {
    if (!this.#silent.has(node.id)) return this.#viewOf(node);
    void this.#viewOf(node);
    return undefined;
  }

  #viewOf(node: FollowedNode): Promise<ReplicationView | undefined> {
    let question = this.#questions.get(node.id);
    if (!question) {
      question = this.#askOne(node).finally(() => this.#questions.delete(node.id));
      this.#questions.set(node.id, question);
    }
    return question;
  }

  async #askOne(node: FollowedNode): Promise<ReplicationView | undefined> {
    try {
      const view = await this.clientOf(node).replication(ASK_LIMIT_MS);
      this.#silent.delete(node.id);
      return view;
    } catch {
      this.#silent.add(node.id);
      return undefined;
    }
  }

  #nodeOf(id: string): FollowedNode | undefined {
    return this.#shard.nodes.find((node) => node.id === id);
  }

  #forget(nodeId: string): void {
    this.#clients.get(nodeId)?.close();
    this.#clients.delete(nodeId);
    this.#silent.delete(nodeId);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

const isServingReplica = ({ role, isServing }: FollowedNode): boolean => role === 'replica' && isServing;
