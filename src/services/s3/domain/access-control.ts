// Access control lists: their validation, and when a bucket accepts them. They are recorded and not enforced. Pure.

import {
  aclNotSupported,
  bucketAclWithOwnership,
  malformedAcl,
  missingSecurityHeader,
  unexpectedContent,
} from '../faults/access.ts';
import { accessDenied } from '../faults/buckets.ts';
import { invalidArgument, invalidRequest } from '../faults/requests.ts';
import type { AccessControlPolicy, Grant, OwnershipControls } from './given-settings.ts';
import { ownerOf, privateAcl } from './owner.ts';
import type { BucketRecord } from './records.ts';

const GROUPS = 'http://acs.amazonaws.com/groups';
const ALL_USERS = `${GROUPS}/global/AllUsers`;
const AUTHENTICATED = `${GROUPS}/global/AuthenticatedUsers`;
const LOG_DELIVERY = `${GROUPS}/s3/LogDelivery`;
const KNOWN_GROUPS = new Set([ALL_USERS, AUTHENTICATED, LOG_DELIVERY]);
const PERMISSIONS = new Set(['FULL_CONTROL', 'READ', 'WRITE', 'READ_ACP', 'WRITE_ACP']);
const CANONICAL_ID = /^[0-9a-f]{64}$/;
const MOST_GRANTS = 100;

/** The grants of each canned list, besides the owner's full control. */
const CANNED: Record<string, [group: string, permission: string][]> = {
  private: [],
  'public-read': [[ALL_USERS, 'READ']],
  'public-read-write': [
    [ALL_USERS, 'READ'],
    [ALL_USERS, 'WRITE'],
  ],
  'authenticated-read': [[AUTHENTICATED, 'READ']],
  'log-delivery-write': [
    [LOG_DELIVERY, 'WRITE'],
    [LOG_DELIVERY, 'READ_ACP'],
  ],
  'aws-exec-read': [],
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
};

/** The members of requests that give an access control list. */
export interface AclInput {
  ACL?: string | undefined;
  AccessControlPolicy?: AccessControlPolicy | undefined;
  GrantFullControl?: string | undefined;
  GrantRead?: string | undefined;
  GrantReadACP?: string | undefined;
  GrantWrite?: string | undefined;
  GrantWriteACP?: string | undefined;
}

const HEADERS = [
  ['GrantFullControl', 'FULL_CONTROL', 'x-amz-grant-full-control'],
  ['GrantRead', 'READ', 'x-amz-grant-read'],
  ['GrantReadACP', 'READ_ACP', 'x-amz-grant-read-acp'],
  ['GrantWrite', 'WRITE', 'x-amz-grant-write'],
  ['GrantWriteACP', 'WRITE_ACP', 'x-amz-grant-write-acp'],
] as const;

/**
 * The access control list of a request, for a resource of `accountId`; `undefined` if the request gives none. Throws
 * InvalidArgument, InvalidRequest, MalformedACLError, UnexpectedContent.
 */
export function readAcl(input: AclInput, accountId: string): AccessControlPolicy | undefined {
  const headers = HEADERS.filter(([member]) => input[member] !== undefined);
  const { ACL, AccessControlPolicy: given } = input;
  if (ACL !== undefined && headers.length > 0) {
    throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed');
  }
  if (given && (ACL !== undefined || headers.length > 0)) throw unexpectedContent();
  if (given) return checkPolicy(given);
  if (ACL !== undefined) return cannedAcl(ACL, accountId);
  if (headers.length === 0) return undefined;
  const grants = headers.flatMap(([member, permission, header]) =>
    input[member]!.split(',').map((grantee) => readGrant(grantee.trim(), permission, header)),
  );
  if (grants.length > MOST_GRANTS) throw malformedAcl();
  return { Owner: ownerOf(accountId), Grants: grants };
}

function cannedAcl(name: string, accountId: string): AccessControlPolicy {
  if (!Object.hasOwn(CANNED, name)) throw invalidArgument('', 'x-amz-acl', name.slice(0, 100));
  const own = privateAcl(accountId);
  const others = CANNED[name]!.map(([URI, Permission]) => ({ Grantee: { Type: 'Group', URI }, Permission }));
  return { Owner: own.Owner, Grants: [...own.Grants, ...(others as Grant[])] };
}

function readGrant(text: string, Permission: Grant['Permission'], header: string): Grant {
  const [, kind, value = ''] = /^(uri|id|emailAddress)="?([^"]*)"?$/.exec(text) ?? [];
  switch (kind) {
    case 'uri':
      checkGroup(value, 'uri');
      return { Grantee: { Type: 'Group', URI: value }, Permission };
    case 'id':
      checkId(value, 'id');
      return { Grantee: { Type: 'CanonicalUser', ID: value }, Permission };
    case 'emailAddress':
      throw invalidArgument(
        'Grants to e-mail addresses are not supported by this region',
        header,
        text.slice(0, 1024),
      );
    default:
      throw invalidArgument('Argument format not recognized', header, text.slice(0, 1024));
  }
}

function checkPolicy({ Owner, Grants }: AccessControlPolicy): AccessControlPolicy {
  if (!Owner || !Grants || Grants.length > MOST_GRANTS) throw malformedAcl();
  checkId(Owner.ID ?? '', 'CanonicalUser/ID');
  for (const { Grantee, Permission } of Grants) {
    if (!Permission || !PERMISSIONS.has(Permission)) throw malformedAcl();
    if (Grantee?.Type === 'Group') checkGroup(Grantee.URI ?? '', 'Group/URI');
    else if (Grantee?.Type === 'CanonicalUser') checkId(Grantee.ID ?? '', 'CanonicalUser/ID');
    else throw malformedAcl();
  }
  return {
    Owner: { ID: Owner.ID! },
    // Older clients send display names, which are dropped.
    Grants: Grants.map(({ Grantee, Permission }) => ({ Grantee: granteeOf(Grantee!), Permission })),
  };
}

function granteeOf({ Type, ID, URI }: NonNullable<Grant['Grantee']>): NonNullable<Grant['Grantee']> {
  return { Type, ...(ID !== undefined && { ID }), ...(URI !== undefined && { URI }) };
}

function checkGroup(uri: string, name: string): void {
  if (!KNOWN_GROUPS.has(uri)) throw invalidArgument('Invalid group uri', name, uri.slice(0, 1024));
}

function checkId(id: string, name: string): void {
  if (!CANONICAL_ID.test(id)) throw invalidArgument('Invalid id', name, id.slice(0, 1024));
}

/** Whether the bucket's ownership setting disables access control lists (BucketOwnerEnforced). */
export const isEnforced = ({ settings }: Pick<BucketRecord, 'settings'>): boolean =>
  (settings.OwnershipControls as OwnershipControls | undefined)?.Rules?.[0]?.ObjectOwnership ===
  'BucketOwnerEnforced';

/** The list of PutBucketAcl and PutObjectAcl, which must give one. Throws a Fault. */
export function requireAcl(input: AclInput, bucket: BucketRecord): AccessControlPolicy {
  const acl = readAcl(input, bucket.accountId);
  if (!acl) throw missingSecurityHeader('x-amz-acl');
  if (isEnforced(bucket)) throw aclNotSupported();
  checkPublic(acl, bucket);
  return acl;
}

/** The list of an upload; `undefined` if it gives none. Throws a Fault. */
export function aclOfNew(input: AclInput, bucket: BucketRecord): AccessControlPolicy | undefined {
  const acl = readAcl(input, bucket.accountId);
  if (!acl) return undefined;
  // AWS: every bucket accepts this list, because it changes nothing.
  if (isEnforced(bucket) && input.ACL !== 'bucket-owner-full-control') throw aclNotSupported();
  checkPublic(acl, bucket);
  return acl;
}

/** Throws AccessDenied if the bucket blocks public lists and this one is public. */
function checkPublic(
  { Grants = [] }: AccessControlPolicy,
  { settings }: Pick<BucketRecord, 'settings'>,
): void {
  const block = settings.PublicAccessBlockConfiguration as { BlockPublicAcls?: boolean } | undefined;
  const isPublic = Grants.some(({ Grantee }) => Grantee?.URI === ALL_USERS || Grantee?.URI === AUTHENTICATED);
  if (block?.BlockPublicAcls && isPublic) throw accessDenied();
}

const OWNERSHIPS = ['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'];

/** Validates the ownership setting of a new bucket. Throws InvalidArgument. */
export function ownershipOf(asked = 'BucketOwnerEnforced'): string {
  if (OWNERSHIPS.includes(asked)) return asked;
  const message = `Invalid x-amz-object-ownership header: ${asked.slice(0, 100)}`;
  throw invalidArgument(message, 'x-amz-object-ownership');
}

/** The list of a new bucket; `undefined` if it is private. Throws a Fault. */
export function aclOfBucket(
  input: AclInput,
  bucket: Pick<BucketRecord, 'accountId' | 'settings'>,
): AccessControlPolicy | undefined {
  const acl = readAcl(input, bucket.accountId);
  if (!acl || input.ACL === 'private') return undefined;
  if (isEnforced(bucket)) throw bucketAclWithOwnership();
  checkPublic(acl, bucket);
  return acl;
}
