// Every error of ECS's API. AWS: texts come from public reports, unless they are marked `own`.

import { Fault } from '../../wire/fault.ts';

export const invalidParameter = (message: string): Fault => new Fault('InvalidParameterException', message);
export const clientError = (message: string): Fault => new Fault('ClientException', message);

/** own. What Millpond does not have. */
export const unsupported = (what: string): Fault => clientError(`Millpond does not support ${what}.`);

export const clusterNotFound = (): Fault => new Fault('ClusterNotFoundException', 'Cluster not found.');

/** own */
export const clusterInactive = (): Fault => clientError('Cluster is inactive.');

export const clusterHasTasks = (): Fault =>
  new Fault('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');

/** own */
export const tooManyClusters = (most: number): Fault =>
  clientError(`The account already has ${most} clusters in this region.`);

export const invalidClusterName = (): Fault => invalidParameter('Invalid cluster name.');

/** AWS: of RunTask and StartTask. */
export const definitionNotFound = (): Fault => clientError('TaskDefinition not found.');
export const definitionInactive = (): Fault => clientError('TaskDefinition is inactive');
/** AWS: of DescribeTaskDefinition. */
export const cannotDescribeDefinition = (): Fault => clientError('Unable to describe task definition.');
/** AWS: of DeregisterTaskDefinition. */
export const noSuchDefinition = (): Fault =>
  clientError(
    'The specified task definition does not exist. Specify a valid account, family, revision and try again.',
  );
export const invalidRevision = (given: string): Fault =>
  clientError(`Invalid revision number. Number: ${given}`);

export const taskNotFound = (): Fault => invalidParameter('The referenced task was not found.');
export const noContainerInstances = (): Fault =>
  invalidParameter('No Container Instances were found in your cluster.');
export const noCapacityProvider = (name: string): Fault =>
  invalidParameter(
    `The specified capacity provider '${name}' was not found. Specify a valid name or ARN and try again.`,
  );
export const missingNetwork = (): Fault =>
  invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
export const needlessNetwork = (): Fault =>
  invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
export const subnetsEmpty = (): Fault => invalidParameter('subnets can not be empty.');
export const cannotReadSubnets = (ids: readonly string[], reason: string, code: string): Fault =>
  invalidParameter(
    `Error retrieving subnet information for [${ids.join(', ')}]: ${reason} (ErrorCode: ${code})`,
  );
export const cannotReadGroups = (ids: readonly string[], reason: string, code: string): Fault =>
  invalidParameter(
    `Error retrieving security group information for [${ids.join(', ')}]: ${reason} (ErrorCode: ${code})`,
  );
/** own */
export const subnetsOfSeveralVpcs = (): Fault => invalidParameter('All subnets must belong to the same VPC.');
export const groupOfOtherVpc = (id: string): Fault =>
  invalidParameter(`Security group ${id} does not appear to belong to the same VPC as the input subnets.`);
export const launchTypeUnsupported = (launchType: string): Fault =>
  invalidParameter(`Task definition does not support launch_type ${launchType}.`);
export const launchTypeAndStrategy = (): Fault =>
  invalidParameter(
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  );
/** own */
export const tooManyTasks = (most: number): Fault =>
  clientError(`You’ve reached the limit on the number of tasks you can run concurrently: ${most}.`);
export const clientTokenConflict = (ids: readonly string[]): Fault =>
  new Fault(
    'ConflictException',
    'The request with this client token has other parameters than an earlier one.' /* own */,
    { members: { resourceIds: [...ids] } },
  );
export const noSuchContainer = (name: string): Fault =>
  invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
export const unknownPlatform = (): Fault =>
  new Fault('PlatformUnknownException', 'The specified platform version does not exist.' /* own */);

/** own */
export const invalidToken = (): Fault => invalidParameter('Invalid token.');
export const invalidTag = (message: string): Fault => invalidParameter(message);
export const invalidArn = (): Fault => invalidParameter('Invalid Arn.' /* own */);
/** AWS: for a resource that cannot be tagged, or is not there. */
export const resourceNotFound = (): Fault =>
  invalidParameter('The specified resource was not found.' /* own */);
export const clusterOfTagNotFound = clusterNotFound;
export const unknownSetting = (names: readonly string[]): Fault =>
  invalidParameter(`unknown should be one of [${names.join(', ')}]`);
