// Reads the inputs that several operations share: parameters, tags, stack policies, and what to do on failure.

import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { validationError } from '../faults.ts';
import type { StackOperation } from '../stack/model.ts';
import { fetchTemplate } from '../stack/template-source.ts';
import { tagging } from '../tags.ts';
import type { GivenParameter } from '../template/parameters.ts';

/** Parameters by name. Throws a ValidationError for a missing or duplicate key, or two values. */
export function parametersOf(given: readonly Parameter[] = []): Map<string, GivenParameter> {
  const parameters = new Map<string, GivenParameter>();
  for (const { ParameterKey, ParameterValue, UsePreviousValue } of given) {
    if (ParameterKey === undefined) throw validationError('Parameters: each must have a ParameterKey');
    if (parameters.has(ParameterKey)) {
      throw validationError(`Duplicate keys present in Parameters: ${ParameterKey}`);
    }
    if (UsePreviousValue && ParameterValue !== undefined && ParameterValue !== '') {
      throw validationError(
        `Invalid input for parameter key ${ParameterKey}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    }
    parameters.set(ParameterKey, { value: ParameterValue, usePreviousValue: UsePreviousValue });
  }
  return parameters;
}

/** A stack's tags by key. Throws a ValidationError. */
export const tagsOf = (given: readonly Tag[] = []): Record<string, string> => tagging.add({}, given);

/** The text of a stack policy from its body or its URL; `undefined` when neither is given. */
export function policyText(
  cf: CloudFormation,
  scope: Scope,
  body: string | undefined,
  url: string | undefined,
): Promise<string | undefined> {
  if (body !== undefined && url !== undefined) {
    throw validationError('You cannot specify both a policy body and a policy URL.');
  }
  return url === undefined ? Promise.resolve(body) : fetchTemplate(cf, scope, url);
}

/** Throws a ValidationError when both members are given. */
export function onFailureOf(input: {
  OnFailure?: string | undefined;
  DisableRollback?: boolean | undefined;
}): StackOperation['onFailure'] {
  const { OnFailure: onFailure, DisableRollback: disabled } = input;
  if (onFailure !== undefined && disabled !== undefined) {
    throw validationError('You can specify either DisableRollback or OnFailure, but not both.');
  }
  if (onFailure === undefined) return disabled ? 'DO_NOTHING' : 'ROLLBACK';
  return onFailure as StackOperation['onFailure'];
}
