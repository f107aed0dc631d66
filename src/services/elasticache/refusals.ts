// Refuses requests for features that Millpond does not support yet. The message names the member that asks for one.

import { invalidParameterCombination, invalidParameterValue } from './faults/requests.ts';

interface Refusal {
  /** The missing feature. */
  gap: string;
  /** Whether a given value asks for the feature. */
  asks(value: unknown): boolean;
}

const always = () => true;
const isOn = (value: unknown) => value === true;
const isNotEmpty = (value: unknown) => (value as unknown[]).length > 0;
const isNoneOf =
  (...harmless: string[]) =>
  (value: unknown) =>
    !harmless.includes(value as string);

/** By member of the request. A dot leads to a member of a list's items. */
export const REFUSED: Readonly<Record<string, Refusal>> = {
  TransitEncryptionEnabled: { gap: 'encryption in transit', asks: isOn },
  TransitEncryptionMode: { gap: 'encryption in transit', asks: always },
  AuthToken: { gap: 'AUTH tokens', asks: always },
  AuthTokenUpdateStrategy: { gap: 'AUTH tokens', asks: always },
  UserGroupIds: { gap: 'user groups', asks: isNotEmpty },
  UserGroupIdsToAdd: { gap: 'user groups', asks: isNotEmpty },
  UserGroupIdsToRemove: { gap: 'user groups', asks: isNotEmpty },
  RemoveUserGroups: { gap: 'user groups', asks: isOn },
  SnapshotName: { gap: 'restoring from a snapshot', asks: always },
  SnapshotArns: { gap: 'restoring from a snapshot', asks: isNotEmpty },
  ServerlessCacheSnapshotName: { gap: 'restoring from a snapshot', asks: always },
  GlobalReplicationGroupId: { gap: 'global datastores', asks: always },
  FinalSnapshotIdentifier: { gap: 'final snapshots', asks: always },
  CacheSecurityGroupNames: { gap: 'cache security groups (EC2-Classic)', asks: isNotEmpty },
  ClusterMode: { gap: 'the cluster mode “compatible”', asks: (mode) => mode === 'compatible' },
  DataTieringEnabled: { gap: 'data tiering', asks: isOn },
  Durability: { gap: 'durability', asks: isNoneOf('default', 'disabled') },
  LogDeliveryConfigurations: {
    gap: 'log delivery',
    asks: (requests) => (requests as { Enabled?: boolean }[]).some(({ Enabled }) => Enabled !== false),
  },
  ScaleConfig: { gap: 'scaling in steps', asks: always },
  AZMode: { gap: 'clusters of several nodes', asks: isNoneOf('single-az') },
  OutpostMode: { gap: 'Outposts', asks: always },
  PreferredOutpostArn: { gap: 'Outposts', asks: always },
  PreferredOutpostArns: { gap: 'Outposts', asks: isNotEmpty },
  'NodeGroupConfiguration.PrimaryOutpostArn': { gap: 'Outposts', asks: always },
  'NodeGroupConfiguration.ReplicaOutpostArns': { gap: 'Outposts', asks: isNotEmpty },
  'ReplicaConfiguration.PreferredOutpostArns': { gap: 'Outposts', asks: isNotEmpty },
};

/**
 * Throws InvalidParameterCombination, which names the first member that asks for an unsupported feature. Where AWS
 * refuses the request too, throws AWS's own fault.
 */
export function refuseUnsupported(asked: object): void {
  refuseInAwsWords(asked);
  for (const [path, { gap, asks }] of Object.entries(REFUSED)) {
    const isAsked = valuesAt(asked, path).some(
      (value) => value !== undefined && value !== null && asks(value),
    );
    if (isAsked) throw invalidParameterCombination(`${path}: Millpond does not support ${gap} yet.`);
  }
}

function valuesAt(asked: object, path: string): unknown[] {
  const [name, inner] = path.split('.') as [string, string?];
  const value = (asked as Record<string, unknown>)[name];
  if (inner === undefined) return [value];
  return Array.isArray(value) ? value.map((item: Record<string, unknown>) => item[inner]) : [];
}

function refuseInAwsWords(asked: {
  ClusterMode?: string | undefined;
  NodeGroupConfiguration?: { Slots?: string | undefined }[] | undefined;
  NumNodeGroups?: number | undefined;
  SnapshotArns?: string[] | undefined;
  CacheSecurityGroupNames?: string[] | undefined;
  CacheSubnetGroupName?: string | undefined;
  SecurityGroupIds?: string[] | undefined;
  TransitEncryptionEnabled?: boolean | undefined;
  UserGroupIds?: string[] | undefined;
}): void {
  if (
    asked.CacheSecurityGroupNames?.length &&
    (asked.CacheSubnetGroupName || asked.SecurityGroupIds?.length)
  ) {
    throw invalidParameterCombination(
      'Use of cache security groups is not permitted along with cache subnet group and/or security group Ids.',
    );
  }
  const { NodeGroupConfiguration: shards = [], NumNodeGroups = 1 } = asked;
  const isCluster = asked.ClusterMode === 'enabled' || NumNodeGroups > 1 || shards.length > 1;
  const hasSlots = shards.length > 0 && shards.every(({ Slots }) => Slots);
  if (asked.SnapshotArns?.length && isCluster && !hasSlots) {
    throw invalidParameterCombination(
      'Slots must be provided when restoring from snapshot ARNs with cluster mode enabled',
    );
  }
  if (asked.UserGroupIds?.length && !asked.TransitEncryptionEnabled) {
    throw invalidParameterValue(
      'User group based access control requires encryption-in-transit to be enabled on the replication group.',
    );
  }
}
