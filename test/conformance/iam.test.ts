// IAM as its own clients see it: the SDK for JavaScript and the AWS CLI, over HTTP.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IAM } from '@aws-sdk/client-iam';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createIam } from '../../src/services/iam/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

let store: Store;
let server: WireServer;
let client: IAM;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const GRANT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' },
});

const clientFor = (region: string) =>
  new IAM({ endpoint: server.url, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });

before(async () => {
  store = openStore(':memory:');
  const services = [createIam({ store, clock: systemClock })];
  server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  client = clientFor('us-east-1');
});

after(async () => {
  client?.destroy();
  await server?.stop();
  store?.close();
});

describe('roles', () => {
  it('are the account’s in every region, with policies within and attached', async () => {
    const RoleName = 'function-role';
    const { Role } = await client.createRole({ RoleName, Path: '/app/', AssumeRolePolicyDocument: TRUST });
    assert.equal(Role!.Arn, 'arn:aws:iam::000000000000:role/app/function-role');
    assert.match(Role!.RoleId!, /^AROA[A-Z2-7]{17}$/);
    await assert.rejects(client.createRole({ RoleName: 'Function-Role', AssumeRolePolicyDocument: TRUST }), {
      name: 'EntityAlreadyExistsException',
      message: 'Role with name Function-Role already exists.',
    });
    const elsewhere = clientFor('eu-west-1');
    const seen = (await elsewhere.getRole({ RoleName })).Role!;
    elsewhere.destroy();
    assert.deepEqual(JSON.parse(decodeURIComponent(seen.AssumeRolePolicyDocument!)), JSON.parse(TRUST));
    await client.putRolePolicy({ RoleName, PolicyName: 'read', PolicyDocument: GRANT });
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await client.attachRolePolicy({ RoleName, PolicyArn });
    assert.deepEqual((await client.listAttachedRolePolicies({ RoleName })).AttachedPolicies, [
      { PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn },
    ]);
    const inline = await client.getRolePolicy({ RoleName, PolicyName: 'read' });
    assert.equal(decodeURIComponent(inline.PolicyDocument!), GRANT);
    const conflict = (message: string) => ({ name: 'DeleteConflictException', message });
    await assert.rejects(
      client.deleteRole({ RoleName }),
      conflict('Cannot delete entity, must detach all policies first.'),
    );
    await client.detachRolePolicy({ RoleName, PolicyArn });
    await assert.rejects(
      client.deleteRole({ RoleName }),
      conflict('Cannot delete entity, must delete policies first.'),
    );
    await client.deleteRolePolicy({ RoleName, PolicyName: 'read' });
    await client.deleteRole({ RoleName });
    await assert.rejects(client.getRole({ RoleName }), {
      name: 'NoSuchEntityException',
      message: `The role with name ${RoleName} cannot be found.`,
    });
  });

  it('are refused with documents that are no policies', async () => {
    const make = (AssumeRolePolicyDocument: string) =>
      client.createRole({ RoleName: 'bad', AssumeRolePolicyDocument });
    for (const text of ['{', '[]', '{}', GRANT, '{"Version":"2013-01-01","Statement":[]}']) {
      await assert.rejects(make(text), { name: 'MalformedPolicyDocumentException' }, text);
    }
    await assert.rejects(client.createRole({ RoleName: 'a b', AssumeRolePolicyDocument: TRUST }), {
      name: 'ValidationError',
    });
  });

  it('go into instance profiles, one each', async () => {
    await client.createRole({ RoleName: 'bastion', AssumeRolePolicyDocument: TRUST });
    const InstanceProfileName = 'bastion-profile';
    await client.createInstanceProfile({ InstanceProfileName });
    const both = { InstanceProfileName, RoleName: 'bastion' };
    await client.addRoleToInstanceProfile(both);
    await assert.rejects(client.addRoleToInstanceProfile(both), { name: 'LimitExceededException' });
    const { InstanceProfile } = await client.getInstanceProfile({ InstanceProfileName });
    assert.equal(InstanceProfile!.Arn, 'arn:aws:iam::000000000000:instance-profile/bastion-profile');
    assert.equal(InstanceProfile!.Roles![0]!.RoleName, 'bastion');
    for (const work of [
      () => client.deleteRole({ RoleName: 'bastion' }),
      () => client.deleteInstanceProfile({ InstanceProfileName }),
    ]) {
      await assert.rejects(work, {
        message: 'Cannot delete entity, must remove roles from instance profile first.',
      });
    }
    await client.removeRoleFromInstanceProfile(both);
    await client.deleteInstanceProfile({ InstanceProfileName });
    await client.deleteRole({ RoleName: 'bastion' });
  });

  it('have tags, and are listed by path, page by page', async () => {
    for (const name of ['a', 'b', 'c']) {
      await client.createRole({ RoleName: name, Path: '/page/', AssumeRolePolicyDocument: TRUST });
    }
    const first = await client.listRoles({ PathPrefix: '/page/', MaxItems: 2 });
    assert.equal(first.IsTruncated, true);
    const second = await client.listRoles({ PathPrefix: '/page/', Marker: first.Marker });
    assert.deepEqual(
      [...first.Roles!, ...second.Roles!].map((role) => role.RoleName),
      ['a', 'b', 'c'],
    );
    await client.tagRole({ RoleName: 'a', Tags: [{ Key: 'k', Value: 'v' }] });
    assert.deepEqual((await client.listRoleTags({ RoleName: 'a' })).Tags, [{ Key: 'k', Value: 'v' }]);
    await client.untagRole({ RoleName: 'a', TagKeys: ['K'] });
    assert.deepEqual((await client.listRoleTags({ RoleName: 'a' })).Tags, []);
  });
});

describe('managed policies', () => {
  it('have up to five versions, and stay while they are attached', async () => {
    const { Policy } = await client.createPolicy({ PolicyName: 'mine', PolicyDocument: GRANT });
    const PolicyArn = Policy!.Arn!;
    for (let i = 2; i <= 5; i++) {
      await client.createPolicyVersion({ PolicyArn, PolicyDocument: GRANT, SetAsDefault: true });
    }
    await assert.rejects(client.createPolicyVersion({ PolicyArn, PolicyDocument: GRANT }), {
      name: 'LimitExceededException',
    });
    assert.equal((await client.getPolicy({ PolicyArn })).Policy!.DefaultVersionId, 'v5');
    await assert.rejects(client.deletePolicyVersion({ PolicyArn, VersionId: 'v5' }), {
      name: 'DeleteConflictException',
    });
    for (const VersionId of ['v1', 'v2', 'v3', 'v4'])
      await client.deletePolicyVersion({ PolicyArn, VersionId });
    await client.createUser({ UserName: 'ann' });
    await client.attachUserPolicy({ UserName: 'ann', PolicyArn });
    await assert.rejects(client.deletePolicy({ PolicyArn }), {
      message: 'Cannot delete a policy attached to entities.',
    });
    await client.detachUserPolicy({ UserName: 'ann', PolicyArn });
    await client.deletePolicy({ PolicyArn });
    await assert.rejects(client.attachUserPolicy({ UserName: 'ann', PolicyArn }), {
      name: 'NoSuchEntityException',
    });
    const { AccessKey } = await client.createAccessKey({ UserName: 'ann' });
    assert.match(AccessKey!.AccessKeyId!, /^AKIA[A-Z2-7]{16}$/);
    await client.deleteAccessKey({ UserName: 'ann', AccessKeyId: AccessKey!.AccessKeyId });
    await client.deleteUser({ UserName: 'ann' });
  });

  it('of AWS can be described', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess';
    const { Policy } = await client.getPolicy({ PolicyArn });
    assert.deepEqual([Policy!.PolicyName, Policy!.DefaultVersionId], ['AmazonEC2ReadOnlyAccess', 'v1']);
    await assert.rejects(client.deletePolicy({ PolicyArn }), { name: 'UnmodifiableEntityException' });
  });
});

describe('through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const iam = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', server.url, 'iam', ...args, '--output', 'text'],
      awsEnvironment(server.url),
    );

  it('makes a role and misses another', async () => {
    const query = ['--query', 'Role.AssumeRolePolicyDocument.Statement[0].Effect'];
    const made = await iam(
      ...['create-role', '--role-name', 'cli', '--assume-role-policy-document', TRUST, ...query],
    );
    assert.equal(made.stdout.trim(), 'Allow', made.stderr);
    assert.match(
      (await iam('get-role', '--role-name', 'none')).stderr,
      /\(NoSuchEntity\) when calling the GetRole operation: The role with name none cannot be found\./,
    );
  });
});
