// Names and ARNs of log groups and streams. Pure.

import { parseArn, renderArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import { invalid } from './faults.ts';

/** Without the `:*` that the `arn` member of DescribeLogGroups ends in. */
export const groupArn = (scope: Scope, name: string): string => renderArn('logs', scope, `log-group:${name}`);

/** The ARN of a log stream. */
export const streamArn = (scope: Scope, group: string, name: string): string =>
  renderArn('logs', scope, `log-group:${group}:log-stream:${name}`);

/**
 * Throws InvalidParameter. AWS: no other rule for stream names is known. The character 0 separates names in the
 * store.
 */
export function checkStreamName(name: string): string {
  if (name.includes('\0')) throw invalid('A log stream name must not contain the character 0.');
  return name;
}

interface Named {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
}

/**
 * AWS: newer clients send a name or an ARN in `logGroupIdentifier`. Throws InvalidParameter if both members are
 * absent.
 */
export function groupNameOf({ logGroupName, logGroupIdentifier }: Named): string {
  const given = logGroupName ?? logGroupIdentifier;
  if (!given) throw invalid('One of logGroupName and logGroupIdentifier must be given.');
  return groupNameInArn(given) ?? given;
}

/** `undefined` if the text is not the ARN of a log group. */
export function groupNameInArn(text: string): string | undefined {
  const [kind, name] = parseArn(text)?.resource.split(':') ?? [];
  return kind === 'log-group' ? name : undefined;
}
