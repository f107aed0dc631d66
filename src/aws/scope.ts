// The owner of a resource: everything in Millpond belongs to one account and one region.

/** An account and a region. */
export interface Scope {
  accountId: string;
  region: string;
}

/** The account of requests that name none. */
export const DEFAULT_ACCOUNT_ID = '000000000000';

/** A scope as a key of maps: `account/region`. */
export const scopeKey = (scope: Scope): string => `${scope.accountId}/${scope.region}`;

/** The partition of the region's ARNs. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
