// Every error EC2 answers, with its exact text. The SDK models none of EC2's errors: the code is the shape.
//
// The spelling of the codes is AWS's own and follows no rule (`InvalidVpcID.NotFound`, `InvalidGroup.NotFound`,
// `InvalidRouteTableId.Malformed`); clients compare it letter by letter.

import { Fault } from '../../wire/fault.ts';

/** How errors speak of one kind of resource. */
export interface ResourceNaming {
  notFoundCode: string;
  /** `the subnet ID`, before a quoted id. */
  singular: string;
  plural: string;
  /**
   * Absent where AWS answers "does not exist" to an id of any form, as it does for subnets and VPCs.
   */
  malformedCode?: string;
}

export const notFound = (naming: ResourceNaming, ids: readonly string[]): Fault =>
  ids.length === 1
    ? new Fault(naming.notFoundCode, `The ${naming.singular} '${ids[0]}' does not exist`)
    : new Fault(naming.notFoundCode, `The ${naming.plural} '${ids.join(', ')}' do not exist`);

export const malformedId = (code: string, id: string, prefix: string): Fault =>
  new Fault(code, `Invalid id: "${id}" (expecting "${prefix}-...")`);

export const groupNotInDefaultVpc = (groupName: string, vpcId: string): Fault =>
  new Fault(
    'InvalidGroup.NotFound',
    `The security group '${groupName}' does not exist in default VPC '${vpcId}'`,
  );

export const noDefaultVpc = (): Fault =>
  new Fault(
    'VPCIdNotSpecified',
    'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
  );

export const invalidFilter = (name: string | undefined): Fault =>
  new Fault('InvalidParameterValue', `The filter '${name ?? 'null'}' is invalid`);

export const tooManyFilterValues = (limit: number): Fault =>
  new Fault(
    'FilterLimitExceeded',
    `The maximum number of filter values specified on a single call is ${limit}`,
  );

export const outOfRange = (
  parameter: string,
  value: string,
  expected: 'greater' | 'smaller',
  limit: number,
): Fault =>
  new Fault(
    'InvalidParameterValue',
    `Value ( ${value} ) for parameter ${parameter} is invalid. Expecting a value ${expected} than or equal to ${limit}.`,
  );

export const maxResultsWithIds = (parameter: string): Fault =>
  new Fault(
    'InvalidParameterCombination',
    `The parameter ${parameter} cannot be used with the parameter MaxResults`,
  );

export const invalidNextToken = (_token?: string): Fault =>
  new Fault('InvalidNextToken', 'The specified NextToken is not valid');

export const invalidZone = (zone: string): Fault =>
  new Fault('InvalidParameterValue', `Invalid availability zone: [${zone}]`);

export const invalidZoneId = (zoneId: string): Fault =>
  new Fault('InvalidParameterValue', `Invalid availability zone-id: [${zoneId}]`);

export const invalidRegion = (region: string): Fault =>
  new Fault('InvalidParameterValue', `Invalid region: [${region}]`);

export const missingParameter = (parameter: string): Fault =>
  new Fault('MissingParameter', `The request must contain the parameter ${parameter}`);

export const invalidValue = (value: string, parameter: string): Fault =>
  new Fault('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid.`);

export const dryRunSucceeded = (): Fault =>
  new Fault('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });

export const notTaggable = (id: string): Fault => new Fault('InvalidID', `The ID '${id}' is not valid`);

export const reservedTagKey = (): Fault =>
  new Fault('InvalidParameterValue', "Tag keys starting with 'aws:' are reserved for internal use");

export const tagKeyTooLong = (limit: number): Fault =>
  new Fault('InvalidParameterValue', `Tag key exceeds the maximum length of ${limit} characters`);

export const tagValueTooLong = (limit: number): Fault =>
  new Fault('InvalidParameterValue', `Tag value exceeds the maximum length of ${limit} characters`);

export const tagKeyMissing = (): Fault => new Fault('InvalidParameterValue', 'Not empty key must be present');

export const tooManyTags = (limit: number): Fault =>
  new Fault('TagLimitExceeded', `The maximum number of tags for a resource is ${limit}`);

export const duplicateTagKey = (): Fault =>
  new Fault(
    'InvalidParameterValue',
    'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  );

export const notTaggableHere = (resourceType: string): Fault =>
  new Fault(
    'InvalidParameterValue',
    `'${resourceType}' is not a valid taggable resource type for this operation.`,
  );
