// What IAM keeps of an account, one record an entity. No views, no rules.

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

export interface UserRecord extends PrincipalRecord {
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
