// Policies of layer versions: stored and returned, not enforced. Every account may use every layer.

import type { Scope } from '../../../aws/scope.ts';
import { type Lambda, newRevision, requireRevision } from '../context.ts';
import type { LayerVersionRecord } from '../domain/model.ts';
import { layerArn, layerNameOf } from '../domain/names.ts';
import { noPolicy, notFound, policyTooLong, statementExists, statementNotFound } from '../faults.ts';
import type { Input, Operation } from '../sdk.ts';

const LONGEST_POLICY = 20_480;

export const AddLayerVersionPermission: Operation<'AddLayerVersionPermission'> = (lambda, input, context) => {
  const statement = statementOf(input, context);
  const RevisionId = changeVersion(lambda, context, input, (version) => {
    const policy = version.policy ?? { statements: [], revisionId: '' };
    if (policy.revisionId) requireRevision(policy.revisionId, input.RevisionId);
    if (policy.statements.some(({ Sid }) => Sid === input.StatementId))
      throw statementExists(input.StatementId);
    const changed = { statements: [...policy.statements, statement], revisionId: newRevision() };
    const { length } = rendered(changed.statements);
    if (length > LONGEST_POLICY) throw policyTooLong(length, LONGEST_POLICY);
    version.policy = changed;
    return changed.revisionId;
  });
  return { Statement: JSON.stringify(statement), RevisionId };
};

export const RemoveLayerVersionPermission: Operation<'RemoveLayerVersionPermission'> = (
  lambda,
  input,
  context,
) => {
  changeVersion(lambda, context, input, (version) => {
    const { policy } = version;
    if (!policy) throw noPolicy();
    const left = policy.statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (left.length === policy.statements.length) throw statementNotFound(input.StatementId);
    requireRevision(policy.revisionId, input.RevisionId);
    if (left.length === 0) delete version.policy;
    else version.policy = { statements: left, revisionId: newRevision() };
  });
  return {};
};

export const GetLayerVersionPolicy: Operation<'GetLayerVersionPolicy'> = (lambda, input, context) => {
  const name = layerNameOf(input.LayerName);
  const version = lambda.records.layers.find(context, name)?.versions[input.VersionNumber];
  if (!version) throw notFound();
  if (!version.policy) throw noPolicy();
  return { Policy: rendered(version.policy.statements), RevisionId: version.policy.revisionId };
};

const rendered = (statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });

function changeVersion<T>(
  lambda: Lambda,
  scope: Scope,
  { LayerName, VersionNumber }: { LayerName: string; VersionNumber: number },
  change: (version: LayerVersionRecord) => T,
): T {
  const name = layerNameOf(LayerName);
  return lambda.store.transaction(() => {
    const record = lambda.records.layers.find(scope, name);
    const version = record?.versions[VersionNumber];
    if (!record || !version) throw notFound();
    const result = change(version);
    lambda.records.layers.put(scope, record);
    return result;
  });
}

function statementOf(input: Input<'AddLayerVersionPermission'>, scope: Scope) {
  const { StatementId, Action, Principal, OrganizationId } = input;
  const isAccount = /^\d{12}$/.test(Principal);
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: isAccount ? { AWS: `arn:aws:iam::${Principal}:root` } : Principal,
    Action,
    Resource: layerArn(scope, layerNameOf(input.LayerName), input.VersionNumber),
    ...(OrganizationId !== undefined && {
      Condition: { StringEquals: { 'aws:PrincipalOrgID': OrganizationId } },
    }),
  };
}
