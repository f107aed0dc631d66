// Owners of resources. AWS shows a canonical id, which is derived from the account here. AWS: no display name since
// 2025. Pure.

import { derivedHex } from '../../../kernel/ids.ts';

/** An owner as answers show it. */
export interface Owner {
  ID: string;
}

/** The owner of an account's resources. */
export const ownerOf = (accountId: string): Owner => ({ ID: derivedHex(64, 's3-owner', accountId) });

/** AWS: the access control list of a resource without one. */
export function privateAcl(accountId: string) {
  const owner = ownerOf(accountId);
  return {
    Owner: owner,
    Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const }],
  };
}
