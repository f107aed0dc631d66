// Every error SSM answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

/** AWS: says no more than its name. */
export const parameterNotFound = (): Fault => new Fault('ParameterNotFound', '');

export const versionNotFound = (name: string, version: string): Fault =>
  new Fault(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );

export const alreadyExists = (): Fault =>
  new Fault(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );

export const limitExceeded = (limit: number): Fault =>
  new Fault('ParameterLimitExceeded', `You have exceeded the maximum of ${limit} parameters.`);

export const oldestIsLabelled = (name: string): Fault =>
  new Fault(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version 1, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );

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
    'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
  );

export const notFullyQualified = (): Fault => validation('Parameter name must be a fully qualified name.');

export const invalidResourceId = (): Fault => new Fault('InvalidResourceId', '');

export const invalidResourceType = (): Fault => new Fault('InvalidResourceType', '');

export const tooManyTags = (limit: number): Fault =>
  new Fault('TooManyTagsError', `A resource can have at most ${limit} tags.`);

export const invalidNextToken = (): Fault =>
  new Fault('InvalidNextToken', 'The specified token is not valid.');

export const invalidFilterKey = (key: string): Fault =>
  new Fault('InvalidFilterKey', `The following filter key is not valid: ${key}.`);

export const invalidFilterOption = (option: string, key: string): Fault =>
  new Fault(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. It cannot be used with the key ${key}.`,
  );

export const unsupportedType = (type: string): Fault =>
  new Fault('UnsupportedParameterType', `The parameter type ${type} is not supported.`);

export const labelLimit = (limit: number): Fault =>
  new Fault(
    'ParameterVersionLabelLimitExceeded',
    `A parameter version can have maximum ${limit} labels. Move one or more labels to another version and try again.`,
  );

export const validation = (message: string): Fault => new Fault('ValidationException', message);
