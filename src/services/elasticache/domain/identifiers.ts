// Names and ARNs of ElastiCache's resources: which are valid, and how they are stored. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import {
  blankParameter,
  invalidIdentifier,
  invalidParameterValue,
  missingParameter,
} from '../faults/requests.ts';
import { invalidArnFault } from '../faults/tags.ts';

const IDENTIFIER = /^[a-z](-?[a-z0-9])*$/;
const SUBNET_GROUP_NAME = /^[a-z0-9](-?[a-z0-9])*$/;

/** Characters. Source: the documentation of CreateReplicationGroup. */
export const MAX_REPLICATION_GROUP_ID = 40;
/** Characters. Source: the documentation of CreateCacheCluster. */
export const MAX_CACHE_CLUSTER_ID = 50;
/** Characters in the name of a parameter group or subnet group. */
export const MAX_GROUP_NAME = 255;

/** The id and name of the user that exists in every account. */
export const DEFAULT_USER = 'default';

/** The id in lower case, as it is stored. Throws InvalidParameterValue. */
export const replicationGroupIdOf = (text: string | undefined): string =>
  identifierOf('ReplicationGroupId', text, MAX_REPLICATION_GROUP_ID);

/** The id in lower case, as it is stored. Throws InvalidParameterValue. */
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

/** The name in lower case, for a lookup. Throws InvalidParameterValue only when it is missing or blank. */
export function nameToFind(parameter: string, text: string | undefined): string {
  if (!text?.trim()) throw blankParameter(parameter);
  return text.toLowerCase();
}

/** Lowers only ASCII letters: the lower case of some other Unicode letters is an ASCII letter. */
const inLowerCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function identifierOf(parameter: string, text: string | undefined, longest: number): string {
  if (text === undefined) throw missingParameter(parameter);
  const id = inLowerCase(text);
  if (!IDENTIFIER.test(id)) throw invalidIdentifier(parameter);
  if (id.length > longest)
    throw invalidParameterValue(`The parameter ${parameter} must have at most ${longest} characters.`);
  return id;
}

/** The types that the resource part of an ElastiCache ARN begins with. */
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

/** The ARN of a resource. AWS: the ARN of a `globalreplicationgroup` has no region. */
export function arnOf(scope: Scope, type: ResourceType, id: string): string {
  if (type !== 'globalreplicationgroup') return renderArn('elasticache', scope, `${type}:${id}`);
  return renderArn('elasticache', scope, `${type}:${id}`).replace(`:${scope.region}:`, '::');
}

/** A parsed ARN. */
export interface ResourceName {
  type: ResourceType;
  /** Lower case. */
  id: string;
  /** The same ARN with the id in lower case. */
  arn: string;
}

/** Parses the ARN of a resource in the caller's account and region. Throws InvalidARN for any other. */
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
