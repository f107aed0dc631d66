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
  LogDeliveryConfigurations?: { Enabled?: boolean | undefined }[] | undefined;
}

interface Refusal<T> {
  /** What is missing. */
  gap: string;
  /** Whether the value asks for it. */
  asks(value: T): boolean;
}

const always = () => true;
const isOn = (on: boolean) => on;
const isNotEmpty = (list: string[]) => list.length > 0;

/** By the request's parameter. */
export const REFUSED: { readonly [K in keyof Asked]-?: Refusal<NonNullable<Asked[K]>> } = {
  TransitEncryptionEnabled: { gap: 'encryption in transit', asks: isOn },
  TransitEncryptionMode: { gap: 'encryption in transit', asks: always },
  AuthToken: { gap: 'AUTH tokens', asks: always },
  UserGroupIds: { gap: 'user groups', asks: isNotEmpty },
  UserGroupIdsToAdd: { gap: 'user groups', asks: isNotEmpty },
  SnapshotName: { gap: 'restoring from a snapshot', asks: always },
  SnapshotArns: { gap: 'restoring from a snapshot', asks: isNotEmpty },
  ServerlessCacheSnapshotName: { gap: 'restoring from a snapshot', asks: always },
  GlobalReplicationGroupId: { gap: 'global datastores', asks: always },
  FinalSnapshotIdentifier: { gap: 'final snapshots', asks: always },
  CacheSecurityGroupNames: { gap: 'cache security groups (EC2-Classic)', asks: isNotEmpty },
  ClusterMode: { gap: 'the cluster mode “compatible”', asks: (mode) => mode === 'compatible' },
  DataTieringEnabled: { gap: 'data tiering', asks: isOn },
  Durability: { gap: 'durability', asks: (wanted) => wanted !== 'default' && wanted !== 'disabled' },
  LogDeliveryConfigurations: {
    gap: 'log delivery',
    asks: (requests) => requests.some(({ Enabled }) => Enabled !== false),
  },
};

/** Throws InvalidParameterCombination naming the first parameter that Millpond cannot honour. */
export function refuseWhatIsMissing(asked: Asked): void {
  for (const name of Object.keys(REFUSED) as (keyof Asked)[]) {
    const value = asked[name];
    if (value === undefined || value === null) continue;
    const { gap, asks } = REFUSED[name] as Refusal<unknown>;
    if (asks(value)) throw invalidParameterCombination(`${name}: Millpond does not support ${gap} yet.`);
  }
}
