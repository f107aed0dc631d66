// Every error of SSM, with AWS's text.

import { Fault } from '../../wire/fault.ts';

/** AWS: the error has no text. */
export const parameterNotFound = (): Fault => new Fault('ParameterNotFound', '');

export const versionNotFound = (name: string, version: string): Fault =>
  new Fault(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );

/** For PutParameter without `Overwrite`. */
export const alreadyExists = (): Fault =>
  new Fault(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );

export const limitExceeded = (limit: number): Fault =>
  new Fault('ParameterLimitExceeded', `You have exceeded the maximum of ${limit} parameters.`);

/** For a new version when all versions are in use and the oldest one has a label. */
export const oldestIsLabelled = (name: string): Fault =>
  new Fault(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version 1, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );

/** For a new version of another type. */
export const typeChanges = (): Fault =>
  new Fault(
    'HierarchyTypeMismatchException',
    "Parameter Store doesn't support changing a parameter type in a hierarchy. Delete the parameter and create it with the new type.",
  );

export const tooManyLevels = (limit: number): Fault =>
  new Fault('HierarchyLevelLimitExceededException', `A hierarchy can have a maximum of ${limit} levels.`);

export const patternMismatch = (pattern: string): Fault =>
  new Fault(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );

export const invalidPattern = (pattern: string): Fault =>
  new Fault('InvalidAllowedPatternException', `The allowed pattern is not a regular expression: ${pattern}`);

export const reservedName = (name: string): Fault =>
  new Fault('AccessDeniedException', `No access to reserved parameter name: ${name}.`);

export const invalidName = (): Fault =>
  validation(
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
  );

export const reservedPrefix = (): Fault =>
  validation('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');

export const invalidPath = (): Fault =>
  validation(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with \\"aws\\" or \\"ssm\\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );

export const notFullyQualified = (): Fault => validation('Parameter name must be a fully qualified name.');

/** For tag operations on an unknown parameter. AWS: the error has no text. */
export const invalidResourceId = (): Fault => new Fault('InvalidResourceId', '');

/** For tag operations on anything but a parameter. AWS: the error has no text. */
export const invalidResourceType = (): Fault => new Fault('InvalidResourceType', '');

export const tooManyTags = (limit: number): Fault =>
  new Fault('TooManyTagsError', `A resource can have at most ${limit} tags.`);

export const invalidNextToken = (): Fault =>
  new Fault('InvalidNextToken', 'The specified token is not valid.');

export const invalidFilterKey = (key: string, valid: readonly string[]): Fault =>
  new Fault(
    'InvalidFilterKey',
    `The following filter key is not valid: ${key}. Valid filter keys include: [${valid.join(', ')}].`,
  );

export const duplicateFilter = (key: string): Fault =>
  new Fault(
    'InvalidFilterKey',
    `The following filter is duplicated in the request: ${key}. A request can contain only one occurrence of a specific filter.`,
  );

export const invalidFilterOption = (option: string, valid: readonly string[]): Fault =>
  new Fault(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. Valid options include: [${valid.join(', ')}].`,
  );

/** AWS: the error is InvalidFilterOption, although it is about a value. */
export const invalidFilterValue = (value: string, valid: readonly string[]): Fault =>
  new Fault(
    'InvalidFilterOption',
    `The following filter value is not valid: ${value}. Valid values include: [${valid.join(', ')}].`,
  );

export const missingFilterValues = (key: string): Fault =>
  new Fault('InvalidFilterValue', `The following filter values are missing : null for filter key ${key}.`);

export const reservedPathFilter = (): Fault =>
  validation(
    'Filters for common parameters can\'t be prefixed with "aws" or "ssm" (case-insensitive). When using global parameters, please specify within a global namespace.',
  );

/** For a type other than String, StringList and SecureString. */
export const unsupportedType = (type: string): Fault =>
  new Fault('UnsupportedParameterType', `The parameter type ${type} is not supported.`);

/** `limit`: labels of one version. */
export const labelLimit = (limit: number): Fault =>
  new Fault(
    'ParameterVersionLabelLimitExceeded',
    `A parameter version can have maximum ${limit} labels. Move one or more labels to another version and try again.`,
  );

/** For a target that does not exist, does not run, or has no instance profile. AWS does not say which. */
export const targetNotConnected = (target: string): Fault =>
  new Fault('TargetNotConnected', `${target} is not connected.`);

/** For documents that do not exist, and for AWS's own that Millpond does not run. */
export const invalidDocument = (name: string): Fault =>
  new Fault(
    'InvalidDocument',
    `Document with name ${name} does not exist. Millpond runs sessions of SSM-SessionManagerRunShell, AWS-StartInteractiveCommand and AWS-StartNonInteractiveCommand.`,
  );

export const noSession = (id: string): Fault =>
  new Fault('DoesNotExistException', `The session ${id} does not exist or has ended.`);

/** The error of input that breaks a constraint. */
export const validation = (message: string): Fault => new Fault('ValidationException', message);
