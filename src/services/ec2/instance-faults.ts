// Errors of instances, with AWS's text.

import { Fault } from '../../wire/fault.ts';

const invalid = (message: string): Fault => new Fault('InvalidParameterValue', message);

/** For a name that is not of the form of an instance type. */
export const invalidInstanceType = (name: string): Fault =>
  invalid(`Invalid value '${name}' for InstanceType.`);

/** For an instance type and an image of different architectures. */
export const architectureMismatch = (ofType: string, ofImage: string): Fault =>
  invalid(
    `The architecture '${ofType}' of the specified instance type does not match the architecture '${ofImage}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
  );

/** For MinCount and MaxCount. */
export const invalidCount = (minimum: number, maximum: number): Fault =>
  invalid(
    `Invalid value '${minimum}-${maximum}' for count: the minimum must be at least 1 and at most the maximum.`,
  );

/** `wanted`: existing instances and requested ones together. */
export const instanceLimit = (wanted: number, limit: number): Fault =>
  new Fault(
    'InstanceLimitExceeded',
    `You have requested more instances (${wanted}) than your current instance limit of ${limit} allows.`,
  );

export const userDataTooLong = (limit: number): Fault => invalid(`User data is limited to ${limit} bytes`);

export const userDataNotBase64 = (): Fault => invalid('Invalid BASE64 encoding of user data.');

/** For a subnet on the instance and on its interface. */
export const subnetTwice = (): Fault =>
  new Fault(
    'InvalidParameterCombination',
    'Network interfaces and an instance-level subnet ID may not be specified on the same request',
  );

/** For security groups on the instance and on its interface. */
export const groupsTwice = (): Fault =>
  new Fault(
    'InvalidParameterCombination',
    'Network interfaces and an instance-level security groups may not be specified on the same request',
  );

/** `zone`: of the request; `undefined` if it names none. */
export const noDefaultSubnet = (zone: string | undefined): Fault =>
  zone === undefined
    ? new Fault('MissingInput', 'No subnets found for the default VPC. Please specify a subnet.')
    : new Fault('MissingInput', `No default subnet for availability zone: '${zone}'.`);

/** For a request without a subnet in an account without a default VPC. */
export const noDefaultVpcForInstance = (): Fault =>
  new Fault('VPCIdNotSpecified', 'No default VPC for this user. Specify a subnet.');

/** For TerminateInstances. */
export const terminationProtected = (instanceId: string): Fault =>
  new Fault(
    'OperationNotPermitted',
    `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );

/** For StopInstances. */
export const stopProtected = (instanceId: string): Fault =>
  new Fault(
    'OperationNotPermitted',
    `The instance '${instanceId}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
  );

/** `wanted` is a participle: `started`, `stopped`, `modified`. */
export const incorrectState = (instanceId: string, state: string, wanted: string): Fault =>
  new Fault(
    'IncorrectInstanceState',
    `The instance '${instanceId}' is not in a state from which it can be ${wanted}. Current state: '${state}'`,
  );
