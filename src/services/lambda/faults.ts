// Every error that Lambda answers, with its exact text. AWS: most have a `Type`, which is `User` when the caller can
// correct the request.

import { Fault } from '../../wire/fault.ts';

const byUser = { members: { Type: 'User' } };

/** Millpond's own text. */
export const invalidMarker = (): Fault =>
  invalidParameter('The value of Marker was not returned by this list operation.');

/** The shapes of two errors that tell resource types that a step was already done. */
export const GONE = /^ResourceNotFoundException$/;
export const EXISTS = /^ResourceConflictException$/;

/** The first lookup of a function or version failed. */
export const functionNotFound = (arn: string): Fault =>
  new Fault('ResourceNotFoundException', `Function not found: ${arn}`, byUser);

/** AWS: the answer for a missing URL, layer version or policy. */
export const notFound = (): Fault =>
  new Fault('ResourceNotFoundException', 'The resource you requested does not exist.', byUser);

export const aliasNotFound = (arn: string): Fault =>
  new Fault('ResourceNotFoundException', `Cannot find alias arn: ${arn}`, byUser);

export const eventInvokeConfigNotFound = (arn: string): Fault =>
  new Fault('ResourceNotFoundException', `The function ${arn} doesn't have an EventInvokeConfig`, byUser);

/** Text: moto's test of permissions (5.2.5). */
export const noPolicy = (): Fault =>
  new Fault('ResourceNotFoundException', 'No policy is associated with the given resource.', byUser);

/** Text: milliHQ/terraform-aws-next-js issue 251 (December 2021). */
export const tooMuchReserved = (least: number): Fault =>
  new Fault(
    'InvalidParameterValueException',
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
    byUser,
  );

/** Sizes in bytes. */
export const policyTooLong = (bytes: number, most: number): Fault =>
  new Fault(
    'PolicyLengthExceededException',
    `The final policy size (${bytes}) is bigger than the limit (${most}).`,
    byUser,
  );

export const statementNotFound = (id: string): Fault =>
  new Fault('ResourceNotFoundException', `Statement ${id} is not found in resource policy.`, byUser);

export const otherRegion = (region: string, ours: string): Fault =>
  new Fault(
    'ResourceNotFoundException',
    `Functions from '${region}' are not reachable in this region ('${ours}')`,
    byUser,
  );

export const functionExists = (name: string): Fault =>
  new Fault('ResourceConflictException', `Function already exist: ${name}`, byUser);

export const aliasExists = (arn: string): Fault =>
  new Fault('ResourceConflictException', `Alias already exists: ${arn}`, byUser);

export const statementExists = (id: string): Fault =>
  new Fault(
    'ResourceConflictException',
    `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    byUser,
  );

export const urlExists = (arn: string): Fault =>
  new Fault(
    'ResourceConflictException',
    `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    byUser,
  );

/** `aliases` are the names of the aliases that reference the version. */
export const versionInUse = (aliases: readonly string[]): Fault =>
  new Fault(
    'ResourceConflictException',
    `Version can't be deleted because the following aliases reference it: [${aliases.join(', ')}]`,
    byUser,
  );

export const wrongState = (state: string): Fault =>
  new Fault(
    'ResourceConflictException',
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    byUser,
  );

export const revisionMismatch = (): Fault =>
  new Fault(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    byUser,
  );

export const invalidParameter = (message: string): Fault =>
  new Fault('InvalidParameterValueException', message, byUser);

/** AWS: text and form are from public reports, as are those of the next two. */
export const notDescribed = (operation: string, code: string, message: string): Fault =>
  invalidParameter(
    `Error occurred while ${operation}. EC2 Error Code: ${code}. EC2 Error Message: ${message}`,
  );

export const onlySubnetsOrGroups = (): Fault =>
  invalidParameter('SubnetIds and SecurityIds must coexist or be both empty list.');

export const groupsOfOtherVpc = (): Fault =>
  invalidParameter('Security Groups are required to be in the same VPC.');

/** In the form of the one above; AWS's text is not known. */
export const subnetsOfOtherVpcs = (): Fault =>
  invalidParameter('Subnets are required to be in the same VPC.');

export const latestStays = (): Fault =>
  invalidParameter('$LATEST version cannot be deleted without deleting the function.');

export const aliasStays = (): Fault => invalidParameter('Deletion of aliases is not currently supported.');

export const noProvisionedConcurrency = (): Fault =>
  new Fault(
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    byUser,
  );

/** AWS: the text is from reports of clients. */
export const tooManyTags = (): Fault => invalidParameter('Number of tags exceeds resource tag limit.');

export const couldNotUnzip = (): Fault =>
  invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');

export const tooLargeUnzipped = (limit: number): Fault =>
  invalidParameter(`Unzipped size must be smaller than ${limit} bytes`);

export const objectNotRead = (code: string, message: string): Fault =>
  invalidParameter(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);

export const layerNotFound = (arn: string): Fault => invalidParameter(`Layer version ${arn} does not exist.`);

/** AWS: the form of errors for violations of the model. */
export const failedConstraint = (member: string, value: unknown, constraint: string): Fault =>
  new Fault(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );

const byService = { members: { Type: 'Service' } };

/** AWS: the texts of these four are the descriptions of the errors in Lambda's model. */
export const noFreeAddress = (): Fault =>
  new Fault(
    'SubnetIPAddressLimitReachedException',
    "Lambda couldn't set up VPC access for the Lambda function because one or more configured subnets has no available IP addresses.",
    byService,
  );

export const invalidSubnet = (): Fault =>
  new Fault(
    'InvalidSubnetIDException',
    'The subnet ID provided in the Lambda function VPC configuration is not valid.',
    byService,
  );

export const invalidGroup = (): Fault =>
  new Fault(
    'InvalidSecurityGroupIDException',
    'The security group ID provided in the Lambda function VPC configuration is not valid.',
    byService,
  );

/** Another error of EC2 during the set-up of an environment. */
export const unexpectedOfEc2 = (code: string, message: string): Fault =>
  new Fault('EC2UnexpectedException', message, { members: { ...byService.members, EC2ErrorCode: code } });

export const notJson = (reason: string): Fault =>
  new Fault('InvalidRequestContentException', `Could not parse request body into json: ${reason}`, byUser);

/** `type` is the invocation type; sizes in bytes. */
export const payloadTooLarge = (bytes: number, type: string, limit: number): Fault =>
  new Fault(
    'RequestTooLargeException',
    `${bytes} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    byUser,
  );

export const throttled = (): Fault =>
  new Fault('TooManyRequestsException', 'Rate Exceeded.', {
    members: { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  });

/** Too many events wait. AWS does not say how many may. */
export const tooManyEvents = (): Fault =>
  new Fault('TooManyRequestsException', 'Rate Exceeded.', {
    members: { Type: 'User', Reason: 'CallerRateLimitExceeded' },
  });

/** More environments run at once than this machine can support. */
export const tooManyAtOnce = (): Fault =>
  new Fault('TooManyRequestsException', 'Rate Exceeded.', {
    members: { Type: 'User', Reason: 'ConcurrentInvocationLimitExceeded' },
  });
