// Names and ARNs of log groups and streams. Pure.

import { parseArn, renderArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import { invalid } from './faults.ts';

export const groupArn = (scope: Scope, name: string): string => renderArn('logs', scope, `log-group:${name}`);

export const streamArn = (scope: Scope, group: string, name: string): string =>
  renderArn('logs', scope, `log-group:${group}:log-stream:${name}`);

/** AWS: no more is known of what streams may be called; the character 0 ends a name in the store. */
export function checkStreamName(name: string): string {
  if (name.includes('\0')) throw invalid('A log stream name must not contain the character 0.');
  return name;
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
