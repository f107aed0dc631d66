// The connections of one migration: its own, so that commands which the engine holds back (MIGRATE, Valkey's SETSLOT)
// never stand before a health check. Knows what differs between engines in writing slots; moves nothing.

import { OperationalError } from '../../kernel/errors.ts';
import type { Admin, Argument } from '../admin.ts';
import { type ClusterView, parseClusterView } from './cluster-view.ts';
import { MigrationInterrupted, type MigrationShard, type MigrationShards } from './shards.ts';

/** Valkey answers a SETSLOT when its replicas have it: many at once need many connections. */
const VALKEY_WRITERS = 32;
/** Commands a round trip: clients wait as long as these take together. */
const COMMANDS_PER_TRIP = 32;

export type Command = readonly Argument[];

/** A shard's current primary, as a migration speaks to it. */
export interface ShardLink {
  shardId: string;
  shard: MigrationShard;
  nodeId: string;
  /**
   * Several changes of slots may be made in one MULTI, and only the last of them need be told to the cluster.
   * False for Valkey, which gives SETSLOT to its replicas first and (8.0.1) crashes on one inside MULTI.
   */
  batchesSlots: boolean;
  /** In order, in round trips of bounded size. Engine errors stand in their command's place, unless `strict`. */
  run(commands: readonly Command[], options?: RunOptions): Promise<unknown[]>;
  /** SETSLOT and the like: any order among themselves. Rejects with MigrationInterrupted on the first error. */
  writeSlots(commands: readonly Command[]): Promise<void>;
  view(): Promise<ClusterView>;
}

export interface RunOptions {
  binary?: boolean;
  timeoutMs?: number;
  commandsPerTrip?: number;
}

export interface Links {
  get(shardId: string): ShardLink;
  readonly all: readonly ShardLink[];
  /** The shard that this node is or was a member of. */
  shardOf(nodeId: string | undefined): string | undefined;
  close(): void;
}

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
      // Every command of a migration may be said twice, and a client's CLIENT KILL reaches our connections too.
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
  const isValkey = /^(valkey_version:|server_name:valkey)/m.test(String(server));
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

export function throwFirstError(shardId: string, replies: readonly unknown[]): void {
  // Inside the reply of EXEC an error is the connection's own kind.
  const error = replies.find((reply) => reply instanceof Error);
  if (!error) return;
  throw new MigrationInterrupted(`the primary of shard ${shardId} refused: ${error.message}`, shardId, error);
}
