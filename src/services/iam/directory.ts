// All that IAM keeps of an account, whichever region is asked. AWS: names differ by more than case, and are kept as they
// were given.

import { ofAccount, openRecords, type RecordKind, type Records } from '../../aws/records.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Indexes } from '../../store/document-indexes.ts';
import type { Store } from '../../store/store.ts';
import { alreadyExists, limitExceeded, notFound } from './faults.ts';
import type { GroupRecord, InstanceProfileRecord, PolicyRecord, RoleRecord, UserRecord } from './records.ts';

export interface Directory {
  /** Found by `attached` and `boundary`, both ARNs of policies. */
  roles: Records<RoleRecord>;
  /** Found by `attached`, `boundary`, `group` and `accessKey`. */
  users: Records<UserRecord>;
  /** Found by `attached`. */
  groups: Records<GroupRecord>;
  policies: Records<PolicyRecord>;
  /** Found by `role`. */
  instanceProfiles: Records<InstanceProfileRecord>;
  transaction<T>(work: () => T): T;
  now(): number;
}

/** What lists sort by. */
export const keyOf = (name: string): string => name.toLowerCase();

interface Entity {
  /** As errors name it: `Role`, `Instance Profile`. */
  kind: string;
  /** Its name and how many there may be. */
  quota: [name: string, most: number];
}

function kindOf<T extends { name: string }>(
  collection: string,
  { kind, quota: [quota, most] }: Entity,
  indexes: Indexes<T> = {},
): RecordKind<T> {
  return {
    collection,
    idOf: ({ name }) => name,
    keyOf,
    placeOf: ofAccount,
    indexes,
    notFound: (name) => notFound(kind, name),
    exists: (name) => alreadyExists(kind, name),
    quota: { most, exceeded: (limit) => limitExceeded(quota, limit) },
  };
}

const ROLE = kindOf<RoleRecord>(
  'iam/role',
  { kind: 'Role', quota: ['RolesPerAccount', 5_000] },
  { attached: ({ attached }) => attached, boundary: ({ boundary }) => boundary },
);

const USER = kindOf<UserRecord>(
  'iam/user',
  { kind: 'User', quota: ['UsersPerAccount', 5_000] },
  {
    attached: ({ attached }) => attached,
    boundary: ({ boundary }) => boundary,
    group: ({ groups }) => groups,
    accessKey: ({ accessKeys }) => accessKeys.map(({ accessKeyId }) => accessKeyId),
  },
);

const GROUP = kindOf<GroupRecord>(
  'iam/group',
  { kind: 'Group', quota: ['GroupsPerAccount', 500] },
  { attached: ({ attached }) => attached },
);

const POLICY = kindOf<PolicyRecord>('iam/policy', { kind: 'Policy', quota: ['PoliciesPerAccount', 5_000] });

const INSTANCE_PROFILE = kindOf<InstanceProfileRecord>(
  'iam/instance-profile',
  { kind: 'Instance Profile', quota: ['InstanceProfilesPerAccount', 5_000] },
  { role: ({ role }) => role },
);

export const openDirectory = (store: Store, clock: Clock): Directory => ({
  roles: openRecords(store, ROLE),
  users: openRecords(store, USER),
  groups: openRecords(store, GROUP),
  policies: openRecords(store, POLICY),
  instanceProfiles: openRecords(store, INSTANCE_PROFILE),
  transaction: (work) => store.transaction(work),
  now: () => clock.now(),
});
