// The errors of operations on tables, in AWS's words.

import { Fault } from '../../../wire/fault.ts';
import { invalid } from './validation.ts';

/** No table has this name, in operations on tables. */
export const tableNotFound = (name: string): Fault =>
  new Fault('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

/** No table has this name, in operations on items. */
export const resourceNotFound = (): Fault =>
  new Fault('ResourceNotFoundException', 'Requested resource not found');

/** No table has this ARN. */
export const resourceArnNotFound = (arn: string): Fault =>
  new Fault('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);

/** For continuous backups. */
export const backedUpTableNotFound = (name: string): Fault =>
  new Fault('TableNotFoundException', `Table not found: ${name}`);

export const tableExists = (name: string): Fault =>
  new Fault('ResourceInUseException', `Table already exists: ${name}`);

const inUse = (reason: string): Fault =>
  new Fault('ResourceInUseException', `Attempt to change a resource which is still in use: ${reason}`);

/** The table is in a transition. */
export const tableBusy = (name: string, status: string): Fault =>
  inUse(
    `Table is being ${status === 'CREATING' ? 'created' : status === 'DELETING' ? 'deleted' : 'updated'}: ${name}`,
  );

/** An index of the table is in a transition. */
export const indexBusy = (name: string): Fault => inUse(`Index is being created or deleted: ${name}`);

export const tableIsProtected = (): Fault =>
  invalid(
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );

/** `message` ends the sentence. */
export const limitExceeded = (message: string): Fault =>
  new Fault('LimitExceededException', `Subscriber limit exceeded: ${message}`);

/** AWS: the quota of tables in an account and region. */
export const tooManyTables = (most: number): Fault =>
  limitExceeded(`Number of tables exceeds the limit of ${most}`);

export const oneIndexAtATime = (): Fault =>
  limitExceeded('Only 1 online index can be created or deleted simultaneously per table');

export const tooManyDecreases = (): Fault =>
  limitExceeded('Provisioned throughput decreases are limited within a given UTC day.');

/** An update or a deletion of an index that the table does not have. */
export const indexNotFound = (): Fault => resourceNotFound();

export const indexExists = (name: string): Fault =>
  invalid(`Attempting to create an index which already exists: ${name}`);

/** A query or a scan of an index that the table does not have. */
export const unknownIndex = (name: string): Fault =>
  invalid(`The table does not have the specified index: ${name}`);

/** A value that the constraints of the model forbid. `at` is the path of the member. */
export const violates = (value: string, at: string, words: string): Fault =>
  invalid(`1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${words}`);

/** own: a feature of AWS's that Millpond does not have. */
export const unsupported = (what: string): Fault => invalid(`Millpond does not support ${what}.`);

/** A member that the model does not require, and the server does. */
export const missing = (member: string): Fault =>
  invalid(
    `1 validation error detected: Value at '${member[0]!.toLowerCase()}${member.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
