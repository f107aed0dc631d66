// Names and ARNs of log groups and streams. Pure.

import { parseArn, renderArn } from '../../kernel/arn.ts';
import type { Scope } from '../../kernel/scope.ts';
import { constraint, invalid } from './faults.ts';

export const groupArn = (scope: Scope, name: string): string => renderArn('logs', scope, `log-group:${name}`);

export const streamArn = (scope: Scope, group: string, name: string): string =>
  renderArn('logs', scope, `log-group:${group}:log-stream:${name}`);

export function checkGroupName(name: string): string {
  if (/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) return name;
  throw constraint(
    'logGroupName',
    name.slice(0, 600),
    'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
  );
}

export function checkStreamName(name: string): string {
  if (/^[^:*\0]{1,512}$/.test(name)) return name;
  throw constraint(
    'logStreamName',
    name.slice(0, 600),
    'Member must satisfy regular expression pattern: [^:*]*',
  );
}

interface Named {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
}

/** AWS: newer clients name a group by its name or its ARN in `logGroupIdentifier`. */
export function groupNameOf({ logGroupName, logGroupIdentifier }: Named): string {
  const given = logGroupName ?? logGroupIdentifier;
  if (!given) throw invalid('One of logGroupName and logGroupIdentifier must be given.');
  return groupNameInArn(given) ?? given;
}

export function groupNameInArn(text: string): string | undefined {
  const [kind, name] = parseArn(text)?.resource.split(':') ?? [];
  return kind === 'log-group' ? name : undefined;
}
