// IAM's users, groups, policies and what belongs to them, through the SDK's own client. Every operation is called, and
// what it changed is seen by another.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IAM } from '@aws-sdk/client-iam';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createIam } from '../../src/services/iam/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';

let store: Store;
let server: WireServer;
let iam: IAM;

const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const TRUST = policyOf({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const GRANT = policyOf({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' });
const BOUNDARY = 'arn:aws:iam::aws:policy/PowerUserAccess';
const NO_SUCH_ENTITY = { name: 'NoSuchEntityException' };

before(async () => {
  store = openStore(':memory:');
  const services = [createIam({ store, clock: systemClock })];
  server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  iam = new IAM({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

after(async () => {
  iam?.destroy();
  await server?.stop();
  store?.close();
});

/** What all pages of a list have, read two at a time. */
async function all<T>(
  read: (page: { MaxItems: number; Marker?: string }) => Promise<{ Marker?: string; items: T[] }>,
): Promise<T[]> {
  const found: T[] = [];
  let marker: string | undefined;
  do {
    const { Marker, items } = await read({ MaxItems: 2, ...(marker && { Marker: marker }) });
    assert.ok(items.length <= 2);
    found.push(...items);
    marker = Marker;
  } while (marker);
  return found;
}

describe('users', () => {
  it('are listed, shown, renamed and given tags', async () => {
    for (const UserName of ['User-c', 'user-a', 'user-b'])
      await iam.createUser({ UserName, Path: '/listed/' });
    const names = await all(async (page) => {
      const { Users, Marker } = await iam.listUsers({ ...page, PathPrefix: '/listed/' });
      return { items: Users!.map(({ UserName }) => UserName), Marker: Marker! };
    });
    assert.deepEqual(names, ['user-a', 'user-b', 'User-c']);
    await assert.rejects(iam.listUsers({ Marker: 'noise' }), {
      name: 'ValidationError',
      message: 'Invalid Marker.',
    });
    await iam.tagUser({ UserName: 'user-a', Tags: [{ Key: 'team', Value: 'x' }] });
    await iam.updateUser({ UserName: 'user-a', NewUserName: 'user-z', NewPath: '/moved/' });
    const { User } = await iam.getUser({ UserName: 'user-z' });
    assert.deepEqual(
      [User!.Arn, User!.Tags],
      ['arn:aws:iam::000000000000:user/moved/user-z', [{ Key: 'team', Value: 'x' }]],
    );
    await assert.rejects(iam.getUser({ UserName: 'user-a' }), NO_SUCH_ENTITY);
    await assert.rejects(iam.updateUser({ UserName: 'user-b', NewUserName: 'USER-C' }), {
      name: 'EntityAlreadyExistsException',
    });
    assert.equal((await iam.getUser({ UserName: 'user-b' })).User!.UserName, 'user-b');
    assert.deepEqual((await iam.listUserTags({ UserName: 'user-z' })).Tags, [{ Key: 'team', Value: 'x' }]);
    await iam.untagUser({ UserName: 'user-z', TagKeys: ['team'] });
    assert.deepEqual((await iam.listUserTags({ UserName: 'user-z' })).Tags, []);
    assert.equal((await iam.getUser({})).User!.Arn, 'arn:aws:iam::000000000000:root');
  });

  it('have keys, a password and a boundary, which go before they do', async () => {
    const UserName = 'console';
    await iam.createUser({ UserName, PermissionsBoundary: BOUNDARY });
    const boundary = async () =>
      (await iam.getUser({ UserName })).User!.PermissionsBoundary?.PermissionsBoundaryArn;
    assert.equal(await boundary(), BOUNDARY);
    await iam.deleteUserPermissionsBoundary({ UserName });
    assert.equal(await boundary(), undefined);
    await iam.putUserPermissionsBoundary({ UserName, PermissionsBoundary: BOUNDARY });
    assert.equal((await iam.getPolicy({ PolicyArn: BOUNDARY })).Policy!.PermissionsBoundaryUsageCount, 1);

    const { AccessKeyId } = (await iam.createAccessKey({ UserName })).AccessKey!;
    await iam.updateAccessKey({ UserName, AccessKeyId, Status: 'Inactive' });
    const [key] = (await iam.listAccessKeys({ UserName })).AccessKeyMetadata!;
    assert.deepEqual([key!.AccessKeyId, key!.Status], [AccessKeyId, 'Inactive']);
    const used = await iam.getAccessKeyLastUsed({ AccessKeyId });
    assert.deepEqual([used.UserName, used.AccessKeyLastUsed!.ServiceName], [UserName, 'N/A']);
    const missing = 'AKIAAAAAAAAAAAAAAAAA';
    await assert.rejects(
      iam.updateAccessKey({ UserName, AccessKeyId: missing, Status: 'Active' }),
      NO_SUCH_ENTITY,
    );

    await assert.rejects(iam.getLoginProfile({ UserName }), {
      ...NO_SUCH_ENTITY,
      message: `Login Profile for User ${UserName} cannot be found.`,
    });
    const Password = 'Correct-horse-9';
    const { LoginProfile } = await iam.createLoginProfile({ UserName, Password });
    assert.equal(LoginProfile!.PasswordResetRequired, false);
    await assert.rejects(iam.createLoginProfile({ UserName, Password }), {
      name: 'EntityAlreadyExistsException',
      message: `Login Profile for user ${UserName} already exists.`,
    });
    await iam.updateLoginProfile({ UserName, PasswordResetRequired: true });
    assert.equal((await iam.getLoginProfile({ UserName })).LoginProfile!.PasswordResetRequired, true);
    const conflict = (what: string) => ({
      name: 'DeleteConflictException',
      message: `Cannot delete entity, must delete ${what} first.`,
    });
    await assert.rejects(iam.deleteUser({ UserName }), conflict('login profile'));
    await iam.deleteLoginProfile({ UserName });
    await assert.rejects(iam.deleteUser({ UserName }), conflict('access keys'));
    await iam.deleteAccessKey({ UserName, AccessKeyId });
    await iam.deleteUser({ UserName });
  });

  it('have none of what Millpond does not do', async () => {
    const UserName = 'plain';
    await iam.createUser({ UserName });
    assert.deepEqual((await iam.listMFADevices({ UserName })).MFADevices, []);
    assert.deepEqual((await iam.listSSHPublicKeys({ UserName })).SSHPublicKeys, []);
    assert.deepEqual((await iam.listSigningCertificates({ UserName })).Certificates, []);
    const { ServiceSpecificCredentials } = await iam.listServiceSpecificCredentials({ UserName });
    assert.deepEqual(ServiceSpecificCredentials, []);
    assert.deepEqual((await iam.listVirtualMFADevices({})).VirtualMFADevices, []);
    assert.deepEqual((await iam.listAccountAliases({})).AccountAliases, []);
    assert.deepEqual((await iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList, []);
    assert.deepEqual((await iam.listSAMLProviders({})).SAMLProviderList, []);
    assert.deepEqual((await iam.listServerCertificates({})).ServerCertificateMetadataList, []);
    const SerialNumber = 'arn:aws:iam::000000000000:mfa/none';
    const noDevice = {
      ...NO_SUCH_ENTITY,
      message: `MFA Device with serial number ${SerialNumber} does not exist.`,
    };
    await assert.rejects(iam.deactivateMFADevice({ UserName, SerialNumber }), noDevice);
    await assert.rejects(iam.deleteVirtualMFADevice({ SerialNumber }), noDevice);
    await assert.rejects(iam.getAccountPasswordPolicy({}), NO_SUCH_ENTITY);
    await assert.rejects(iam.listMFADevices({ UserName: 'nobody' }), NO_SUCH_ENTITY);
    await iam.deleteUser({ UserName });
  });

  it('and groups have policies of their own and managed ones', async () => {
    const UserName = 'holder';
    const GroupName = 'holders';
    await iam.createUser({ UserName });
    await iam.createGroup({ GroupName });
    const read = { PolicyName: 'read', PolicyDocument: GRANT };
    await iam.putUserPolicy({ UserName, ...read });
    await iam.putGroupPolicy({ GroupName, ...read });
    assert.deepEqual((await iam.listUserPolicies({ UserName })).PolicyNames, ['read']);
    assert.deepEqual((await iam.listGroupPolicies({ GroupName })).PolicyNames, ['read']);
    for (const { PolicyDocument } of [
      await iam.getUserPolicy({ UserName, PolicyName: 'read' }),
      await iam.getGroupPolicy({ GroupName, PolicyName: 'read' }),
    ]) {
      assert.equal(decodeURIComponent(PolicyDocument!), GRANT);
    }
    await iam.deleteUserPolicy({ UserName, PolicyName: 'read' });
    await iam.deleteGroupPolicy({ GroupName, PolicyName: 'read' });
    await assert.rejects(iam.getUserPolicy({ UserName, PolicyName: 'read' }), NO_SUCH_ENTITY);
    await assert.rejects(iam.getGroupPolicy({ GroupName, PolicyName: 'read' }), NO_SUCH_ENTITY);
    await iam.attachUserPolicy({ UserName, PolicyArn: BOUNDARY });
    await iam.attachGroupPolicy({ GroupName, PolicyArn: BOUNDARY });
    const attached = [{ PolicyName: 'PowerUserAccess', PolicyArn: BOUNDARY }];
    assert.deepEqual((await iam.listAttachedUserPolicies({ UserName })).AttachedPolicies, attached);
    assert.deepEqual((await iam.listAttachedGroupPolicies({ GroupName })).AttachedPolicies, attached);
    await assert.rejects(iam.deleteGroup({ GroupName }), { name: 'DeleteConflictException' });
    await iam.detachUserPolicy({ UserName, PolicyArn: BOUNDARY });
    await iam.detachGroupPolicy({ GroupName, PolicyArn: BOUNDARY });
    await iam.deleteUser({ UserName });
    await iam.deleteGroup({ GroupName });
  });
});

it('groups have members, and keep them under a new name', async () => {
  for (const GroupName of ['team-c', 'team-a', 'team-b'])
    await iam.createGroup({ GroupName, Path: '/teams/' });
  for (const UserName of ['m1', 'm2', 'm3']) {
    await iam.createUser({ UserName });
    await iam.addUserToGroup({ GroupName: 'team-a', UserName });
  }
  const listed = await all(async (page) => {
    const { Groups, Marker } = await iam.listGroups({ ...page, PathPrefix: '/teams/' });
    return { items: Groups!.map(({ GroupName }) => GroupName), Marker: Marker! };
  });
  assert.deepEqual(listed, ['team-a', 'team-b', 'team-c']);
  await iam.updateGroup({ GroupName: 'team-a', NewGroupName: 'crew' });
  const members = await all(async (page) => {
    const { Users, Marker } = await iam.getGroup({ ...page, GroupName: 'crew' });
    return { items: Users!.map(({ UserName }) => UserName), Marker: Marker! };
  });
  assert.deepEqual(members, ['m1', 'm2', 'm3']);
  const { Groups } = await iam.listGroupsForUser({ UserName: 'm1' });
  assert.deepEqual(
    Groups!.map(({ GroupName }) => GroupName),
    ['crew'],
  );
  await assert.rejects(iam.deleteGroup({ GroupName: 'crew' }), {
    message: 'Cannot delete entity, must remove users from group first.',
  });
  for (const UserName of members) await iam.removeUserFromGroup({ GroupName: 'crew', UserName });
  assert.deepEqual((await iam.getGroup({ GroupName: 'crew' })).Users, []);
  for (const GroupName of ['crew', 'team-b', 'team-c']) await iam.deleteGroup({ GroupName });
  await assert.rejects(iam.getGroup({ GroupName: 'crew' }), NO_SUCH_ENTITY);
});

it('roles are changed, and found from their instance profiles', async () => {
  const RoleName = 'changing';
  await iam.createRole({ RoleName, AssumeRolePolicyDocument: TRUST });
  assert.deepEqual((await iam.getRole({ RoleName })).Role!.RoleLastUsed, {});
  await iam.updateRole({ RoleName, MaxSessionDuration: 7200 });
  await iam.updateRoleDescription({ RoleName, Description: 'described' });
  const document = TRUST.replace('ec2', 'lambda');
  await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: document });
  await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: BOUNDARY });
  const { Role } = await iam.getRole({ RoleName });
  assert.deepEqual(
    [
      Role!.MaxSessionDuration,
      Role!.Description,
      decodeURIComponent(Role!.AssumeRolePolicyDocument!),
      Role!.PermissionsBoundary!.PermissionsBoundaryArn,
    ],
    [7200, 'described', document, BOUNDARY],
  );
  await iam.deleteRolePermissionsBoundary({ RoleName });
  assert.equal((await iam.getRole({ RoleName })).Role!.PermissionsBoundary, undefined);
  for (const name of ['p1', 'p2', 'p3']) {
    await iam.createInstanceProfile({ InstanceProfileName: name, Path: '/profiles/' });
    await iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName });
  }
  const profiles = (list: 'listInstanceProfiles' | 'listInstanceProfilesForRole') =>
    all(async (page) => {
      const { InstanceProfiles, Marker } = await iam[list]({ ...page, RoleName });
      return { items: InstanceProfiles!.map((one) => one.InstanceProfileName), Marker: Marker! };
    });
  assert.deepEqual(await profiles('listInstanceProfiles'), ['p1', 'p2', 'p3']);
  assert.deepEqual(await profiles('listInstanceProfilesForRole'), ['p1', 'p2', 'p3']);
  const InstanceProfileName = 'p1';
  await iam.tagInstanceProfile({ InstanceProfileName, Tags: [{ Key: 'k', Value: 'v' }] });
  assert.deepEqual((await iam.listInstanceProfileTags({ InstanceProfileName })).Tags, [
    { Key: 'k', Value: 'v' },
  ]);
  await iam.untagInstanceProfile({ InstanceProfileName, TagKeys: ['k'] });
  assert.deepEqual((await iam.listInstanceProfileTags({ InstanceProfileName })).Tags, []);
});
