// What IAM stores for an account, in all regions together: one record for each entity. No views. AWS: names that
// differ only in case are the same name, and keep the case in which they were given.

import {
  ofAccount,
  openRecords as openKind,
  type RecordKind,
  type Records as RecordsOf,
} from '../../aws/records.ts';
import type { Indexes } from '../../store/document-indexes.ts';
import type { Store } from '../../store/store.ts';
import { alreadyExists, limitExceeded, notFound, protectedRole } from './faults.ts';

/** What roles, users and groups have in common: their inline and attached policies. */
export interface PrincipalRecord {
  name: string;
  /** Begins and ends with a slash: `/`, `/team/`. */
  path: string;
  id: string;
  /** Policy name -> document, as the client sent it. */
  inline: Record<string, string>;
  /** ARNs of managed policies. */
  attached: string[];
  tags: Record<string, string>;
  /** Milliseconds since the epoch, like all times here. */
  createdAt: number;
}

/** A role. `trustPolicy` is the document that says who may assume it. */
export interface RoleRecord extends PrincipalRecord {
  trustPolicy: string;
  description?: string;
  maxSessionSeconds: number;
  /** ARN of a managed policy. */
  boundary?: string;
}

/** The path of service-linked roles, which only AWS's services change. */
export const SERVICE_ROLE_PATH = '/aws-service-role/';

/** Returns the record. Throws UnmodifiableEntity for a service-linked role. */
export function modifiable<T extends PrincipalRecord>(record: T): T {
  if ('trustPolicy' in record && record.path.startsWith(SERVICE_ROLE_PATH)) throw protectedRole(record.name);
  return record;
}

/** A user, with the names of its groups. */
export interface UserRecord extends PrincipalRecord {
  /** ARN of a managed policy. */
  boundary?: string;
  /** Says that the user has a console password. The password is not stored. */
  loginProfile?: { createdAt: number; mustChange: boolean };
  groups: string[];
  /** CreateAccessKey returns the secret once; it is not stored. */
  accessKeys: { accessKeyId: string; isActive: boolean; createdAt: number }[];
}

export type GroupRecord = PrincipalRecord;

/** A managed policy of the account. */
export interface PolicyRecord {
  name: string;
  path: string;
  id: string;
  description?: string;
  /** Oldest first. */
  versions: { versionId: string; document: string; createdAt: number }[];
  defaultVersionId: string;
  /** How many versions the policy ever had: the number of the newest one. */
  versionCount: number;
  tags: Record<string, string>;
  createdAt: number;
  updatedAt: number;
}

/** An instance profile, with the name of its role. */
export interface InstanceProfileRecord {
  name: string;
  path: string;
  id: string;
  role?: string;
  tags: Record<string, string>;
  createdAt: number;
}

/** IAM's collections. */
export interface Records {
  /** Indexes: `attached` and `boundary`, both by policy ARN. */
  roles: RecordsOf<RoleRecord>;
  /** Indexes: `attached`, `boundary`, `group` and `accessKey`. */
  users: RecordsOf<UserRecord>;
  /** Index: `attached`. */
  groups: RecordsOf<GroupRecord>;
  policies: RecordsOf<PolicyRecord>;
  /** Index: `role`, by name. */
  instanceProfiles: RecordsOf<InstanceProfileRecord>;
}

/** The store's key of a name. Lists are sorted by it. */
export const keyOf = (name: string): string => name.toLowerCase();

interface Entity {
  /** The name that errors use: `Role`, `Instance Profile`. */
  kind: string;
  /** AWS's name of the quota, and its value. */
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

/** Opens IAM's collections in the store. */
export const openRecords = (store: Store): Records => ({
  roles: openKind(store, ROLE),
  users: openKind(store, USER),
  groups: openKind(store, GROUP),
  policies: openKind(store, POLICY),
  instanceProfiles: openKind(store, INSTANCE_PROFILE),
});
