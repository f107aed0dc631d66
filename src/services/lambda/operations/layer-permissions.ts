// Policies of layer versions: stored and returned, not enforced. Every account may use every layer.

import type { Scope } from '../../../aws/scope.ts';
import { type Lambda, requireLayerVersion } from '../context.ts';
import type { LayerVersionRecord } from '../domain/model.ts';
import { layerArn, layerNameOf } from '../domain/names.ts';
import { noPolicy, notFound, policyTooLong } from '../faults.ts';
import type { Input, Operation } from '../sdk.ts';
import { documentOf, withoutStatement, withStatement } from './resource-policy.ts';

const LONGEST_POLICY = 20_480;

export const AddLayerVersionPermission: Operation<'AddLayerVersionPermission'> = (lambda, input, context) => {
  const statement = statementOf(input, context);
  const RevisionId = changeVersion(lambda, context, input, (version) => {
    const policy = withStatement(version.policy, statement, input.RevisionId);
    const { length } = documentOf(policy);
    if (length > LONGEST_POLICY) throw policyTooLong(length, LONGEST_POLICY);
    version.policy = policy;
    return policy.revisionId;
  });
  return { Statement: JSON.stringify(statement), RevisionId };
};

export const RemoveLayerVersionPermission: Operation<'RemoveLayerVersionPermission'> = (
  lambda,
  input,
  context,
) => {
  changeVersion(lambda, context, input, (version) => {
    const left = withoutStatement(version.policy, input.StatementId, input.RevisionId);
    if (left) version.policy = left;
    else delete version.policy;
  });
  return {};
};

export const GetLayerVersionPolicy: Operation<'GetLayerVersionPolicy'> = (lambda, input, context) => {
  const name = layerNameOf(input.LayerName);
  const { policy } = requireLayerVersion(lambda, context, name, input.VersionNumber);
  if (!policy) throw noPolicy();
  return { Policy: documentOf(policy), RevisionId: policy.revisionId };
};

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
