// Resource policies of functions: stored and returned, not enforced.

import type { Scope } from '../../../aws/scope.ts';
import { changeFunction, findFunction, newRevision, requireRevision } from '../context.ts';
import { functionArn, LATEST } from '../domain/names.ts';
import { noPolicy, notFound, statementExists, statementNotFound } from '../faults.ts';
import type { Input, Operation } from '../sdk.ts';

export const AddPermission: Operation<'AddPermission'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name, qualifier } = reference;
  const statement = statementOf(input, scope, name, qualifier);
  changeFunction(lambda, reference, (record) => {
    const policy = (record.policies[qualifier ?? LATEST] ??= { statements: [], revisionId: '' });
    if (policy.revisionId) requireRevision(policy.revisionId, input.RevisionId);
    if (policy.statements.some(({ Sid }) => Sid === input.StatementId))
      throw statementExists(input.StatementId);
    policy.statements.push(statement);
    policy.revisionId = newRevision();
  });
  return { Statement: JSON.stringify(statement) };
};

export const RemovePermission: Operation<'RemovePermission'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const key = reference.qualifier ?? LATEST;
  changeFunction(lambda, reference, (record) => {
    const policy = record.policies[key];
    if (!policy) throw noPolicy();
    if (!policy.statements.some(({ Sid }) => Sid === input.StatementId))
      throw statementNotFound(input.StatementId);
    requireRevision(policy.revisionId, input.RevisionId);
    policy.statements = policy.statements.filter(({ Sid }) => Sid !== input.StatementId);
    policy.revisionId = newRevision();
    if (policy.statements.length === 0) delete record.policies[key];
  });
  return {};
};

export const GetPolicy: Operation<'GetPolicy'> = (lambda, input, context) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const policy = record.policies[reference.qualifier ?? LATEST];
  if (!policy) throw notFound();
  return {
    Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }),
    RevisionId: policy.revisionId,
  };
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
