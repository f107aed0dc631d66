// The long operations of the API as fault programs use them: called, perhaps cut off, and told whether they were
// carried out.

import {
  DecreaseReplicaCountCommand,
  DeleteReplicationGroupCommand,
  DescribeReplicationGroupsCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type ReplicationGroup,
  ReplicationGroupNotFoundFault,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import type { MillpondProcess } from './millpond-process.ts';

/** `undefined` when there is no such group. */
export async function describe(
  millpond: MillpondProcess,
  groupId: string,
): Promise<ReplicationGroup | undefined> {
  try {
    const { ReplicationGroups } = await millpond.elasticache.send(
      new DescribeReplicationGroupsCommand({ ReplicationGroupId: groupId }),
    );
    return ReplicationGroups![0];
  } catch (error) {
    if (error instanceof ReplicationGroupNotFoundFault) return undefined;
    throw error;
  }
}

export const testFailover = ({ elasticache }: MillpondProcess, groupId: string, nodeGroupId: string) =>
  elasticache.send(new TestFailoverCommand({ ReplicationGroupId: groupId, NodeGroupId: nodeGroupId }));

export const setReplicas = (
  { elasticache }: MillpondProcess,
  groupId: string,
  direction: 'increase' | 'decrease',
  count: number,
) => {
  const input = { ReplicationGroupId: groupId, NewReplicaCount: count, ApplyImmediately: true };
  return direction === 'increase'
    ? elasticache.send(new IncreaseReplicaCountCommand(input))
    : elasticache.send(new DecreaseReplicaCountCommand(input));
};

export const setNodeType = ({ elasticache }: MillpondProcess, groupId: string, nodeType: string) =>
  elasticache.send(
    new ModifyReplicationGroupCommand({
      ReplicationGroupId: groupId,
      CacheNodeType: nodeType,
      ApplyImmediately: true,
    }),
  );

/** Removes the shards of the highest numbers when there are to be fewer. */
export const setShards = (
  { elasticache }: MillpondProcess,
  groupId: string,
  count: number,
  present: readonly string[],
) =>
  elasticache.send(
    new ModifyReplicationGroupShardConfigurationCommand({
      ReplicationGroupId: groupId,
      NodeGroupCount: count,
      ApplyImmediately: true,
      ...(count < present.length && { NodeGroupsToRemove: [...present].sort().slice(count) }),
    }),
  );

export const deleteGroup = ({ elasticache }: MillpondProcess, groupId: string) =>
  elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId: groupId }));
