// Whether what the API says of a group is what its engines say.

import { DescribeCacheClustersCommand, DescribeReplicationGroupsCommand } from '@aws-sdk/client-elasticache';
import { slotsOf } from './cluster-right.ts';
import { viewOf } from './endpoints-right.ts';
import type { MillpondProcess } from './millpond-process.ts';

export async function describeIsRight(millpond: MillpondProcess, groupId: string): Promise<true | string> {
  const { ReplicationGroups } = await millpond.elasticache.send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId: groupId }),
  );
  const { CacheClusters } = await millpond.elasticache.send(new DescribeCacheClustersCommand({}));
  const group = ReplicationGroups![0]!;
  if (group.Status !== 'available') return `${groupId} is ${group.Status}`;
  const late = CacheClusters!.find((cluster) => cluster.CacheClusterStatus !== 'available');
  if (late) return `${late.CacheClusterId} is ${late.CacheClusterStatus}`;
  const addresses = new Map(
    (await millpond.group(groupId)).members.map(({ id, address, endpoint }) => [
      id,
      { address, port: Number(endpoint.split(':')[1]) },
    ]),
  );
  for (const nodeGroup of group.NodeGroups!) {
    for (const member of nodeGroup.NodeGroupMembers!) {
      const { address, port } = addresses.get(member.CacheClusterId!)!;
      const view = await viewOf(address, port);
      if (member.CurrentRole && member.CurrentRole !== view.role)
        return `${member.CacheClusterId} is ${view.role}, and said to be ${member.CurrentRole}`;
      if (nodeGroup.Slots !== undefined && view.role === 'primary') {
        const slots = await slotsOf(address, port);
        if (slots !== nodeGroup.Slots)
          return `${nodeGroup.NodeGroupId} has ${slots}, and is said to have ${nodeGroup.Slots}`;
      }
    }
  }
  return true;
}
