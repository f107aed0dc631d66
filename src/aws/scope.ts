// Whose resources a request sees: everything in Millpond belongs to one account and one region.

export interface Scope {
  accountId: string;
  region: string;
}

/** The account of everyone who names none. */
export const DEFAULT_ACCOUNT_ID = '000000000000';

export const scopeKey = (scope: Scope): string => `${scope.accountId}/${scope.region}`;

/** The partition an ARN of this region begins with. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
