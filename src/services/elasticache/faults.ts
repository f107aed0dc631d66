// Every fault that ElastiCache returns: one named function each, with its exact text. The SDK's types check the shape
// names; codes and HTTP statuses come from the schema.
//
// AWS: texts without a remark are verbatim from the service or its documentation. Texts marked `own` are Millpond's.

import { Fault } from '../../wire/fault.ts';

type SdkModule = typeof import('@aws-sdk/client-elasticache');

/** The names of the SDK's modelled errors: the classes that have `$fault`. */
export type FaultShape = {
  [K in keyof SdkModule]: SdkModule[K] extends abstract new (
    ...args: never[]
  ) => { readonly $fault: 'client' | 'server'; name: infer N }
    ? string extends N
      ? never
      : N
    : never;
}[keyof SdkModule] &
  string;

const fault = (shape: FaultShape, message: string): Fault => new Fault(shape, message);

// Parameters

export const invalidParameterValue = (message: string): Fault =>
  fault('InvalidParameterValueException', message);

export const invalidParameterCombination = (message: string): Fault =>
  fault('InvalidParameterCombinationException', message);

export const missingParameter = (name: string): Fault =>
  invalidParameterValue(`The parameter ${name} must be provided.`);

export const blankParameter = (name: string): Fault =>
  invalidParameterValue(`The parameter ${name} must be provided and must not be blank.`);

/** For an id or name with characters that AWS does not allow. */
export const invalidIdentifier = (name: string): Fault =>
  invalidParameterValue(
    `The parameter ${name} is not a valid identifier. Identifiers must begin with a letter; must contain only ` +
      'ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.',
  );

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
export const invalidNodeType = (name: string): Fault =>
  invalidParameterValue(`Invalid Cache Node Type: ${name.slice(0, 100)}.`);

/** Text: own. */
export const nodeTypeNotOffered = (from: string, to: string): Fault =>
  invalidParameterValue(
    `Cannot modify the cache node type from ${from} to ${to}. ` +
      'ListAllowedNodeTypeModifications lists the possible node types.',
  );

/** Text: own. */
export const invalidTopicArn = (arn: string): Fault =>
  invalidParameterValue(
    `The notification topic ARN ${arn.slice(0, 300)} does not name an SNS topic of this account and region.`,
  );

/** For a modify request that changes nothing. */
export const noModificationsRequested = (): Fault =>
  invalidParameterValue('No modifications were requested.');

/** Text: own. */
export const invalidMaxRecords = (name: string, given: number, least: number, most: number): Fault =>
  invalidParameterValue(`Invalid value ${given} for ${name}. Must be between ${least} and ${most}`);

/** Text: own. */
export const invalidMarker = (): Fault => invalidParameterValue('The marker is not valid.');

/** Text: own. */
export const descriptionTooLong = (name: string, most: number): Fault =>
  invalidParameterValue(`The parameter ${name} must have at most ${most} characters.`);

// Replication groups

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

// Cache clusters

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

// Quotas

/** `limit`: nodes of a cluster. */
export const nodeQuotaForClusterExceededFault = (limit: number): Fault =>
  fault(
    'NodeQuotaForClusterExceededFault',
    `Cluster node quota exceeded. Each cluster can have at most ${limit} nodes in this region.`,
  );

export const nodeQuotaForCustomerExceededFault = (limit: number): Fault =>
  fault(
    'NodeQuotaForCustomerExceededFault',
    `Customer node quota exceeded. You can have at most ${limit} nodes in this region`,
  );

/** Text: own. */
export const clusterQuotaForCustomerExceededFault = (limit: number): Fault =>
  fault(
    'ClusterQuotaForCustomerExceededFault',
    `Cluster quota exceeded. You can have at most ${limit} clusters in this region.`,
  );

/** Text: own. */
export const nodeGroupsPerReplicationGroupQuotaExceededFault = (limit: number): Fault =>
  fault(
    'NodeGroupsPerReplicationGroupQuotaExceededFault',
    `Node group quota exceeded. Each replication group can have at most ${limit} node groups.`,
  );

// Parameter groups

/** Text: azavea/terraform-aws-redis-elasticache issue 12 (December 2017), of CreateReplicationGroup. */
export const cacheParameterGroupNotFoundFault = (name: string): Fault =>
  fault('CacheParameterGroupNotFoundFault', `CacheParameterGroup not found: ${name}`);

/** Text: floci-io/floci pull request 2392 (August 2026), which asked AWS for DescribeCacheParameterGroups. */
export const describedParameterGroupNotFound = (name: string): Fault =>
  fault('CacheParameterGroupNotFoundFault', `CacheParameterGroup ${name} not found.`);

/** Text: floci-io/floci pull request 2392 (August 2026), without the blank. */
export const deletedParameterGroupNotFound = (name: string): Fault =>
  fault('CacheParameterGroupNotFoundFault', `CacheParameterGroupnot found: ${name}`);

/** Text: floci-io/floci pull request 2392 (August 2026). */
export const cacheParameterGroupAlreadyExistsFault = (name: string): Fault =>
  fault('CacheParameterGroupAlreadyExistsFault', `Parameter group ${name} already exists`);

/** Text: own. */
export const cacheParameterGroupQuotaExceededFault = (limit: number): Fault =>
  fault(
    'CacheParameterGroupQuotaExceededFault',
    `Parameter group quota exceeded. You can have at most ${limit} cache parameter groups in this region.`,
  );

export const cacheParameterGroupInUse = (name: string): Fault =>
  invalidCacheParameterGroupStateFault(
    `One or more cache clusters are still members of this parameter group ${name}, so the group cannot be deleted.`,
  );

export const invalidCacheParameterGroupStateFault = (message: string): Fault =>
  fault('InvalidCacheParameterGroupStateFault', message);

/** For a parameter that customers cannot change, or not while a cluster uses it. */
export const parameterNotModifiable = (name: string): Fault =>
  invalidParameterValue(`The parameter ${name} cannot be modified.`);

/** `expected`: the family of the engine version. `found`: that of the parameter group. */
export const parameterGroupFamilyMismatch = (expected: string, found: string): Fault =>
  invalidParameterCombination(
    `Expected a parameter group of family ${expected} but found one of family ${found}`,
  );

export const engineVersionNotFound = (engine: string, version: string): Fault =>
  invalidParameterCombination(`Cannot find version ${version} for ${engine}`);

/** Text: Terraform's provider quotes it for two versions of one engine. */
export const engineDowngrade = (fromEngine: string, from: string, toEngine: string, to: string): Fault =>
  invalidParameterCombination(
    `Cannot modify ${fromEngine} from ${from} to ${fromEngine === toEngine ? '' : `${toEngine} `}${to}`,
  );

/** For `7.0.7` where AWS lists only `7.0`. */
export const specificVersionNotAllowed = (requested: string, listed: string): Fault =>
  invalidParameterValue(
    `Specific version selection is not allowed for '${requested}', please use '${listed}'`,
  );

// Subnet groups

/** Text: notes of a deployment (2025). */
export const cacheSubnetGroupNotFoundFault = (name: string): Fault =>
  fault('CacheSubnetGroupNotFoundFault', `Cache Subnet Group ${name} does not exist.`);

export const cacheSubnetGroupAlreadyExistsFault = (name: string): Fault =>
  fault('CacheSubnetGroupAlreadyExistsFault', `Cache subnet group ${name} already exists.`);

/**
 * Text: aws/aws-cdk issue 6935 (March 2020), terraform-aws-modules/terraform-aws-elasticache pull request 29 (2025).
 */
export const cacheSubnetGroupInUse = (name: string): Fault =>
  fault('CacheSubnetGroupInUse', `Cache subnet group ${name} is currently in use by a cache cluster.`);

/** Text: own. */
export const cacheSubnetGroupQuotaExceededFault = (limit: number): Fault =>
  fault(
    'CacheSubnetGroupQuotaExceededFault',
    `Subnet group quota exceeded. You can have at most ${limit} cache subnet groups in this region.`,
  );

/** Text: own. */
export const cacheSubnetQuotaExceededFault = (limit: number): Fault =>
  fault(
    'CacheSubnetQuotaExceededFault',
    `Subnet quota exceeded. A cache subnet group can have at most ${limit} subnets.`,
  );

/** Text: own. For two subnets of different VPCs, AWS's text is known: `subnetsOfSeveralVpcs`. */
export const invalidSubnet = (message: string): Fault => fault('InvalidSubnet', message);

/** For subnets of different VPCs. */
export const subnetsOfSeveralVpcs = (one: string, other: string): Fault =>
  invalidSubnet(`Subnets ${one} and ${other} are not in the same VPC.`);

/** AWS: lists all requested subnets, not only the unknown ones. */
export const subnetsNotFound = (ids: readonly string[]): Fault =>
  invalidParameterValue(`Some input subnets in :[${ids.join(', ')}] are invalid.`);

/** Text: own. */
export const subnetInUse = (ids: readonly string[]): Fault =>
  fault('SubnetInUse', `The following subnets are in use by cache clusters: [${ids.join(', ')}]`);

/** Text: own. */
export const subnetNotAllowedFault = (message: string): Fault => fault('SubnetNotAllowedFault', message);

// Security groups of EC2-Classic

/** Text: own. */
export const cacheSecurityGroupNotFoundFault = (name: string): Fault =>
  fault('CacheSecurityGroupNotFoundFault', `CacheSecurityGroup not found: ${name}`);

// Tags

/** For an ARN that is malformed, or of another service, account or region. */
export const invalidArnFault = (message: string): Fault => fault('InvalidARNFault', message);

/** Text: own. */
export const tagNotFoundFault = (keys: readonly string[]): Fault =>
  fault('TagNotFoundFault', `The following tag keys are not on the resource: [${keys.join(', ')}]`);

/** Text: own. */
export const tagQuotaPerResourceExceeded = (limit: number): Fault =>
  fault('TagQuotaPerResourceExceeded', `Tag quota exceeded. A resource can have at most ${limit} tags.`);

// Snapshots, users and other resources that a request can name

/** Text: own. */
export const snapshotNotFoundFault = (name: string): Fault =>
  fault('SnapshotNotFoundFault', `Snapshot ${name} not found.`);

/** Text: own. */
export const snapshotFeatureNotSupportedFault = (message: string): Fault =>
  fault('SnapshotFeatureNotSupportedFault', message);

/** Text: own. */
export const userGroupNotFoundFault = (id: string): Fault =>
  fault('UserGroupNotFoundFault', `User group ${id} not found.`);

/** Text: own. */
export const userNotFoundFault = (id: string): Fault => fault('UserNotFoundFault', `User ${id} not found.`);

/** Text: own. */
export const serverlessCacheNotFoundFault = (name: string): Fault =>
  fault('ServerlessCacheNotFoundFault', `Serverless cache ${name} not found.`);

/** Text: own. */
export const serverlessCacheSnapshotNotFoundFault = (name: string): Fault =>
  fault('ServerlessCacheSnapshotNotFoundFault', `Serverless cache snapshot ${name} not found.`);

/** Text: own. */
export const reservedCacheNodeNotFoundFault = (id: string): Fault =>
  fault('ReservedCacheNodeNotFoundFault', `Reserved cache node ${id} not found.`);

/** Text: own. */
export const reservedCacheNodesOfferingNotFoundFault = (id: string): Fault =>
  fault('ReservedCacheNodesOfferingNotFoundFault', `Reserved cache nodes offering ${id} not found.`);

/** Text: own. */
export const serviceUpdateNotFoundFault = (name: string): Fault =>
  fault('ServiceUpdateNotFoundFault', `Service update ${name} not found.`);

/** Text: own. */
export const globalReplicationGroupNotFoundFault = (id: string): Fault =>
  fault('GlobalReplicationGroupNotFoundFault', `Global replication group ${id} not found.`);

// Resources of other services

export const invalidVpcNetworkStateFault = (message: string): Fault =>
  fault('InvalidVPCNetworkStateFault', message);

export const invalidKmsKeyFault = (message: string): Fault => fault('InvalidKMSKeyFault', message);

/** Text: from the documentation of the error. */
export const serviceLinkedRoleNotFoundFault = (
  message = 'The specified service linked role (SLR) was not found.',
): Fault => fault('ServiceLinkedRoleNotFoundFault', message);
