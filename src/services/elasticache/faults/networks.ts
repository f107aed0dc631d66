// Faults of subnet groups and of the security groups of EC2-Classic.

import type { Fault } from '../../../wire/fault.ts';
import { fault } from './fault.ts';
import { invalidParameterValue } from './requests.ts';

/** Text: notes of a deployment (2025). */
export const cacheSubnetGroupNotFoundFault = (name: string): Fault =>
  fault('CacheSubnetGroupNotFoundFault', `Cache Subnet Group ${name} does not exist.`);

export const cacheSubnetGroupAlreadyExistsFault = (name: string): Fault =>
  fault('CacheSubnetGroupAlreadyExistsFault', `Cache subnet group ${name} already exists.`);

/**
 * Text: aws/aws-cdk issue 6935 (March 2020), terraform-aws-modules/terraform-aws-elasticache pull request 29 (2025).
 */
export const cacheSubnetGroupInUse = (name: string): Fault =>
  fault('CacheSubnetGroupInUse', `Cache subnet group ${name} is currently in use by a cache cluster.`);

/** Text: own. */
export const cacheSubnetGroupQuotaExceededFault = (limit: number): Fault =>
  fault(
    'CacheSubnetGroupQuotaExceededFault',
    `Subnet group quota exceeded. You can have at most ${limit} cache subnet groups in this region.`,
  );

/** Text: own. */
export const cacheSubnetQuotaExceededFault = (limit: number): Fault =>
  fault(
    'CacheSubnetQuotaExceededFault',
    `Subnet quota exceeded. A cache subnet group can have at most ${limit} subnets.`,
  );

/** Text: own. For two subnets of different VPCs, AWS's text is known: `subnetsOfSeveralVpcs`. */
export const invalidSubnet = (message: string): Fault => fault('InvalidSubnet', message);

/** For subnets of different VPCs. */
export const subnetsOfSeveralVpcs = (one: string, other: string): Fault =>
  invalidSubnet(`Subnets ${one} and ${other} are not in the same VPC.`);

/** AWS: lists all requested subnets, not only the unknown ones. */
export const subnetsNotFound = (ids: readonly string[]): Fault =>
  invalidParameterValue(`Some input subnets in :[${ids.join(', ')}] are invalid.`);

/** Text: own. */
export const subnetInUse = (ids: readonly string[]): Fault =>
  fault('SubnetInUse', `The following subnets are in use by cache clusters: [${ids.join(', ')}]`);

/** Text: own. */
export const cacheSecurityGroupNotFoundFault = (name: string): Fault =>
  fault('CacheSecurityGroupNotFoundFault', `CacheSecurityGroup not found: ${name}`);
