// What names of parameters may be, and how one is asked for: by name, by ARN, with a version or a label. Pure.

import { parseArn, renderArn } from '../../kernel/arn.ts';
import type { Scope } from '../../kernel/scope.ts';
import { invalidName, notFullyQualified, reservedName, tooManyLevels, validation } from './faults.ts';

const MAX_LENGTH = 1_011;
const MAX_LEVELS = 15;

/** Throws for a name that cannot be given to a new parameter. */
export function checkNewName(name: string): void {
  if (name.length > MAX_LENGTH) throw validation(`Parameter name may have at most ${MAX_LENGTH} characters.`);
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name)) throw invalidName();
  if (/^\/(aws|ssm)/i.test(name)) throw reservedName(name);
  if (/^(aws|ssm)/i.test(name) || /\/\/|\/$/.test(name)) throw invalidName();
  if (name.includes('/') && !name.startsWith('/')) throw notFullyQualified();
  if (name.split('/').length - 1 > MAX_LEVELS) throw tooManyLevels(MAX_LEVELS);
}

/** AWS: a name with its own slash in front gets no second one. */
export const arnOf = (scope: Scope, name: string): string =>
  renderArn('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`);

export interface Asked {
  name: string;
  /** A number or a label, after the colon. */
  selector?: string;
}

export function parseAsked(text: string): Asked {
  const arn = parseArn(text);
  const [name = '', selector] = (arn ? nameInArn(arn.resource) : text).split(':');
  return selector === undefined ? { name } : { name, selector };
}

// `parameter/team/url` may be of `/team/url`; without a slash inside, the name has none either.
function nameInArn(resource: string): string {
  const rest = resource.replace(/^parameter\//, '');
  return rest.includes('/') ? `/${rest}` : rest;
}
