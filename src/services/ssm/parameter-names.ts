// What names of parameters may be, and how one is asked for: by name, by ARN, with a version or a label. Pure.

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

/** Throws for a name that cannot be given to a new parameter. */
export function checkNewName(name: string): void {
  if (name.length > MAX_LENGTH) throw validation(`Parameter name may have at most ${MAX_LENGTH} characters.`);
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) throw invalidName();
  if (/^\/(aws|ssm)/i.test(name)) throw reservedName(name);
  if (/^(aws|ssm)/i.test(name)) throw reservedPrefix();
  if (/\/\/|\/$/.test(name)) throw invalidName();
  if (name.includes('/') && !name.startsWith('/')) throw notFullyQualified();
  if (name.split('/').length - 1 > MAX_LEVELS) throw tooManyLevels(MAX_LEVELS);
}

/** AWS: at the root, a parameter is found with and without a slash in front. What both spellings have in common. */
export const keyOfName = (name: string): string => (/^\/[^/]*$/.test(name) ? name.slice(1) : name);

/** AWS: a name with its own slash in front gets no second one. */
export const arnOf = (scope: Scope, name: string): string =>
  renderArn('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`);

export interface Asked {
  name: string;
  /** A number or a label, after the colon. */
  selector?: string;
  /** By its ARN. */
  isByArn?: boolean;
}

/** Throws ValidationException for what no parameter can be named, ParameterNotFound for ARNs of other places. */
export function parseAsked(scope: Scope, text: string): Asked {
  const arn = parseArn(text);
  const [name = '', selector, ...rest] = (arn ? nameInArn(scope, arn) : text).split(':');
  // AWS: double slashes, and paths without a slash in front, are told as names with other characters are.
  if (rest.length > 0 || !/^(\/?[\w.-]+|(\/[\w.-]+)+)$/.test(name)) throw invalidName();
  return { name, ...(selector !== undefined && { selector }), ...(arn && { isByArn: true }) };
}

// `parameter/team/url` may be of `/team/url`; without a slash inside, the name has none either.
function nameInArn(scope: Scope, { service, region, accountId, resource }: Arn): string {
  const isHere = region === scope.region && (accountId === scope.accountId || accountId === '');
  if (service !== 'ssm' || !isHere || !resource.startsWith('parameter/')) throw parameterNotFound();
  const rest = resource.slice('parameter/'.length);
  return rest.includes('/') ? `/${rest}` : rest;
}
