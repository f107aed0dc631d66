// IAM's managed policies and service-linked roles, through the SDK's own client.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
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
const DENY = policyOf({ Effect: 'Deny', Action: '*', Resource: '*' });

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

const make = async (PolicyName: string, Path = '/') =>
  (await iam.createPolicy({ PolicyName, Path, PolicyDocument: GRANT })).Policy!.Arn!;

it('a policy has versions, of which one is in force', async () => {
  const PolicyArn = await make('versioned');
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: DENY });
  const inForce = async () =>
    (await iam.listPolicyVersions({ PolicyArn })).Versions!.find((one) => one.IsDefaultVersion)!.VersionId;
  assert.equal(await inForce(), 'v1');
  await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v2' });
  assert.equal(await inForce(), 'v2');
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: 'v2' });
  assert.equal(decodeURIComponent(PolicyVersion!.Document!), DENY);
  await assert.rejects(iam.getPolicyVersion({ PolicyArn, VersionId: 'v9' }), {
    name: 'NoSuchEntityException',
  });
  await iam.tagPolicy({ PolicyArn, Tags: [{ Key: 'k', Value: 'v' }] });
  assert.deepEqual((await iam.listPolicyTags({ PolicyArn })).Tags, [{ Key: 'k', Value: 'v' }]);
  await iam.untagPolicy({ PolicyArn, TagKeys: ['k'] });
  assert.deepEqual((await iam.listPolicyTags({ PolicyArn })).Tags, []);
});

it('policies are listed page by page, the account’s and AWS’s', async () => {
  for (const name of ['zebra', 'Apple', 'mango']) await make(name, '/fruit/');
  const seen = async (filter: Parameters<IAM['listPolicies']>[0], MaxItems: number) => {
    const names: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await iam.listPolicies({ ...filter, MaxItems, Marker });
      assert.ok(page.Policies!.length <= MaxItems);
      names.push(...page.Policies!.map((one) => one.PolicyName!));
      Marker = page.Marker;
    } while (Marker);
    return names;
  };
  assert.deepEqual(await seen({ PathPrefix: '/fruit/' }, 2), ['Apple', 'mango', 'zebra']);
  const once = await seen({}, 1000);
  for (const MaxItems of [1, 2, 3, 4, 5]) assert.deepEqual(await seen({}, MaxItems), once);
  const own = await seen({ Scope: 'Local' }, 1);
  assert.deepEqual(once, [...own, ...(await seen({ Scope: 'AWS' }, 1))]);
  assert.ok(own.includes('mango') && !own.includes('AdministratorAccess'));
});

it('a policy tells who has it', async () => {
  const PolicyArn = await make('held');
  const boundary = await make('boundary');
  const unused = await make('unused');
  for (const RoleName of ['r1', 'r2']) {
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: TRUST, PermissionsBoundary: boundary });
    await iam.attachRolePolicy({ RoleName, PolicyArn });
  }
  await iam.createUser({ UserName: 'u1' });
  await iam.attachUserPolicy({ UserName: 'u1', PolicyArn });
  await iam.createGroup({ GroupName: 'g1' });
  await iam.attachGroupPolicy({ GroupName: 'g1', PolicyArn });
  const holders: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.listEntitiesForPolicy({ PolicyArn, MaxItems: 1, Marker });
    holders.push(...page.PolicyRoles!.map(({ RoleName }) => RoleName!));
    holders.push(...page.PolicyUsers!.map(({ UserName }) => UserName!));
    holders.push(...page.PolicyGroups!.map(({ GroupName }) => GroupName!));
    Marker = page.Marker;
  } while (Marker);
  assert.deepEqual(holders, ['r1', 'r2', 'u1', 'g1']);
  const users = await iam.listEntitiesForPolicy({ PolicyArn, EntityFilter: 'User' });
  assert.deepEqual([users.PolicyRoles, users.PolicyUsers!.length, users.PolicyGroups], [[], 1, []]);
  const bounded = await iam.listEntitiesForPolicy({
    PolicyArn: boundary,
    PolicyUsageFilter: 'PermissionsBoundary',
  });
  assert.equal(bounded.PolicyRoles!.length, 2);
  const { Policy } = await iam.getPolicy({ PolicyArn });
  assert.deepEqual([Policy!.AttachmentCount, Policy!.PermissionsBoundaryUsageCount], [4, 0]);
  const attached = await iam.listPolicies({ Scope: 'Local', OnlyAttached: true });
  assert.deepEqual(
    attached.Policies!.map((one) => one.Arn),
    [PolicyArn],
  );
  const boundaries = await iam.listPolicies({ Scope: 'Local', PolicyUsageFilter: 'PermissionsBoundary' });
  assert.deepEqual(
    boundaries.Policies!.map((one) => one.Arn),
    [boundary],
  );
  await assert.rejects(iam.deletePolicy({ PolicyArn: boundary }), { name: 'DeleteConflictException' });
  await iam.deletePolicy({ PolicyArn: unused });
});

it('everything is told at once, page by page', async () => {
  await iam.putUserPolicy({ UserName: 'u1', PolicyName: 'inline', PolicyDocument: GRANT });
  await iam.createInstanceProfile({ InstanceProfileName: 'worn' });
  await iam.addRoleToInstanceProfile({ InstanceProfileName: 'worn', RoleName: 'r1' });
  await iam.attachRolePolicy({ RoleName: 'r1', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  const details = async (
    MaxItems: number,
    filter: Parameters<IAM['getAccountAuthorizationDetails']>[0] = {},
  ) => {
    const names: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await iam.getAccountAuthorizationDetails({ ...filter, MaxItems, Marker });
      names.push(...page.UserDetailList!.map((one) => `user ${one.UserName} ${one.UserPolicyList!.length}`));
      names.push(...page.GroupDetailList!.map((one) => `group ${one.GroupName}`));
      names.push(
        ...page.RoleDetailList!.map((one) => `role ${one.RoleName} ${one.InstanceProfileList!.length}`),
      );
      names.push(...page.Policies!.map((one) => `policy ${one.PolicyName} ${one.AttachmentCount}`));
      Marker = page.Marker;
    } while (Marker);
    return names;
  };
  const all = await details(1000);
  for (const name of ['user u1 1', 'group g1', 'role r1 1', 'role r2 0', 'policy held 4']) {
    assert.ok(all.includes(name), name);
  }
  assert.equal(all.at(-1), 'policy AdministratorAccess 1');
  for (const MaxItems of [1, 2, 5]) assert.deepEqual(await details(MaxItems), all);
  assert.deepEqual(await details(1, { Filter: ['Group', 'AWSManagedPolicy'] }), [
    'group g1',
    'policy AdministratorAccess 1',
  ]);
});

it('a service-linked role is its service’s alone', async () => {
  const { Role } = await iam.createServiceLinkedRole({ AWSServiceName: 'elasticache.amazonaws.com' });
  const RoleName = 'AWSServiceRoleForElastiCache';
  assert.equal(
    Role!.Arn,
    `arn:aws:iam::000000000000:role/aws-service-role/elasticache.amazonaws.com/${RoleName}`,
  );
  await assert.rejects(iam.createServiceLinkedRole({ AWSServiceName: 'elasticache.amazonaws.com' }), {
    name: 'InvalidInputException',
    message: `Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
  });
  const isProtected = { name: 'UnmodifiableEntityException', message: /protected role/ };
  await assert.rejects(iam.deleteRole({ RoleName }), isProtected);
  await assert.rejects(iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: TRUST }), isProtected);
  await assert.rejects(iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: GRANT }), isProtected);
  const { DeletionTaskId } = await iam.deleteServiceLinkedRole({ RoleName });
  assert.equal((await iam.getServiceLinkedRoleDeletionStatus({ DeletionTaskId })).Status, 'SUCCEEDED');
  await assert.rejects(iam.getRole({ RoleName }), { name: 'NoSuchEntityException' });
  await assert.rejects(iam.getServiceLinkedRoleDeletionStatus({ DeletionTaskId: 'noise' }), {
    name: 'NoSuchEntityException',
  });
});
