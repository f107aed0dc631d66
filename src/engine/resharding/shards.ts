// What a migration works on: shards as it sees them, the moves asked of it, and how it ends. No behaviour here.

import type { Admin } from '../admin.ts';

export interface MigrationShard {
  primary: { admin: Admin; address: string; port: number; nodeId: string };
  replicas: readonly { admin: Admin }[];
  /**
   * The engine node ids of all members, dead and demoted ones too. Slots that engines still ascribe to one of them
   * are this shard's.
   */
  nodeIds: readonly string[];
}

export type MigrationShards = ReadonlyMap<string, MigrationShard>;

/** Slots that go from one shard to another, by shard id. */
export interface SlotMove {
  from: string;
  to: string;
  slots: readonly number[];
}

/** Of the user that MIGRATE logs in with at the target. */
export interface Credentials {
  user: string;
  password: string;
}

/**
 * - `KeyTooBig`: a key above the limit lives there; the slot was never opened.
 * - `TargetFull`: the keys would not fit under the target's maxmemory; the slot was never opened.
 */
export interface RefusedSlot {
  slot: number;
  from: string;
  to: string;
  reason: 'KeyTooBig' | 'TargetFull';
  /** One sentence for people. */
  detail: string;
}

export interface MigrationResult {
  /** Slots that are where they should be now, those that already were included. */
  movedSlots: number;
  movedKeys: number;
  /** Still owned by their source, and not open. */
  refused: RefusedSlot[];
  /** `shouldStop` said so, and moves are left. */
  stopped: boolean;
}

/**
 * A node went away, changed its role or would not do as told. Some slots may be open; clients are served all the same,
 * and another run over the shards as they then are finishes everything.
 */
export class MigrationInterrupted extends Error {
  override readonly name = 'MigrationInterrupted';
  /** Where it happened, if it can be told. */
  readonly shardId: string | undefined;

  constructor(message: string, shardId?: string, cause?: unknown) {
    super(message, { cause });
    this.shardId = shardId;
  }
}
