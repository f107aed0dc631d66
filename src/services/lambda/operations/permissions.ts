// Resource policies of functions: stored and returned, not enforced.

import type { Scope } from '../../../aws/scope.ts';
import { changeFunction, findFunction } from '../context.ts';
import { functionArn, LATEST } from '../domain/names.ts';
import { notFound } from '../faults.ts';
import type { Input, Operation } from '../sdk.ts';
import { documentOf, withoutStatement, withStatement } from './resource-policy.ts';

export const AddPermission: Operation<'AddPermission'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name, qualifier } = reference;
  const statement = statementOf(input, scope, name, qualifier);
  const key = qualifier ?? LATEST;
  changeFunction(lambda, reference, ({ policies }) => {
    policies[key] = withStatement(policies[key], statement, input.RevisionId);
  });
  return { Statement: JSON.stringify(statement) };
};

export const RemovePermission: Operation<'RemovePermission'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const key = reference.qualifier ?? LATEST;
  changeFunction(lambda, reference, ({ policies }) => {
    const left = withoutStatement(policies[key], input.StatementId, input.RevisionId);
    if (left) policies[key] = left;
    else delete policies[key];
  });
  return {};
};

export const GetPolicy: Operation<'GetPolicy'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const policy = record.policies[reference.qualifier ?? LATEST];
  if (!policy) throw notFound();
  return { Policy: documentOf(policy), RevisionId: policy.revisionId };
};

function statementOf(
  input: Input<'AddPermission'>,
  scope: Scope,
  name: string,
  qualifier: string | undefined,
) {
  const conditions: Record<string, Record<string, string>> = {};
  const add = (operator: string, key: string, value: string | undefined) => {
    if (value !== undefined) (conditions[operator] ??= {})[key] = value;
  };
  add('ArnLike', 'AWS:SourceArn', input.SourceArn);
  add('StringEquals', 'AWS:SourceAccount', input.SourceAccount);
  add('StringEquals', 'lambda:EventSourceToken', input.EventSourceToken);
  add('StringEquals', 'lambda:FunctionUrlAuthType', input.FunctionUrlAuthType);
  add('StringEquals', 'aws:PrincipalOrgID', input.PrincipalOrgID);
  if (input.InvokedViaFunctionUrl !== undefined) {
    add('Bool', 'lambda:InvokedViaFunctionUrl', String(input.InvokedViaFunctionUrl));
  }
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: functionArn(scope, name, qualifier),
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

function principalOf(principal: string) {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}
