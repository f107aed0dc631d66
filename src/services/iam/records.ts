// What IAM keeps of an account, one record an entity. No views.

import { protectedRole } from './faults.ts';

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
