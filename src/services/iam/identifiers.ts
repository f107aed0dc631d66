// Ids and ARNs of IAM's entities.

import { randomInt } from 'node:crypto';
import { partitionOf, type Scope } from '../../aws/scope.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ID_LENGTH = 17;

/** A random id: the prefix, such as `AROA`, and 17 letters and digits. */
export function newId(prefix: string): string {
  let id = prefix;
  for (let i = 0; i < ID_LENGTH; i++) id += LETTERS[randomInt(LETTERS.length)];
  return id;
}

/** The path of a new entity: `/` by default. */
export const pathOf = (given: string | undefined): string => given ?? '/';

/**
 * `resource` is the ARN's type: `role`, `instance-profile`… AWS: IAM has no regions; only the region's partition
 * matters.
 */
export const arnOf = (scope: Scope, resource: string, entity: { path: string; name: string }): string =>
  `arn:${partitionOf(scope.region)}:iam::${scope.accountId}:${resource}${entity.path}${entity.name}`;
