// Every error of IAM, with AWS's text.

import { Fault } from '../../wire/fault.ts';

/** With any text, for an entity that the functions below do not cover. */
export const noSuchEntity = (message: string): Fault => new Fault('NoSuchEntityException', message);

/** `kind` as in AWS's texts: `Role`, `User`, `Group`, `Instance Profile`. */
export const notFound = (kind: string, name: string): Fault =>
  noSuchEntity(
    kind === 'Instance Profile'
      ? `Instance Profile ${name} cannot be found.`
      : `The ${kind.toLowerCase()} with name ${name} cannot be found.`,
  );

/** `kind` in lower case: `role`, `user`, `group`. */
export const noSuchInlinePolicy = (kind: string, name: string): Fault =>
  noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);

/** For operations on the policy itself. */
export const policyNotFound = (arn: string): Fault => noSuchEntity(`Policy ${arn} was not found.`);

/** For attaching a policy that does not exist. */
export const policyNotAttachable = (arn: string): Fault =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);

/** For detaching a policy that the principal does not have. */
export const policyNotAttached = (arn: string): Fault => noSuchEntity(`Policy ${arn} was not found.`);

/** For an unknown version of an existing policy. */
export const noSuchVersion = (arn: string, versionId: string): Fault =>
  noSuchEntity(`Policy ${arn} version ${versionId} does not exist or is not attachable.`);

/** For a user without a console password. */
export const noLoginProfile = (user: string): Fault =>
  noSuchEntity(`Login Profile for User ${user} cannot be found.`);

/** For an access key that the user does not have. */
export const noSuchAccessKey = (id: string): Fault =>
  noSuchEntity(`The Access Key with id ${id} cannot be found.`);

/** For an MFA device. Millpond has none. */
export const noSuchDevice = (serial: string): Fault =>
  noSuchEntity(`MFA Device with serial number ${serial} does not exist.`);

/** For an account's password policy. Millpond has none. */
export const noPasswordPolicy = (accountId: string): Fault =>
  noSuchEntity(`The Password Policy with domain name ${accountId} cannot be found.`);

/** `kind` as in AWS's texts: `Role`, `User`, `Group`, `Policy`, `Instance Profile`. */
export const alreadyExists = (kind: string, name: string): Fault =>
  new Fault(
    'EntityAlreadyExistsException',
    kind === 'Policy'
      ? `A policy called ${name} already exists. Duplicate names are not allowed.`
      : kind === 'Instance Profile'
        ? `Instance Profile ${name} already exists.`
        : `${kind} with name ${name} already exists.`,
  );

/** For deleting a policy that is attached or has several versions. */
export const deleteConflict = (message: string): Fault => new Fault('DeleteConflictException', message);

/** For deleting an entity that is in use. `what` is the missing step: `detach all policies`. */
export const mustFirst = (what: string): Fault => deleteConflict(`Cannot delete entity, must ${what} first.`);

/** `quota` is AWS's name of it: `RolesPerAccount`. */
export const limitExceeded = (quota: string, limit: number): Fault =>
  new Fault('LimitExceededException', `Cannot exceed quota for ${quota}: ${limit}`);

/** For a new version of a policy that has the maximum. */
export const tooManyVersions = (limit: number): Fault =>
  new Fault(
    'LimitExceededException',
    `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
  );

/** For a second login profile of a user. */
export const loginProfileExists = (user: string): Fault =>
  new Fault('EntityAlreadyExistsException', `Login Profile for user ${user} already exists.`);

/** AWS: the text is known from public reports. */
export const serviceRoleTaken = (name: string): Fault =>
  invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);

/** AWS: the text is known from public reports. */
export const protectedRole = (name: string): Fault =>
  unmodifiable(
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );

/** For a policy document that breaks the grammar. */
export const malformedPolicy = (message: string): Fault =>
  new Fault('MalformedPolicyDocumentException', message);

/** For invalid tags and names. */
export const invalidInput = (message: string): Fault => new Fault('InvalidInputException', message);

/** For changing an entity that belongs to AWS. */
export const unmodifiable = (message: string): Fault => new Fault('UnmodifiableEntityException', message);

/** The error of input that breaks the model's constraints. */
export const validation = (message: string): Fault => new Fault('ValidationError', message);

/** AWS: the text for a marker that IAM did not issue. */
export const invalidMarker = (): Fault => validation('Invalid Marker.');

export const invalidName = (member: string): Fault =>
  validation(
    `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );

export const invalidPath = (): Fault =>
  validation(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
