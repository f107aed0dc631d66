// Errors of EC2 with AWS's text. The SDK models none of them, so the code is the shape.
//
// AWS: the spelling of the codes follows no rule (`InvalidVpcID.NotFound`, `InvalidGroup.NotFound`,
// `InvalidRouteTableId.Malformed`), and clients compare it letter by letter.

import { Fault } from '../../wire/fault.ts';

/** How error codes and texts name a kind of resource. */
export interface ResourceNaming {
  notFoundCode: string;
  /** `the subnet ID`, before a quoted id. */
  singular: string;
  plural: string;
  /** Absent if AWS answers "does not exist" to an id of any form, as for subnets and VPCs. */
  malformedCode?: string;
}

/** For ids that do not exist. AWS: one id has a different text from several. */
export const notFound = (naming: ResourceNaming, ids: readonly string[]): Fault =>
  ids.length === 1
    ? new Fault(naming.notFoundCode, `The ${naming.singular} '${ids[0]}' does not exist`)
    : new Fault(naming.notFoundCode, `The ${naming.plural} '${ids.join(', ')}' do not exist`);

/** For an id without the right prefix and length. */
export const malformedId = (code: string, id: string, prefix: string): Fault =>
  new Fault(code, `Invalid id: "${id}" (expecting "${prefix}-...")`);

/** For an unknown group name. AWS: names are looked up only in the default VPC. */
export const groupNotInDefaultVpc = (groupName: string, vpcId: string): Fault =>
  new Fault(
    'InvalidGroup.NotFound',
    `The security group '${groupName}' does not exist in default VPC '${vpcId}'`,
  );

/** For a group name in an account without a default VPC. */
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

/** `parameter` is its path in the request, `limit` the nearest valid value. */
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

/** For a page token that the list did not issue. */
export const invalidNextToken = (_token?: string): Fault =>
  new Fault('InvalidNextToken', 'The specified NextToken is not valid');

/** `zone` is a name: `us-east-1a`. */
export const invalidZone = (zone: string): Fault =>
  new Fault('InvalidParameterValue', `Invalid availability zone: [${zone}]`);

/** `zoneId` is an id: `use1-az1`. */
export const invalidZoneId = (zoneId: string): Fault =>
  new Fault('InvalidParameterValue', `Invalid availability zone-id: [${zoneId}]`);

/** For a region that does not exist in the partition. */
export const invalidRegion = (region: string): Fault =>
  new Fault('InvalidParameterValue', `Invalid region: [${region}]`);

/** `parameter` as in AWS's text, which often begins in lower case. */
export const missingParameter = (parameter: string): Fault =>
  new Fault('MissingParameter', `The request must contain the parameter ${parameter}`);

/** For any other invalid value. */
export const invalidValue = (value: string, parameter: string): Fault =>
  new Fault('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid.`);

/** AWS: the answer to every valid request with DryRun. */
export const dryRunSucceeded = (): Fault =>
  new Fault('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });

/** For an id without a known prefix. */
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

/** For a tag specification of another type of resource. */
export const notTaggableHere = (resourceType: string): Fault =>
  new Fault(
    'InvalidParameterValue',
    `'${resourceType}' is not a valid taggable resource type for this operation.`,
  );
