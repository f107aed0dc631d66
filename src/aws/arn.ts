// Amazon Resource Names: `arn:partition:service:region:account:resource`.

import { partitionOf, type Scope } from './scope.ts';

/** The parts of an ARN. */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  accountId: string;
  /** Everything after the fifth colon, e.g. `replicationgroup:demo`. */
  resource: string;
}

/** The ARN of a resource in this account and region. */
export function renderArn(service: string, scope: Scope, resource: string): string {
  return `arn:${partitionOf(scope.region)}:${service}:${scope.region}:${scope.accountId}:${resource}`;
}

/** `undefined` when the text is not an ARN. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  const [, partition, service, region, accountId] = parts as [string, string, string, string, string];
  return { partition, service, region, accountId, resource: parts.slice(5).join(':') };
}
