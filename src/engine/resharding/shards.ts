// The input and the result of a migration. No behaviour.

import type { Admin } from '../admin.ts';

/** A shard as a migration sees it. */
export interface MigrationShard {
  primary: { admin: Admin; address: string; port: number; nodeId: string };
  replicas: readonly { admin: Admin }[];
  /**
   * The engine's node ids of all members, including dead and demoted ones. Slots that engines still ascribe to one of
   * them belong to this shard.
   */
  nodeIds: readonly string[];
}

/** By shard id. */
export type MigrationShards = ReadonlyMap<string, MigrationShard>;

/** Slots that go from one shard to another, by shard id. */
export interface SlotMove {
  from: string;
  to: string;
  slots: readonly number[];
}

/** The user that MIGRATE logs in with at the target. */
export interface Credentials {
  user: string;
  password: string;
}

/**
 * - `KeyTooBig`: the slot has a key above the limit; it was never opened.
 * - `TargetFull`: the keys do not fit under the target's maxmemory; the slot was never opened.
 */
export interface RefusedSlot {
  slot: number;
  from: string;
  to: string;
  reason: 'KeyTooBig' | 'TargetFull';
  /** One sentence for people. */
  detail: string;
}

/** What a run of a migration did. */
export interface MigrationResult {
  /** The number of slots that are at their target now, including those that already were. */
  movedSlots: number;
  movedKeys: number;
  /** Slots that their source still owns; they are not open. */
  refused: RefusedSlot[];
  /** `shouldStop` returned true, and moves are left. */
  stopped: boolean;
}

/**
 * A node went away, changed its role or refused a command. Some slots may be open. Clients are served anyway, and
 * another run with the current primaries finishes everything.
 */
export class MigrationInterrupted extends Error {
  override readonly name = 'MigrationInterrupted';
  /** The shard where it happened, if known. */
  readonly shardId: string | undefined;

  constructor(message: string, shardId?: string, cause?: unknown) {
    super(message, { cause });
    this.shardId = shardId;
  }
}
