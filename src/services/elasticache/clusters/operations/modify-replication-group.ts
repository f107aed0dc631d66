// ModifyReplicationGroup: changes everything of a group except its number of shards and replicas.

import type { ModifyReplicationGroupCommandInput } from '@aws-sdk/client-elasticache';
import type { RequestContext } from '../../../../wire/service.ts';
import type { ElastiCache } from '../../context.ts';
import { descriptionOf } from '../../domain/description.ts';
import { engineChangeOf } from '../../engines/engine-choice.ts';
import type { ElastiCacheEvent } from '../../events/domain/event.ts';
import { securityGroupsChanged } from '../../events/domain/event-texts.ts';
import { changeTopic, topicChangeOf } from '../../events/topics.ts';
import {
  snapshotsNotWhollyTurnedOn,
  snapshottingClusterNotFound,
  snapshottingInClusterMode,
} from '../../faults/clusters.ts';
import { invalidParameterCombination } from '../../faults/requests.ts';
import { securityGroupChangeOf } from '../../networks/security-groups.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { type Group, memberOf, membersOf } from '../domain/model.ts';
import { modify } from '../domain/modification.ts';
import { changeSettings } from '../domain/settings.ts';
import { changeReplicationGroup, checkAvailable, replicationGroupNamed } from '../lookup.ts';
import { viewReplicationGroup } from '../view.ts';

export const ModifyReplicationGroup: Operation<'ModifyReplicationGroup'> = async (
  elasticache,
  input,
  context,
) => {
  refuseUnsupported(input);
  const { id, subnetGroupName, clusterEnabled, notificationTopicArn } = replicationGroupNamed(
    elasticache,
    context,
    input.ReplicationGroupId,
  );
  checkClusterMode(input, clusterEnabled);
  const securityGroupIds = await securityGroupChangeOf(elasticache, context, input, subnetGroupName);
  const topic = await topicChangeOf(elasticache, context, input, notificationTopicArn);
  const now = elasticache.clock.now();
  const group = changeReplicationGroup(elasticache, context, id, (latest) => {
    checkAvailable(latest);
    checkSnapshotting(input, latest);
    changeSettings(latest.settings, input);
    if (input.ReplicationGroupDescription !== undefined)
      latest.description = descriptionOf('ReplicationGroupDescription', input.ReplicationGroupDescription);
    const events = changeSecurityGroups(latest, securityGroupIds);
    changeTopic(latest, topic);
    return [...events, ...(modify(latest, modificationOf(elasticache, context, latest, input), now) ?? [])];
  });
  return { ReplicationGroup: viewReplicationGroup(elasticache, context, group) };
};

function modificationOf(
  elasticache: ElastiCache,
  context: RequestContext,
  group: Group,
  input: ModifyReplicationGroupCommandInput,
) {
  return {
    ...engineChangeOf(elasticache, context, group, input),
    automaticFailover: input.AutomaticFailoverEnabled,
    multiAz: input.MultiAZEnabled,
    primaryId: input.PrimaryClusterId?.toLowerCase(),
    applyImmediately: input.ApplyImmediately ?? false,
  };
}

/** Changes the security groups unless `ids` is `undefined`. Returns the events to record. */
export function changeSecurityGroups(group: Group, ids: string[] | undefined): ElastiCacheEvent[] {
  if (!ids || ids.toSorted().join() === group.securityGroupIds.toSorted().join()) return [];
  group.securityGroupIds = ids;
  return membersOf(group).map((member) => securityGroupsChanged(member.id));
}

function checkClusterMode(input: ModifyReplicationGroupCommandInput, clusterEnabled: boolean): void {
  const { ClusterMode } = input;
  if (ClusterMode !== undefined && (ClusterMode === 'enabled') !== clusterEnabled) {
    throw invalidParameterCombination(
      'ClusterMode: Millpond does not support changing the cluster mode of a group yet.',
    );
  }
}

function checkSnapshotting(input: ModifyReplicationGroupCommandInput, group: Group): void {
  const { SnapshottingClusterId, SnapshotRetentionLimit = 0 } = input;
  if (SnapshottingClusterId === undefined) {
    const isTurnedOn = SnapshotRetentionLimit > 0 && group.settings.snapshotRetentionLimit === 0;
    if (isTurnedOn && !group.clusterEnabled) throw snapshotsNotWhollyTurnedOn();
    return;
  }
  if (group.clusterEnabled) throw snapshottingInClusterMode();
  if (!memberOf(group, SnapshottingClusterId.toLowerCase())) {
    throw snapshottingClusterNotFound();
  }
}
