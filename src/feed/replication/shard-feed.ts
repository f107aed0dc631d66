// The changes of one shard: what its follower spools, its reader reads, and its batches carry.

import { setTimeout as delay } from 'node:timers/promises';
import { hostFailure, OperationalError } from '../../kernel/errors.ts';
import type { WrittenKeys } from '../engine-format/commands/written-keys.ts';
import { FormatError } from '../engine-format/format-error.ts';
import type { FollowedShard } from '../feeds.ts';
import type { SourceBatch, SourceLag } from '../source.ts';
import { type Draft, Drafts, type Need } from './drafts.ts';
import type { FeedDatabase } from './feed-database.ts';
import { Follower } from './follower.ts';
import { Needs } from './needs.ts';
import { Acknowledgements, comparePositions, type Position, type ReadPosition } from './position.ts';
import type { Mark, ReshardedShard, Resharding } from './resharding.ts';
import { RestoreScanner } from './restore-scanner.ts';
import { differences } from './resync.ts';
import type { Shadow } from './shadow.ts';
import { type ReadCommand, type ReadPiece, ShardReader } from './shard-reader.ts';
import { slotsOf } from './shard-slots.ts';
import { Spool } from './spool.ts';

/** What all shards of a feed share. */
export interface FeedParts {
  cache: string;
  value: 'after' | 'none';
  start: 'now' | 'all';
  shadow: Shadow | undefined;
  database: FeedDatabase;
  written: WrittenKeys;
  resharding: Resharding;
  limits: { changes: number; bytes: number; spoolBytes: number; valueBytes: number };
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Gives values to drafts; rejects when they cannot be read. */
  addValues(shard: ShardFeed, drafts: readonly Draft[]): Promise<void>;
  put(batch: SourceBatch): Promise<void>;
  onAcknowledged(): void;
  onFailure(error: unknown): void;
}

/** A change of many keys has none. */
const NO_KEY = Buffer.alloc(0);
const BEGINNING: ReadPosition = { generation: 1, offset: 0, isPastDump: false, database: 0 };
/** Between two questions to a shard whose primary does not answer. */
const ASK_AGAIN_MS = 50;
const ASK_LIMIT_MS = 500;

/** Reads a shard until it is closed. */
export class ShardFeed implements ReshardedShard {
  readonly id: string;
  readonly follower: Follower;
  readonly #parts: FeedParts;
  readonly #spool: Spool;
  readonly #reader: ShardReader;
  readonly #scanner: RestoreScanner;
  readonly #drafts: Drafts;
  readonly #needs: Needs;
  readonly #acknowledgements: Acknowledgements;
  readonly #running: Promise<void>;
  readonly #followed = Promise.withResolvers<void>();
  #handedOut: ReadPosition;
  #isClosed = false;
  #isRemoved = false;
  /** It is removed, and was read to its end. */
  #isDry = false;
  #progress = Promise.withResolvers<void>();

  constructor(shard: FollowedShard, directory: string, parts: FeedParts) {
    this.id = shard.id;
    this.#parts = parts;
    this.#spool = new Spool(directory);
    const position = parts.database.position(shard.id) ?? BEGINNING;
    this.#handedOut = position;
    this.#reader = new ShardReader(this.#spool, position, parts.written);
    this.#scanner = new RestoreScanner(this.#spool, position, shard.id, parts.resharding.moved);
    this.#drafts = new Drafts(shard.id, parts);
    this.#needs = new Needs(this, parts.resharding, this.#drafts);
    this.#acknowledgements = new Acknowledgements(position, parts.onAcknowledged);
    if (this.#spool.generation > 0) this.#followed.resolve();
    this.follower = new Follower(shard, {
      spool: this.#spool,
      readTo: () => this.#reader.readTo,
      hasRoom: () => this.#spool.bytes < parts.limits.spoolBytes,
      onProgress: () => this.#wake(),
      log: parts.log,
    });
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#isClosed) parts.onFailure(asOperational(error, shard.id));
    });
  }

  /** Resolves once no later change can be missed. */
  get followed(): Promise<void> {
    return this.#followed.promise;
  }

  get historyId(): string | undefined {
    return this.#spool.historyId;
  }

  get handedOut(): Position {
    // What a shard that is no more sent last may be a part of a command.
    return this.#isDry ? this.#spool.end : this.#handedOut;
  }

  get waitsForShard(): string | undefined {
    const { current } = this.#needs;
    return typeof current === 'object' && 'home' in current ? current.home : undefined;
  }

  get acknowledged(): ReadPosition {
    return this.#acknowledgements.position;
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** It is removed, and everything of it was acknowledged. */
  get isOver(): boolean {
    return this.#isDry && this.#acknowledgements.changes === 0;
  }

  changed(): Promise<void> {
    return this.#progress.promise;
  }

  certain(): Position {
    const offset = this.#isRemoved ? this.#spool.end.offset : this.follower.readableTo();
    return { generation: this.#spool.generation, offset };
  }

  scanTo(position: Position): void {
    this.#scanner.scanTo(position);
  }

  async mark(): Promise<Mark> {
    while (!this.#isClosed && !this.#isRemoved) {
      const mark = await this.#tryMark();
      if (mark) return mark;
      await Promise.race([this.changed(), delay(ASK_AGAIN_MS, undefined, { ref: false })]);
    }
    return { position: this.#spool.end, historyId: this.#spool.historyId };
  }

  slots(): Promise<readonly (readonly [number, number])[]> {
    return slotsOf(this.follower.shard, (node) => this.follower.clientOf(node));
  }

  setShard(shard: FollowedShard): void {
    this.#isRemoved = false;
    this.#isDry = false;
    this.follower.setShard(shard);
    this.#wake();
  }

  leave(nodeId: string): void {
    this.follower.leave(nodeId);
  }

  /** The shard is no more: what was received is read to its end. */
  stopFollowing(): void {
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    this.#followed.resolve();
    this.follower.setShard({ id: this.id, slots: [], nodes: [] });
    this.#wake();
  }

  /** Resolves when the spool has what the primary has now; rejects with an OperationalError after the limit. */
  async drain(limitMs: number): Promise<void> {
    const until = performance.now() + limitMs;
    for (let mark = await this.#tryMark(); ; ) {
      const { generation, offset } = this.#spool.end;
      if (mark && (generation > mark.position.generation || offset >= mark.position.offset)) return;
      if (performance.now() > until) {
        throw new OperationalError('TimedOut', `Shard ${this.id} was not received to its end in time.`);
      }
      await Promise.race([this.changed(), delay(ASK_AGAIN_MS, undefined, { ref: false })]);
      if (!mark || mark.historyId !== this.#spool.historyId) mark = await this.#tryMark();
    }
  }

  save(): void {
    this.#parts.database.setPosition(this.id, this.#acknowledgements.position);
  }

  /** Deletes what was acknowledged and saved. */
  trim(): void {
    this.#spool.trim(this.#acknowledgements.position);
    this.follower.resume();
  }

  lag(): SourceLag {
    const { position, changes } = this.#acknowledgements;
    const { generation, offset } = this.#spool.end;
    const isNewest = position.generation === generation;
    const oldestAt =
      isNewest && position.offset < offset ? this.#spool.arrivedAt(position.offset + 1) : undefined;
    return {
      changes,
      bytes: isNewest ? offset - position.offset : this.#spool.bytes,
      ...(oldestAt !== undefined && { oldestAt }),
      states: [`${this.follower.state}${stateOf(this.#needs.current)}`],
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#followed.resolve();
    this.follower.close();
    this.#wake();
    await this.#running;
    this.#spool.close();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const { gate } = this.#parts.resharding;
      if (gate) {
        await gate;
        continue;
      }
      const progress = this.#progress.promise;
      const piece = this.#reader.read(this.certain().offset, this.#parts.limits);
      if (!piece) {
        if (this.#isRemoved && !this.#isDry) this.#runDry();
        await progress;
      } else if (piece.kind === 'commands') await this.#deliver(piece.commands, piece.after);
      else await this.#readDump(piece);
    }
  }

  #runDry(): void {
    this.#isDry = true;
    this.#wake();
    this.#parts.onAcknowledged();
  }

  /** Hands out the changes of the commands, in parts where some must wait or are many. */
  async #deliver(commands: readonly ReadCommand[], after: ReadPosition): Promise<void> {
    const { generation } = after;
    for (let start = 0; start < commands.length && !this.#isClosed; ) {
      let end = start;
      let need: Need;
      for (; end < commands.length; end++) {
        need = this.#needs.open(commands[end]!, generation);
        if (need || commands[end]!.effect.kind !== 'keys') break;
      }
      const reached = (index: number): ReadPosition => {
        const { offset, database } = commands[index]!;
        return index === commands.length - 1 ? after : { generation, offset, isPastDump: true, database };
      };
      if (end > start) {
        const some = commands.slice(start, end);
        const drafts = this.#parts.database.transaction(() => this.#drafts.of(some, generation));
        await this.#handOut(drafts, reached(end - 1));
      } else if (!need) await this.#deliverOther(commands[end]!, reached(end++));
      if (need) await this.#meet(need);
      start = end;
    }
    if (commands.length === 0) await this.#handOut([], after);
  }

  /** A command that says no keys. */
  async #deliverOther({ effect, args, at, database }: ReadCommand, after: ReadPosition): Promise<void> {
    const { shadow, limits, log } = this.#parts;
    const position = { generation: after.generation, offset: after.offset };
    const draft = { position, command: args, at, database };
    if (effect.kind === 'flush' && shadow) {
      const pages = shadow.keys(this.id, position, limits.changes, effect.isAll ? undefined : database);
      for (const page of pages) {
        this.#parts.database.transaction(() => shadow.gone(position, page));
        await this.#handOut(
          page.map((one) => ({ ...draft, ...one, kind: 'delete' })),
          this.#handedOut,
        );
        if (this.#isClosed) return;
      }
      return this.#handOut([], after);
    }
    // What a swap of databases changed, a dump tells.
    if (effect.kind === 'swap' && after.generation === this.#spool.generation) this.follower.resynchronize();
    if (effect.kind === 'unknown') log.warn({ shard: this.id }, `the keys of ${effect.name} are not known`);
    const kind = effect.kind === 'flush' ? 'delete' : 'write';
    return this.#handOut([{ ...draft, kind, key: NO_KEY }], after);
  }

  async #readDump({ file, generation, offset }: Extract<ReadPiece, { kind: 'dump' }>): Promise<void> {
    const { resharding, shadow, database, limits, start } = this.#parts;
    const place = { generation, offset };
    // Keys that the shard took over are in the dump, and their former shards' changes come before.
    const era = resharding.eras.eraAt({ shardId: this.id, position: place });
    if (era.hasMoves) for (const home of resharding.othersOf(this)) await this.#meet({ home, era });
    const found = differences({
      ...{ file, place, shadow, shardId: this.id },
      ...{ valueBytes: limits.valueBytes, changes: limits.changes },
      isBeginning: start === 'now' && generation === 1 && resharding.isFirst(this.id),
      transaction: (work) => database.transaction(work),
      hasMoved: (key) => resharding.moved.hasMoved(key, this.id, place),
      untilMovesKnown: () => resharding.scanned(this),
    });
    for (let step = await found.next(); ; step = await found.next()) {
      if (this.#isClosed) return;
      if (step.done) return this.#handOut([], this.#reader.passDump(step.value));
      const at = Date.now();
      const drafts = step.value.map((one): Draft => ({ ...one, position: place, command: undefined, at }));
      if (this.#parts.value === 'none') for (const draft of drafts) delete draft.value;
      await this.#handOut(drafts, this.#reader.position);
    }
  }

  async #meet(need: Exclude<Need, undefined>): Promise<void> {
    if (need !== 'scan' && 'begins' in need) this.#passTo(need.begins.begins[this.id]);
    // All of it has happened before the other shards are asked where they are.
    await this.#needs.meet(need, this.#spool.end);
  }

  /** No change is before this place any more, only what is none, such as pings: others need not wait for it. */
  #passTo(begin: Position | undefined): void {
    const { generation } = this.#handedOut;
    if (begin?.generation !== generation || comparePositions(this.#handedOut, begin) >= 0) return;
    this.#handedOut = { ...this.#handedOut, offset: begin.offset };
    this.#wake();
  }

  async #handOut(drafts: readonly Draft[], after: ReadPosition): Promise<void> {
    if (this.#parts.value === 'after') {
      for (const draft of drafts) if (draft.kind === 'delete') draft.value = { type: 'none' };
      const valueless = drafts.filter(({ value, key }) => !value && key !== NO_KEY);
      if (valueless.length > 0) await this.#parts.addValues(this, valueless);
    }
    if (this.#isClosed) return;
    // No wait between the sequences and the place that was handed out: an era may begin meanwhile.
    const changes = this.#drafts.finish(drafts);
    this.#handedOut = after;
    const acknowledge = this.#acknowledgements.add(after, changes.length);
    this.#wake();
    if (changes.length === 0) acknowledge();
    else await this.#parts.put({ changes, acknowledge });
  }

  /** Where the primary is; `undefined` when it does not answer, or when its history is not yet in the spool. */
  async #tryMark(): Promise<Mark | undefined> {
    const primary = this.follower.shard.nodes.find(({ role, isServing }) => role === 'primary' && isServing);
    if (!primary) return undefined;
    const view = await this.follower
      .clientOf(primary)
      .replication(ASK_LIMIT_MS)
      .catch(() => undefined);
    const { generation, historyId } = this.#spool;
    if (!view || historyId === undefined || (view.id !== historyId && view.formerId !== historyId))
      return undefined;
    return { position: { generation, offset: view.offset }, historyId };
  }

  #wake(): void {
    if (this.#spool.generation > 0) this.#followed.resolve();
    this.#progress.resolve();
    this.#progress = Promise.withResolvers<void>();
  }
}

function stateOf(need: Need): string {
  if (!need) return '';
  return typeof need === 'object' && 'home' in need
    ? `, waits for shard ${need.home}`
    : ', waits for the other shards';
}

function asOperational(error: unknown, shardId: string): unknown {
  if (error instanceof FormatError) {
    return new OperationalError(
      'EngineFailed',
      `The stream of shard ${shardId} cannot be read: ${error.message}`,
      error,
    );
  }
  return hostFailure(error, `The spool of shard ${shardId} cannot be kept`) ?? error;
}
