// Reads the inputs that several operations share: a new definition with its template, parameters and tags; stack
// policies; and what to do on failure.

import type { Parameter, Tag, UpdateStackCommandInput } from '@aws-sdk/client-cloudformation';
import type { Scope } from '../../../aws/scope.ts';
import type { CloudFormation } from '../context.ts';
import { validationError } from '../faults.ts';
import { definitionOf } from '../stack/definitions.ts';
import type { StackOperation, StackRecord } from '../stack/model.ts';
import type { DefinitionRequest } from '../stack/prepare.ts';
import { fetchTemplate, type TemplateInput, templateText } from '../stack/template-source.ts';
import { tagging } from '../tags.ts';
import type { GivenParameter } from '../template/parameters.ts';

/** The members of a request that describe a definition. */
type DefinitionInput = TemplateInput &
  Pick<
    UpdateStackCommandInput,
    'UsePreviousTemplate' | 'Parameters' | 'Tags' | 'Capabilities' | 'NotificationARNs' | 'RoleARN'
  >;

/**
 * The definition to deploy. An existing stack keeps the tags, topics and role that the request does not mention.
 * Rejects with a ValidationError.
 */
export async function definitionRequest(
  cf: CloudFormation,
  scope: Scope,
  existing: StackRecord | undefined,
  input: DefinitionInput,
): Promise<DefinitionRequest> {
  const previous = existing && definitionOf(cf, existing);
  return {
    text: existing ? await textOf(cf, existing, input) : await templateText(cf, scope, input),
    parameters: parametersOf(input.Parameters),
    tags: input.Tags === undefined ? (previous?.tags ?? {}) : tagsOf(input.Tags),
    capabilities: input.Capabilities ?? [],
    notificationArns: input.NotificationARNs ?? previous?.notificationArns ?? [],
    roleArn: input.RoleARN ?? previous?.roleArn,
    previous,
  };
}

/** The template of an update: the stack's own with UsePreviousTemplate. Rejects with a ValidationError. */
export async function textOf(
  cf: CloudFormation,
  stack: StackRecord,
  input: TemplateInput & Pick<DefinitionInput, 'UsePreviousTemplate'>,
): Promise<string> {
  if (!input.UsePreviousTemplate) return templateText(cf, stack.scope, input);
  if (input.TemplateBody !== undefined || input.TemplateURL !== undefined) {
    throw validationError('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
  }
  const text = cf.records.texts.get(stack.scope, stack.definitionId ?? '')?.text;
  if (text === undefined) throw validationError(`Stack ${stack.stackName} has no template yet.`);
  return text;
}

/** Parameters by name. Throws a ValidationError for a missing or duplicate key, or two values. */
function parametersOf(given: readonly Parameter[] = []): Map<string, GivenParameter> {
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
const tagsOf = (given: readonly Tag[] = []): Record<string, string> => tagging.add({}, given);

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
