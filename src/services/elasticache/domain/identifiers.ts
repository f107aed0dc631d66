// The names of ElastiCache's resources: what is allowed, how they are kept, and their ARNs. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import {
  blankParameter,
  invalidArnFault,
  invalidIdentifier,
  invalidParameterValue,
  missingParameter,
} from '../faults.ts';

const IDENTIFIER = /^[a-z](-?[a-z0-9])*$/;
const SUBNET_GROUP_NAME = /^[a-z0-9](-?[a-z0-9])*$/;

export const MAX_REPLICATION_GROUP_ID = 40;
export const MAX_CACHE_CLUSTER_ID = 50;
export const MAX_GROUP_NAME = 255;

/** The id and the name of the user that every account has. */
export const DEFAULT_USER = 'default';

/** The id in the lower case in which it is kept. Throws InvalidParameterValue. */
export const replicationGroupIdOf = (text: string | undefined): string =>
  identifierOf('ReplicationGroupId', text, MAX_REPLICATION_GROUP_ID);

/** The id in the lower case in which it is kept. Throws InvalidParameterValue. */
export const cacheClusterIdOf = (text: string | undefined): string =>
  identifierOf('CacheClusterId', text, MAX_CACHE_CLUSTER_ID);

/** The name of a new parameter group, in lower case. Throws InvalidParameterValue. */
export function parameterGroupNameOf(text: string | undefined): string {
  if (!text?.trim()) throw blankParameter('CacheParameterGroupName');
  return identifierOf('CacheParameterGroupName', text, MAX_GROUP_NAME);
}

/** The name of a new subnet group, in lower case. Throws InvalidParameterValue. */
export function subnetGroupNameOf(text: string | undefined): string {
  if (!text?.trim()) throw blankParameter('CacheSubnetGroupName');
  const name = inLowerCase(text);
  if (name.length > MAX_GROUP_NAME || !SUBNET_GROUP_NAME.test(name))
    throw invalidIdentifier('CacheSubnetGroupName');
  return name;
}

/** The name under which a group that exists would be kept; nothing is refused but a missing one. */
export function nameToFind(parameter: string, text: string | undefined): string {
  if (!text?.trim()) throw blankParameter(parameter);
  return text.toLowerCase();
}

/** Of ASCII letters alone: Unicode has others whose lower case is one of them. */
const inLowerCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function identifierOf(parameter: string, text: string | undefined, longest: number): string {
  if (text === undefined) throw missingParameter(parameter);
  const id = inLowerCase(text);
  if (!IDENTIFIER.test(id)) throw invalidIdentifier(parameter);
  if (id.length > longest)
    throw invalidParameterValue(`The parameter ${parameter} must have at most ${longest} characters.`);
  return id;
}

/** The third word of an ElastiCache ARN's resource part. */
export const RESOURCE_TYPES = [
  'cluster',
  'replicationgroup',
  'snapshot',
  'parametergroup',
  'subnetgroup',
  'securitygroup',
  'user',
  'usergroup',
  'reserved-instance',
  'serverlesscache',
  'serverlesscachesnapshot',
  'globalreplicationgroup',
] as const;

export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** Global ARNs (`globalreplicationgroup`) bear no region. */
export function arnOf(scope: Scope, type: ResourceType, id: string): string {
  if (type !== 'globalreplicationgroup') return renderArn('elasticache', scope, `${type}:${id}`);
  return renderArn('elasticache', scope, `${type}:${id}`).replace(`:${scope.region}:`, '::');
}

export interface ResourceName {
  type: ResourceType;
  /** Lower case. */
  id: string;
  /** The same ARN with the id as it is kept. */
  arn: string;
}

/** Which resource of the caller's own account and region an ARN names. Throws InvalidARN. */
export function resourceOfArn(text: string, scope: Scope): ResourceName {
  if (text.split(':').length !== 7) throw invalidArnFault('Input ARN string does not have 7 components.');
  const arn = parseArn(text);
  if (arn?.service !== 'elasticache')
    throw invalidArnFault(`${text} is not the ARN of an ElastiCache resource.`);
  const [type = '', id = ''] = arn.resource.split(':');
  if (!isResourceType(type) || !id) throw invalidArnFault(`${text} names no type of ElastiCache resource.`);
  const kept = arnOf(scope, type, id.toLowerCase());
  if (text.slice(0, -id.length) !== kept.slice(0, -id.length))
    throw invalidArnFault(`${text} does not belong to account ${scope.accountId} in region ${scope.region}.`);
  return { type, id: id.toLowerCase(), arn: kept };
}

const isResourceType = (word: string): word is ResourceType =>
  (RESOURCE_TYPES as readonly string[]).includes(word);
