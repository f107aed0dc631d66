// The connections of one migration. They are separate from Millpond's other connections, so that blocking commands
// (MIGRATE, Valkey's SETSLOT) never delay a health check. Knows how engines differ in writing slots; moves nothing.

import { OperationalError } from '../../kernel/errors.ts';
import type { Admin, Argument } from '../admin.ts';
import { type ClusterView, parseClusterView } from './cluster-view.ts';
import { MigrationInterrupted, type MigrationShard, type MigrationShards } from './shards.ts';

/** Valkey answers SETSLOT only once its replicas have it, so parallel changes need several connections. */
const VALKEY_WRITERS = 32;
/** Commands per round trip. Clients wait while the engine executes them. */
const COMMANDS_PER_TRIP = 32;

/** A command with its arguments. */
export type Command = readonly Argument[];

/** The connection to a shard's current primary. */
export interface ShardLink {
  shardId: string;
  shard: MigrationShard;
  nodeId: string;
  /**
   * Whether several slot changes may share one MULTI, with only the last announced to the cluster. False for Valkey,
   * which replicates SETSLOT first and (8.0.1) crashes on it inside MULTI.
   */
  batchesSlots: boolean;
  /**
   * Runs commands in order, in round trips of bounded size. An engine's error takes its command's place. Rejects with
   * MigrationInterrupted when the primary does not answer.
   */
  run(commands: readonly Command[], options?: RunOptions): Promise<unknown[]>;
  /** Runs SETSLOT commands in any order. Rejects with MigrationInterrupted on the first error. */
  writeSlots(commands: readonly Command[]): Promise<void>;
  view(): Promise<ClusterView>;
}

/** See `SendOptions`; `commandsPerTrip` bounds one round trip. */
export interface RunOptions {
  binary?: boolean;
  timeoutMs?: number;
  commandsPerTrip?: number;
}

/** The connections to all shards of a cluster. `get` throws MigrationInterrupted for an unknown shard. */
export interface Links {
  get(shardId: string): ShardLink;
  readonly all: readonly ShardLink[];
  /** The shard of which this node is or was a member. */
  shardOf(nodeId: string | undefined): string | undefined;
  close(): void;
}

/** Connects to the primary of every shard. Rejects with MigrationInterrupted; then nothing stays open. */
export async function openLinks(shards: MigrationShards): Promise<Links> {
  const opened: ReturnType<Admin['branch']>[] = [];
  const close = () => {
    for (const connection of opened.splice(0)) connection.close();
  };
  const branch = (admin: Admin): Admin => {
    const connection = admin.branch();
    opened.push(connection);
    return connection;
  };
  try {
    const all = await Promise.all([...shards].map(([id, shard]) => openLink(id, shard, branch)));
    const byId = new Map(all.map((link) => [link.shardId, link]));
    const byNode = new Map(all.flatMap((link) => memberIds(link.shard).map((id) => [id, link.shardId])));
    return {
      get(shardId) {
        const link = byId.get(shardId);
        if (!link) throw new MigrationInterrupted(`there is no shard ${shardId} to move slots to or from`);
        return link;
      },
      all,
      shardOf: (nodeId) => (nodeId === undefined ? undefined : byNode.get(nodeId)),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

const memberIds = (shard: MigrationShard): string[] => [shard.primary.nodeId, ...shard.nodeIds];

async function openLink(
  shardId: string,
  shard: MigrationShard,
  branch: (admin: Admin) => Admin,
): Promise<ShardLink> {
  const admin = branch(shard.primary.admin);
  const guarded = async (
    connection: Admin,
    commands: readonly Command[],
    options: RunOptions,
  ): Promise<unknown[]> => {
    try {
      // Every command of a migration may be repeated, and CLIENT KILL from a client may close our connections.
      return await connection.sendAll(commands, options).catch((error: unknown) => {
        if (error instanceof OperationalError && error.code === 'EngineFailed') {
          return connection.sendAll(commands, options);
        }
        throw error;
      });
    } catch (error) {
      throw new MigrationInterrupted(`the primary of shard ${shardId} does not answer`, shardId, error);
    }
  };
  const run: ShardLink['run'] = async (commands, options = {}) => {
    const replies: unknown[] = [];
    const perTrip = options.commandsPerTrip ?? COMMANDS_PER_TRIP;
    for (let next = 0; next < commands.length; next += perTrip) {
      replies.push(...(await guarded(admin, commands.slice(next, next + perTrip), options)));
    }
    return replies;
  };

  const [server] = await run([['INFO', 'server']]);
  const isValkey = isOfValkey(server);
  const writers: Admin[] = isValkey
    ? Array.from({ length: VALKEY_WRITERS }, () => branch(shard.primary.admin))
    : [];

  return {
    shardId,
    shard,
    nodeId: shard.primary.nodeId,
    batchesSlots: !isValkey,
    run,
    async writeSlots(commands) {
      const parts = writers.map((_, index) => commands.filter((_, i) => i % writers.length === index));
      const replies = isValkey
        ? await Promise.all(
            parts.map((part, index) => (part.length > 0 ? guarded(writers[index]!, part, {}) : [])),
          )
        : [await run(commands)];
      throwFirstError(shardId, replies.flat());
    },
    async view() {
      const [reply] = await run([['CLUSTER', 'NODES']]);
      throwFirstError(shardId, [reply]);
      const view = parseClusterView(String(reply));
      if (view.self.role === 'primary' && view.self.id === shard.primary.nodeId) return view;
      throw new MigrationInterrupted(`the node taken for the primary of shard ${shardId} is not`, shardId);
    },
  };
}

/** Whether this reply to `INFO server` is Valkey's. */
export const isOfValkey = (info: unknown): boolean =>
  /^(valkey_version:|server_name:valkey)/m.test(String(info));

/** Throws MigrationInterrupted for the first error among the replies. */
export function throwFirstError(shardId: string, replies: readonly unknown[]): void {
  // Inside the reply of EXEC, errors have the client library's own class.
  const error = replies.find((reply) => reply instanceof Error);
  if (!error) return;
  throw new MigrationInterrupted(`the primary of shard ${shardId} refused: ${error.message}`, shardId, error);
}
