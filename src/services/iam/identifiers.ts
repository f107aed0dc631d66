// Names, paths, ids and ARNs of IAM's entities.

import { randomInt } from 'node:crypto';
import { partitionOf, type Scope } from '../../kernel/scope.ts';
import { invalidName, invalidPath, nameTooLong } from './faults.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ID_LENGTH = 17;

/** e.g. `AROA` and 17 letters and digits. */
export function newId(prefix: string): string {
  let id = prefix;
  for (let i = 0; i < ID_LENGTH; i++) id += LETTERS[randomInt(LETTERS.length)];
  return id;
}

/** `member` as errors name it: `roleName`. */
export function checkName(name: string, member: string, limit: number): string {
  if (name.length > limit) throw nameTooLong(member, name, limit);
  if (!/^[\w+=,.@-]+$/.test(name)) throw invalidName(member);
  return name;
}

export function pathOf(given: string | undefined): string {
  const path = given ?? '/';
  if (path.length > 512 || !/^\/([\x21-\x7e]*\/)?$/.test(path)) throw invalidPath();
  return path;
}

/** AWS: IAM has no regions; of the region only the partition counts. `resource`: `role`, `instance-profile`… */
export const arnOf = (scope: Scope, resource: string, entity: { path: string; name: string }): string =>
  `arn:${partitionOf(scope.region)}:iam::${scope.accountId}:${resource}${entity.path}${entity.name}`;
