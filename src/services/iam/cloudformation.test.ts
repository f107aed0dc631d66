// Drives IAM's resource types as CloudFormation does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { iamResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createIam } from './service.ts';

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const GRANT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
const MANAGED = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';

function open() {
  const service = createIam({ store: openStore(':memory:'), clock: { now: () => 0 } });
  const iam = createClient<Sdk>('iam', { inProcess: service });
  return { iam, ...driveTypes(iamResourceTypes(iam)) };
}

test('a role with all its properties is created, changed and deleted', async () => {
  const { iam, make, update, deleteAll } = open();
  const first = {
    AssumeRolePolicyDocument: TRUST,
    ManagedPolicyArns: [MANAGED],
    Policies: [{ PolicyName: 'one', PolicyDocument: GRANT }],
    Tags: [{ Key: 'a', Value: '1' }],
  };
  const role = await make('AWS::IAM::Role', 'Role', first);
  assert.equal(role.physicalId, 'demo-Role-TOKENROLE000');
  assert.equal(role.attributes.Arn, 'arn:aws:iam::000000000000:role/demo-Role-TOKENROLE000');
  const RoleName = role.physicalId;
  const profile = await make('AWS::IAM::InstanceProfile', 'Profile', { Roles: [RoleName] });
  assert.match(String(profile.attributes.Arn), /^arn:aws:iam::000000000000:instance-profile\/demo-Profile-/);
  await make('AWS::IAM::Policy', 'Inline', {
    PolicyName: 'inline',
    PolicyDocument: GRANT,
    Roles: [RoleName],
  });
  const managed = await make('AWS::IAM::ManagedPolicy', 'Managed', {
    PolicyDocument: GRANT,
    Roles: [RoleName],
  });
  assert.equal(managed.physicalId, 'arn:aws:iam::000000000000:policy/demo-Managed-TOKENMANAGED');
  assert.equal(managed.attributes.AttachmentCount, 1);
  const second = {
    AssumeRolePolicyDocument: TRUST,
    Description: 'changed',
    Policies: [{ PolicyName: 'two', PolicyDocument: GRANT }],
  };
  await update('AWS::IAM::Role', 'Role', RoleName, [first, second]);
  const { Role } = await iam.call('GetRole', { RoleName }, SCOPE);
  assert.deepEqual([Role!.Description, Role!.Tags], ['changed', [{ Key: 'stack', Value: 'demo' }]]);
  const { PolicyNames } = await iam.call('ListRolePolicies', { RoleName }, SCOPE);
  assert.deepEqual(PolicyNames, ['inline', 'two']);
  const { AttachedPolicies } = await iam.call('ListAttachedRolePolicies', { RoleName }, SCOPE);
  assert.deepEqual(
    AttachedPolicies!.map((policy) => policy.PolicyArn),
    [managed.physicalId],
  );
  await deleteAll();
  assert.deepEqual((await iam.call('ListRoles', {}, SCOPE)).Roles, []);
});

test('a managed policy can change more often than it has versions', async () => {
  const { make, update, deleteAll } = open();
  const documents = Array.from({ length: 8 }, (_, index) => ({
    PolicyDocument: { ...GRANT, Statement: [{ ...GRANT.Statement[0]!, Sid: `s${index}` }] },
  }));
  const { physicalId } = await make('AWS::IAM::ManagedPolicy', 'P', documents[0]);
  for (let i = 1; i < documents.length; i++) {
    await update('AWS::IAM::ManagedPolicy', 'P', physicalId, [documents[i - 1]!, documents[i]!]);
  }
  await deleteAll();
});

test('a role whose creation fails halfway reports its physical id', async () => {
  const { make } = open();
  const bad = make('AWS::IAM::Role', 'R', {
    AssumeRolePolicyDocument: TRUST,
    ManagedPolicyArns: ['arn:aws:iam::000000000000:policy/none'],
  });
  await assert.rejects(bad, {
    message: 'Policy arn:aws:iam::000000000000:policy/none does not exist or is not attachable.',
    physicalId: 'demo-R-TOKENR000000',
  });
});
