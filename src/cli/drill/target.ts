// The target of a drill: one node group of a replication group, in its state before the drill.

import type { Scope } from '../../aws/scope.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { GroupStatus, MemberStatus } from '../../status.ts';
import { type Endpoint, parseEndpoint } from './endpoint-client.ts';

/** The node group with its endpoints and members. */
export interface DrillTarget {
  groupId: string;
  scope: Scope;
  /** `0001`. */
  nodeGroupId: string;
  clusterEnabled: boolean;
  /** The primary endpoint, or the configuration endpoint. */
  writeEndpoint: Endpoint;
  /** The reader endpoint, or the configuration endpoint. */
  readEndpoint: Endpoint;
  primary: MemberStatus;
  replicas: MemberStatus[];
}

/** Throws CommandFailed when the group or node group does not exist or is not ready for a drill. */
export function targetOf(group: GroupStatus | undefined, groupId: string, nodeGroupId: string): DrillTarget {
  if (!group) throw refusal(`There is no replication group ${groupId}.`);
  if (group.status !== 'available')
    throw refusal(`${groupId} is ${group.status}; a drill needs it available.`);
  const members = group.members.filter((member) => isIn(group, member, nodeGroupId));
  const primary = members.find((member) => member.role === 'primary');
  if (!primary) throw refusal(`${groupId} has no node group ${nodeGroupId} with a primary.`);
  const { configuration, primary: writes, reader: reads } = group.endpoints;
  const write = group.clusterEnabled ? configuration : writes;
  const read = group.clusterEnabled ? configuration : reads;
  if (!write || !read) throw refusal(`${groupId} has no endpoint yet.`);
  return {
    groupId,
    scope: { accountId: group.accountId, region: group.region },
    nodeGroupId,
    clusterEnabled: group.clusterEnabled,
    writeEndpoint: parseEndpoint(write),
    readEndpoint: parseEndpoint(read),
    primary,
    replicas: members.filter((member) => member !== primary),
  };
}

/** Member ids are `demo-001` in cluster mode off, and `demo-0002-001` in cluster mode on. */
function isIn(group: GroupStatus, member: MemberStatus, nodeGroupId: string): boolean {
  if (!group.clusterEnabled) return nodeGroupId === '0001';
  return member.id.startsWith(`${group.id}-${nodeGroupId}-`);
}

const refusal = (sentence: string) => new OperationalError('CommandFailed', sentence);
