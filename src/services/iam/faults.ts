// Every error IAM answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

export const noSuchEntity = (message: string): Fault => new Fault('NoSuchEntityException', message);

export const notFound = (kind: string, name: string): Fault =>
  noSuchEntity(
    kind === 'Instance Profile'
      ? `Instance Profile ${name} cannot be found.`
      : `The ${kind.toLowerCase()} with name ${name} cannot be found.`,
  );

export const noSuchInlinePolicy = (kind: string, name: string): Fault =>
  noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);

export const policyNotFound = (arn: string): Fault => noSuchEntity(`Policy ${arn} was not found.`);

export const policyNotAttachable = (arn: string): Fault =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);

export const policyNotAttached = (arn: string): Fault => noSuchEntity(`Policy ${arn} was not found.`);

export const noSuchVersion = (arn: string, versionId: string): Fault =>
  noSuchEntity(`Policy ${arn} version ${versionId} does not exist or is not attachable.`);

export const noLoginProfile = (user: string): Fault =>
  noSuchEntity(`Login Profile for User ${user} cannot be found.`);

export const noSuchAccessKey = (id: string): Fault =>
  noSuchEntity(`The Access Key with id ${id} cannot be found.`);

export const noSuchDevice = (serial: string): Fault =>
  noSuchEntity(`MFA Device with serial number ${serial} does not exist.`);

export const noPasswordPolicy = (accountId: string): Fault =>
  noSuchEntity(`The Password Policy with domain name ${accountId} cannot be found.`);

export const alreadyExists = (kind: string, name: string): Fault =>
  new Fault(
    'EntityAlreadyExistsException',
    kind === 'Policy'
      ? `A policy called ${name} already exists. Duplicate names are not allowed.`
      : kind === 'Instance Profile'
        ? `Instance Profile ${name} already exists.`
        : `${kind} with name ${name} already exists.`,
  );

export const deleteConflict = (message: string): Fault => new Fault('DeleteConflictException', message);

export const mustFirst = (what: string): Fault => deleteConflict(`Cannot delete entity, must ${what} first.`);

export const limitExceeded = (quota: string, limit: number): Fault =>
  new Fault('LimitExceededException', `Cannot exceed quota for ${quota}: ${limit}`);

export const tooManyVersions = (limit: number): Fault =>
  new Fault(
    'LimitExceededException',
    `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
  );

export const loginProfileExists = (user: string): Fault =>
  new Fault('EntityAlreadyExistsException', `Login Profile for user ${user} already exists.`);

/** AWS: in public reports. */
export const serviceRoleTaken = (name: string): Fault =>
  invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);

/** AWS: in public reports. */
export const protectedRole = (name: string): Fault =>
  unmodifiable(
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );

export const malformedPolicy = (message: string): Fault =>
  new Fault('MalformedPolicyDocumentException', message);

export const invalidInput = (message: string): Fault => new Fault('InvalidInputException', message);

export const unmodifiable = (message: string): Fault => new Fault('UnmodifiableEntityException', message);

export const validation = (message: string): Fault => new Fault('ValidationError', message);

/** AWS: as its own answers to markers that no list gave. */
export const invalidMarker = (): Fault => validation('Invalid Marker.');

export const invalidName = (member: string): Fault =>
  validation(
    `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );

export const invalidPath = (): Fault =>
  validation(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
