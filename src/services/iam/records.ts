// What IAM keeps of an account, whichever region is asked: one record an entity. No views. AWS: names differ by more than
// case, and are kept as they were given.

import {
  ofAccount,
  openRecords as openKind,
  type RecordKind,
  type Records as RecordsOf,
} from '../../aws/records.ts';
import type { Indexes } from '../../store/document-indexes.ts';
import type { Store } from '../../store/store.ts';
import { alreadyExists, limitExceeded, notFound, protectedRole } from './faults.ts';

/** What roles, users and groups have in common: policies within and attached. */
export interface PrincipalRecord {
  name: string;
  /** `/`, or `/team/`. */
  path: string;
  id: string;
  /** Policy documents as given, by policy name. */
  inline: Record<string, string>;
  /** ARNs of managed policies. */
  attached: string[];
  tags: Record<string, string>;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
}

export interface RoleRecord extends PrincipalRecord {
  trustPolicy: string;
  description?: string;
  maxSessionSeconds: number;
  /** ARN of a managed policy. */
  boundary?: string;
}

/** Below it are the roles of AWS's services, which only they change. */
export const SERVICE_ROLE_PATH = '/aws-service-role/';

/** The record itself. Throws UnmodifiableEntity for a role of a service. */
export function modifiable<T extends PrincipalRecord>(record: T): T {
  if ('trustPolicy' in record && record.path.startsWith(SERVICE_ROLE_PATH)) throw protectedRole(record.name);
  return record;
}

export interface UserRecord extends PrincipalRecord {
  /** ARN of a managed policy. */
  boundary?: string;
  /** A password for the console; it is not kept. */
  loginProfile?: { createdAt: number; mustChange: boolean };
  groups: string[];
  /** Their secrets are told once and not kept. */
  accessKeys: { accessKeyId: string; isActive: boolean; createdAt: number }[];
}

export type GroupRecord = PrincipalRecord;

export interface PolicyRecord {
  name: string;
  path: string;
  id: string;
  description?: string;
  /** Oldest first. */
  versions: { versionId: string; document: string; createdAt: number }[];
  defaultVersionId: string;
  /** How many versions there ever were. */
  versionCount: number;
  tags: Record<string, string>;
  createdAt: number;
  updatedAt: number;
}

export interface InstanceProfileRecord {
  name: string;
  path: string;
  id: string;
  role?: string;
  tags: Record<string, string>;
  createdAt: number;
}

export interface Records {
  /** Found by `attached` and `boundary`, both ARNs of policies. */
  roles: RecordsOf<RoleRecord>;
  /** Found by `attached`, `boundary`, `group` and `accessKey`. */
  users: RecordsOf<UserRecord>;
  /** Found by `attached`. */
  groups: RecordsOf<GroupRecord>;
  policies: RecordsOf<PolicyRecord>;
  /** Found by `role`. */
  instanceProfiles: RecordsOf<InstanceProfileRecord>;
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

export const openRecords = (store: Store): Records => ({
  roles: openKind(store, ROLE),
  users: openKind(store, USER),
  groups: openKind(store, GROUP),
  policies: openKind(store, POLICY),
  instanceProfiles: openKind(store, INSTANCE_PROFILE),
});
