// ModifyCacheCluster: modifies a standalone cluster, or those settings that a single member of a group can change.

import type { ModifyCacheClusterCommandInput } from '@aws-sdk/client-elasticache';
import { engineChangeOf } from '../../engines/engine-choice.ts';
import { changeTopic, topicChangeOf } from '../../events/topics.ts';
import { invalidCacheClusterStateFault } from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { securityGroupChangeOf } from '../../networks/security-groups.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import type { Group } from '../domain/model.ts';
import { modify } from '../domain/modification.ts';
import { changeSettings } from '../domain/settings.ts';
import { cacheClusterNamed, changeGroupOf } from '../lookup.ts';
import { viewMember } from '../view.ts';
import { changeSecurityGroups } from './modify-replication-group.ts';

export const ModifyCacheCluster: Operation<'ModifyCacheCluster'> = async (elasticache, input, context) => {
  refuseUnsupported(input);
  const { group: found, member } = cacheClusterNamed(elasticache, context, input.CacheClusterId);
  checkNodes(input);
  const securityGroupIds = await securityGroupChangeOf(elasticache, context, input, found.subnetGroupName);
  const topic = await topicChangeOf(elasticache, context, input, found.notificationTopicArn);
  const now = elasticache.clock.now();
  const group = changeGroupOf(elasticache, context, member.id, (latest) => {
    if (latest.status !== 'available') throw invalidCacheClusterStateFault();
    checkMembership(latest, input);
    changeSettings(latest.settings, input);
    const events = changeSecurityGroups(latest, securityGroupIds);
    changeTopic(latest, topic);
    const engine = engineChangeOf(elasticache, context, latest, input);
    const applyImmediately = input.ApplyImmediately ?? false;
    return [...events, ...(modify(latest, { ...engine, applyImmediately }, now) ?? [])];
  });
  return { CacheCluster: viewMember(elasticache, context, group, member.id) };
};

function checkNodes(input: ModifyCacheClusterCommandInput): void {
  if (
    (input.NumCacheNodes ?? 1) !== 1 ||
    input.CacheNodeIdsToRemove?.length ||
    input.NewAvailabilityZones?.length
  ) {
    throw invalidParameterValue('A Redis or Valkey cluster has one node; NumCacheNodes must be 1.');
  }
}

/** AWS: the engine version and node type of a member are changed through its group. */
function checkMembership(group: Group, input: ModifyCacheClusterCommandInput): void {
  if (group.kind === 'cache-cluster') return;
  if (input.CacheNodeType || input.EngineVersion) {
    throw invalidParameterCombination(
      `${input.CacheClusterId} is a member of replication group ${group.id}; use ModifyReplicationGroup.`,
    );
  }
}
