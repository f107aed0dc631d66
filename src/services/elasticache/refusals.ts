// What Millpond does not do yet is refused, never swallowed: a request that asks for it is told so by name.

import { invalidParameterCombination } from './faults.ts';

interface Asked {
  TransitEncryptionEnabled?: boolean | undefined;
  TransitEncryptionMode?: string | undefined;
  AuthToken?: string | undefined;
  UserGroupIds?: string[] | undefined;
  UserGroupIdsToAdd?: string[] | undefined;
  SnapshotName?: string | undefined;
  SnapshotArns?: string[] | undefined;
  ServerlessCacheSnapshotName?: string | undefined;
  GlobalReplicationGroupId?: string | undefined;
  FinalSnapshotIdentifier?: string | undefined;
  CacheSecurityGroupNames?: string[] | undefined;
  ClusterMode?: string | undefined;
  DataTieringEnabled?: boolean | undefined;
  Durability?: string | undefined;
}

const REFUSED: { [K in keyof Asked]-?: (value: NonNullable<Asked[K]>) => string | undefined } = {
  TransitEncryptionEnabled: (on) => (on ? 'encryption in transit' : undefined),
  TransitEncryptionMode: () => 'encryption in transit',
  AuthToken: () => 'AUTH tokens',
  UserGroupIds: (ids) => (ids.length > 0 ? 'user groups' : undefined),
  UserGroupIdsToAdd: (ids) => (ids.length > 0 ? 'user groups' : undefined),
  SnapshotName: () => 'restoring from a snapshot',
  SnapshotArns: (arns) => (arns.length > 0 ? 'restoring from a snapshot' : undefined),
  ServerlessCacheSnapshotName: () => 'restoring from a snapshot',
  GlobalReplicationGroupId: () => 'global datastores',
  FinalSnapshotIdentifier: () => 'final snapshots',
  CacheSecurityGroupNames: (names) => (names.length > 0 ? 'cache security groups (EC2-Classic)' : undefined),
  ClusterMode: (mode) => (mode === 'compatible' ? 'the cluster mode “compatible”' : undefined),
  DataTieringEnabled: (on) => (on ? 'data tiering' : undefined),
  Durability: (durability) =>
    durability === 'default' || durability === 'disabled' ? undefined : 'durability',
};

/** Throws InvalidParameterCombination naming the first parameter that Millpond cannot honour. */
export function refuseWhatIsMissing(asked: Asked): void {
  for (const name of Object.keys(REFUSED) as (keyof Asked)[]) {
    const value = asked[name];
    if (value === undefined || value === null) continue;
    const gap = (REFUSED[name] as (value: unknown) => string | undefined)(value);
    if (gap) throw invalidParameterCombination(`${name}: Millpond does not support ${gap} yet.`);
  }
}
