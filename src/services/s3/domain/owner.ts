// Who owns things: AWS shows a canonical id, which here is derived from the account. AWS: no display name since 2025.
// Pure.

import { derivedHex } from '../../../kernel/ids.ts';

export interface Owner {
  ID: string;
}

export const ownerOf = (accountId: string): Owner => ({ ID: derivedHex(64, 's3-owner', accountId) });

/** AWS: the access control list of everything for which none was given. */
export function privateAcl(accountId: string) {
  const owner = ownerOf(accountId);
  return {
    Owner: owner,
    Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const }],
  };
}
