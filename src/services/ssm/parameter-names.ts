// Valid parameter names, and how requests refer to a parameter: by name or ARN, with a version or a label. Pure.

import { type Arn, parseArn, renderArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import {
  invalidName,
  notFullyQualified,
  parameterNotFound,
  reservedName,
  reservedPrefix,
  tooManyLevels,
  validation,
} from './faults.ts';

const MAX_LENGTH = 1_011;
const MAX_LEVELS = 15;

/** Throws the fault of a name that a new parameter cannot have. */
export function checkNewName(name: string): void {
  if (name.length > MAX_LENGTH) throw validation(`Parameter name may have at most ${MAX_LENGTH} characters.`);
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) throw invalidName();
  if (/^\/(aws|ssm)/i.test(name)) throw reservedName(name);
  if (/^(aws|ssm)/i.test(name)) throw reservedPrefix();
  if (/\/\/|\/$/.test(name)) throw invalidName();
  if (name.includes('/') && !name.startsWith('/')) throw notFullyQualified();
  if (name.split('/').length - 1 > MAX_LEVELS) throw tooManyLevels(MAX_LEVELS);
}

/**
 * The store's key of a name. AWS: a parameter at the root is found with and without a leading slash, so both
 * spellings have one key.
 */
export const keyOfName = (name: string): string => (/^\/[^/]*$/.test(name) ? name.slice(1) : name);

/** AWS: a name with a leading slash gets no second one. */
export const arnOf = (scope: Scope, name: string): string =>
  renderArn('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`);

/** How a request refers to a parameter. */
export interface Asked {
  name: string;
  /** The version's number or label, which follows the colon. */
  selector?: string;
  /** The request gives an ARN. */
  isByArn?: boolean;
}

/**
 * Throws ValidationException if no parameter can have this name, and ParameterNotFound for an ARN of another account
 * or region.
 */
export function parseAsked(scope: Scope, text: string): Asked {
  const arn = parseArn(text);
  const [name = '', selector, ...rest] = (arn ? nameInArn(scope, arn) : text).split(':');
  // AWS: double slashes and paths without a leading slash get the error for invalid characters.
  if (rest.length > 0 || !/^(\/?[\w.-]+|(\/[\w.-]+)+)$/.test(name)) throw invalidName();
  return { name, ...(selector !== undefined && { selector }), ...(arn && { isByArn: true }) };
}

// `parameter/team/url` stands for `/team/url`. A name without another slash has no leading slash either.
function nameInArn(scope: Scope, { service, region, accountId, resource }: Arn): string {
  const isHere = region === scope.region && (accountId === scope.accountId || accountId === '');
  if (service !== 'ssm' || !isHere || !resource.startsWith('parameter/')) throw parameterNotFound();
  const rest = resource.slice('parameter/'.length);
  return rest.includes('/') ? `/${rest}` : rest;
}
