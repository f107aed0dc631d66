// Faults of replication groups and cache clusters: their settings, states and quotas.

import type { Fault } from '../../../wire/fault.ts';
import { fault } from './fault.ts';
import { invalidParameterCombination, invalidParameterValue } from './requests.ts';

/** For a snapshot window that overlaps with the maintenance window. */
export const windowsOverlap = (): Fault =>
  invalidParameterValue('The snapshot window and maintenance window must not overlap.');

export const invalidPort = (port: number): Fault =>
  invalidParameterValue(`Invalid endpoint port: ${port}. Valid range is 1150-8004,8006-65535`);

/** `most`: replicas of a node group. */
export const tooManyReplicas = (most: number): Fault =>
  invalidParameterValue(`The number of replicas per node group must be within 0 and ${most}.`);

/** For several node groups with a parameter group that has cluster mode off. */
export const clusterParameterGroupNeeded = (): Fault =>
  invalidParameterCombination(
    'Use a parameter group with cluster-enabled parameter to create more than one node group.',
  );

export const invalidNodeGroupIds = (ids: readonly string[]): Fault =>
  invalidParameterValue(`The following node group ids are invalid: [${ids.join(', ')}]`);

/** For a retention limit that turns snapshots on without a snapshotting cluster. */
export const snapshotsNotWhollyTurnedOn = (): Fault =>
  invalidParameterCombination(
    'Must specify both SnapshotRetentionLimit and SnapshottingClusterId to turn on snapshots',
  );

/** For a snapshotting cluster with cluster mode on. */
export const snapshottingInClusterMode = (): Fault =>
  invalidParameterCombination('Cannot set snapshotting cluster for cluster mode enabled replication group');

/** Text: own. */
export const invalidTopicArn = (arn: string): Fault =>
  invalidParameterValue(
    `The notification topic ARN ${arn.slice(0, 300)} does not name an SNS topic of this account and region.`,
  );

export const replicationGroupNotFoundFault = (id: string): Fault =>
  fault('ReplicationGroupNotFoundFault', `Replication group ${id} not found.`);

/** Text: crossplane-contrib/provider-jet-aws issues 158 (January 2022) and 195. */
export const replicationGroupAlreadyExistsFault = (): Fault =>
  fault('ReplicationGroupAlreadyExistsFault', 'Replication group with specified name already exists.');

/** The default text is for a modify request. */
export const invalidReplicationGroupStateFault = (
  message = 'Replication group must be in available state to modify.',
): Fault => fault('InvalidReplicationGroupStateFault', message);

/** Text: own. */
export const nodeGroupNotFoundFault = (id: string): Fault =>
  fault('NodeGroupNotFoundFault', `Node group ${id} not found.`);

/** For a group that cannot fail over now. */
export const testFailoverNotAvailableFault = (message = 'The TestFailover action is not available.'): Fault =>
  fault('TestFailoverNotAvailableFault', message);

/** Text: from the documentation of the error. */
export const apiCallRateForCustomerExceededFault = (): Fault =>
  fault('APICallRateForCustomerExceededFault', 'The customer has exceeded the allowed rate of API calls.');

/** For a request whose result is the present state. */
export const noOperationFault = (
  message = 'The operation was not performed because no changes were required.',
): Fault => fault('NoOperationFault', message);

/** Text: aws/aws-cli issue 4816 (January 2020; of ModifyCacheCluster, September 2023). */
export const cacheClusterNotFoundFault = (id: string): Fault =>
  fault('CacheClusterNotFoundFault', `CacheCluster not found: ${id}`);

/** Text: turbot/steampipe-plugin-aws issue 446 (May 2021), of the operations on tags. */
export const cacheClusterNotPresent = (id: string): Fault =>
  fault('CacheClusterNotFoundFault', `${id} is either not present or not available.`);

/** Text: hashicorp/terraform-provider-aws issue 41567 (February 2025). */
export const snapshottingClusterNotFound = (): Fault =>
  fault('CacheClusterNotFoundFault', 'Specified snapshotting cluster does not exist');

/**
 * Text: ansible/ansible issue 29876 (February 2016), cloudposse/terraform-aws-elasticache-memcached issue 60 (June
 * 2023).
 */
export const cacheClusterAlreadyExistsFault = (): Fault =>
  fault('CacheClusterAlreadyExistsFault', 'Cache cluster already exists');

/** For a cluster that is not in the state that the request needs. */
export const invalidCacheClusterStateFault = (
  message = 'The requested cluster is not in the available state.',
): Fault => fault('InvalidCacheClusterStateFault', message);

/** For a cluster that is being created, changed or deleted. */
export const cacheClusterNotDeletable = (id: string): Fault =>
  invalidCacheClusterStateFault(`Cache cluster ${id} is not in a valid state to be deleted`);

/** For the primary of a group with replicas. */
export const primaryNotDeletable = (id: string, groupId: string): Fault =>
  invalidCacheClusterStateFault(
    `Cache cluster ${id} is serving as primary for replication group ${groupId} and cannot be deleted. ` +
      'To delete the entire replication group, use DeleteReplicationGroup.',
  );

/** For the last member of a group. */
export const onlyMemberNotDeletable = (): Fault =>
  invalidCacheClusterStateFault(
    'Cannot delete the cache cluster since it is the only member of a replication group. ' +
      'Delete the replication group instead.',
  );

/** Text: the host's reason. AWS: says that the zone lacks capacity. */
export const insufficientCacheClusterCapacityFault = (message: string): Fault =>
  fault('InsufficientCacheClusterCapacityFault', message);

/** `limit`: nodes of a cluster. */
export const nodeQuotaForClusterExceededFault = (limit: number): Fault =>
  fault(
    'NodeQuotaForClusterExceededFault',
    `Cluster node quota exceeded. Each cluster can have at most ${limit} nodes in this region.`,
  );

/** Text: own. */
export const nodeGroupsPerReplicationGroupQuotaExceededFault = (limit: number): Fault =>
  fault(
    'NodeGroupsPerReplicationGroupQuotaExceededFault',
    `Node group quota exceeded. Each replication group can have at most ${limit} node groups.`,
  );
