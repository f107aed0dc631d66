// Builds the specification with which the fleet starts a node, from the group's record.

import type { Scope } from '../../../../aws/scope.ts';
import type { ClusterSeed, EngineBinary, NodeSpec } from '../../../../engine/fleet.ts';
import { derivedHex } from '../../../../kernel/ids.ts';
import { type Group, type Member, membersOf, type Shard } from '../domain/model.ts';
import type { WantedRun } from '../domain/observation.ts';
import { fleetKey } from './members.ts';

/** The specification of one member of the group. */
export function nodeSpec(
  scope: Scope,
  group: Group,
  shard: Shard,
  member: Member,
  options: {
    wanted: WantedRun;
    binary: EngineBinary;
    data: NodeSpec['data'];
    /** The host name of a member's own endpoint. */
    nameOf(memberId: string): string;
  },
): NodeSpec {
  const nameOf = options.wanted.announceNames ? options.nameOf : undefined;
  const primary = shard.members.find((candidate) => candidate.id === shard.primaryId);
  const follows = !group.clusterEnabled && primary && primary.id !== member.id;
  return {
    key: fleetKey(scope, member.id),
    address: member.address,
    port: group.port,
    binary: options.binary,
    directives: options.wanted.directives,
    data: options.data,
    ...(group.clusterEnabled && { cluster: clusterSeed(group, member, nameOf) }),
    ...(follows && { replicaOf: { address: primary.address, port: group.port } }),
  };
}

/** The bus port of every node of the group. Without a recorded one, it is 10,000 above or below the client port. */
export function busPortOf({ port, busPort }: Pick<Group, 'port' | 'busPort'>): number {
  return busPort ?? (port <= 55_535 ? port + 10_000 : port - 10_000);
}

/**
 * The content of nodes.conf before the node first starts. A shard's first epoch is its number, so that all epochs
 * differ, and the higher epochs of a live cluster win.
 */
function clusterSeed(group: Group, self: Member, nameOf?: (memberId: string) => string): ClusterSeed {
  const members = membersOf(group).filter((member) => member.phase !== 'deleting');
  const shardOf = new Map(group.shards.flatMap((shard) => shard.members.map((member) => [member.id, shard])));
  const engineIdOf = new Map(members.map((member) => [member.id, member.engineNodeId!]));
  const epochOf = (shard: Shard) => (shard.slots.length > 0 ? Number(shard.id) : 0);
  return {
    self: self.engineNodeId!,
    busPort: busPortOf(group),
    epoch: Math.max(...group.shards.map(epochOf)),
    nodes: members.map((member) => {
      const shard = shardOf.get(member.id)!;
      const isPrimary = shard.primaryId === member.id;
      const primaryId = engineIdOf.get(shard.primaryId);
      return {
        id: member.engineNodeId!,
        address: member.address,
        port: group.port,
        slots: isPrimary ? shard.slots : [],
        epoch: isPrimary ? epochOf(shard) : 0,
        shardId: derivedHex(40, group.id, String(group.createdAt), shard.id),
        ...(!isPrimary && primaryId && { primaryId }),
        ...(nameOf && { hostname: nameOf(member.id) }),
      };
    }),
  };
}
