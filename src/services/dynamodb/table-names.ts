// Finds the table of a request: by its name in the account and region of the request, or by its ARN.

import { parseArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import { isUsable } from './domain/tables/model.ts';
import { resourceArnNotFound, resourceNotFound, tableNotFound, violates } from './faults/tables.ts';
import { invalid, invalidParameter } from './faults/validation.ts';
import type { OpenTable, Tables } from './storage/tables.ts';

/** Where a table is, and what it is called. */
export interface TableReference {
  scope: Scope;
  name: string;
}

const NAME = /^[a-zA-Z0-9_.-]+$/;
const LEAST = 3;
const MOST = 255;

/** Reads a name or an ARN. Throws ValidationException for a text that is neither. */
export function readTableName({ accountId, region }: Scope, given: string): TableReference {
  if (given.startsWith('arn:')) {
    const reference = readTableArn(given);
    if (!reference) throw invalid(`Invalid table ARN: ${given.slice(0, MOST)}` /* own */);
    return reference;
  }
  checkName(given, 'tableName');
  return { scope: { accountId, region }, name: given };
}

/** Throws ValidationException for a text that is no name of a table. `at` is the member of the request. */
export function checkName(given: string, at: string): void {
  if (!NAME.test(given) && given !== '') {
    throw violates(
      given.slice(0, MOST),
      at,
      'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    );
  }
  if (given.length < LEAST) {
    throw violates(given, at, `Member must have length greater than or equal to ${LEAST}`);
  }
  if (given.length > MOST) {
    throw violates(given.slice(0, MOST), at, `Member must have length less than or equal to ${MOST}`);
  }
}

function readTableArn(text: string): TableReference | undefined {
  const arn = parseArn(text);
  const name = arn && /^table\/([a-zA-Z0-9_.-]{3,255})$/.exec(arn.resource)?.[1];
  if (arn?.service !== 'dynamodb' || name === undefined) return undefined;
  return { scope: { accountId: arn.accountId, region: arn.region }, name };
}

/** The table of an operation on tables. Throws ResourceNotFoundException with its name. */
export function tableFor(tables: Tables, scope: Scope, given: string): OpenTable {
  const reference = readTableName(scope, given);
  const table = tables.find(reference.scope, reference.name);
  if (!table) throw tableNotFound(reference.name);
  return table;
}

/** The table of an operation on items. Throws ResourceNotFoundException, also for one that is not usable yet. */
export function usableTable(tables: Tables, scope: Scope, given: string): OpenTable {
  const reference = readTableName(scope, given);
  const table = tables.find(reference.scope, reference.name);
  if (!table || !isUsable(table.record)) throw resourceNotFound();
  return table;
}

/** The table with this ARN. Throws ValidationException or ResourceNotFoundException. */
export function tableWithArn(tables: Tables, arn: string): OpenTable {
  const reference = readTableArn(arn);
  if (!reference)
    throw invalidParameter(`Invalid TableArn: Invalid ResourceArn provided as input ${arn.slice(0, MOST)}`);
  const table = tables.find(reference.scope, reference.name);
  if (!table) throw resourceArnNotFound(arn);
  return table;
}
