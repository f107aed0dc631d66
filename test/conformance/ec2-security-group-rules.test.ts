// Rules of security groups changed in place, as aws_vpc_security_group_ingress_rule and aws_security_group_rule do, and
// the CDK's handler that empties a VPC's default group.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { EC2, SecurityGroupRuleRequest } from '@aws-sdk/client-ec2';
import { refuses, type ServedEc2, serveEc2 } from '../support/ec2.ts';
import { awsEnvironment, findProgram, run } from '../support/outside-clients.ts';

let served: ServedEc2;
let client: EC2;
let VpcId: string;

before(async () => {
  served = await serveEc2();
  client = served.client;
  VpcId = (await client.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
});
after(() => served?.stop());

const newGroup = async (GroupName: string): Promise<string> =>
  (await client.createSecurityGroup({ GroupName, Description: 'a group', VpcId })).GroupId!;

const tcp = (port: number, CidrIp: string) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp }],
});

const newRule = async (GroupId: string, port: number, cidr = '10.0.0.0/8'): Promise<string> => {
  const made = await client.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [tcp(port, cidr)] });
  return made.SecurityGroupRules![0]!.SecurityGroupRuleId!;
};

const ruleOf = async (id: string) =>
  (await client.describeSecurityGroupRules({ SecurityGroupRuleIds: [id] })).SecurityGroupRules![0]!;

it('a rule is modified and keeps its id and its tags', async () => {
  const GroupId = await newGroup('modified');
  const other = await newGroup('named');
  const id = await newRule(GroupId, 22);
  await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'ssh' }] });
  const modify = (SecurityGroupRule: SecurityGroupRuleRequest, SecurityGroupRuleId = id) =>
    client.modifySecurityGroupRules({
      GroupId,
      SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }],
    });
  await modify({
    IpProtocol: 'udp',
    FromPort: 53,
    ToPort: 54,
    CidrIpv4: '192.168.1.5/24',
    Description: 'dns',
  });
  const first = await ruleOf(id);
  assert.deepEqual(
    [first.IpProtocol, first.FromPort, first.ToPort, first.CidrIpv4, first.Description, first.IsEgress],
    ['udp', 53, 54, '192.168.1.0/24', 'dns', false],
  );
  assert.deepEqual(first.Tags, [{ Key: 'Name', Value: 'ssh' }]);
  await modify({ IpProtocol: '-1', ReferencedGroupId: other });
  const second = await ruleOf(id);
  assert.deepEqual(
    [second.IpProtocol, second.CidrIpv4, second.ReferencedGroupInfo!.GroupId, second.Description],
    ['-1', undefined, other, undefined],
  );
  await refuses(client.deleteSecurityGroup({ GroupId: other }), 'DependencyViolation');
  await newRule(GroupId, 80);
  const taken = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIpv4: '10.0.0.0/8' };
  await refuses(modify(taken), 'InvalidPermission.Duplicate', /peer: 10\.0\.0\.0\/8, TCP, from port: 80/);
  await refuses(
    modify(taken, 'sgr-0123456789abcdef0'),
    'InvalidSecurityGroupRuleId.NotFound',
    "The security group rule ID 'sgr-0123456789abcdef0' does not exist",
  );
  await refuses(modify(taken, 'sgr-x'), 'InvalidSecurityGroupRuleId.Malformed');
  await refuses(modify({ ...taken, CidrIpv6: '::/0' }), 'InvalidParameterCombination');
  await refuses(modify({ ...taken, IpProtocol: undefined }), 'MissingParameter');
  await refuses(modify({ ...taken, CidrIpv4: '10.0.0.0' }), 'InvalidParameterValue');
  assert.equal((await ruleOf(id)).IpProtocol, '-1');
  for (const group of [GroupId, other]) await client.deleteSecurityGroup({ GroupId: group });
  const left = await client.describeTags({ Filters: [{ Name: 'resource-id', Values: [id] }] });
  assert.deepEqual(left.Tags, []);
});

it('descriptions are changed by what a rule lets through', async () => {
  const GroupId = await newGroup('described');
  const id = await newRule(GroupId, 22);
  const describe = (permission: object) =>
    client.updateSecurityGroupRuleDescriptionsIngress({
      GroupId,
      IpPermissions: [{ ...tcp(22, '10.0.0.0/8'), ...permission }],
    });
  await describe({ IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'from inside' }] });
  assert.equal((await ruleOf(id)).Description, 'from inside');
  await describe({});
  assert.equal((await ruleOf(id)).Description, undefined);
  await refuses(describe({ FromPort: 23, ToPort: 23 }), 'InvalidPermission.NotFound');
  await refuses(client.updateSecurityGroupRuleDescriptionsEgress({ GroupId }), 'MissingParameter');
  await client.deleteSecurityGroup({ GroupId });
});

it('a default group is emptied and filled again', async () => {
  const Filters = [
    { Name: 'vpc-id', Values: [VpcId] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups } = await client.describeSecurityGroups({ Filters });
  const { GroupId, OwnerId } = SecurityGroups![0]!;
  const ingress = {
    GroupId,
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ UserId: OwnerId, GroupId }] }],
  };
  const egress = { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] };
  await client.revokeSecurityGroupIngress(ingress);
  await client.revokeSecurityGroupEgress(egress);
  const [emptied] = (await client.describeSecurityGroups({ Filters })).SecurityGroups!;
  assert.deepEqual([emptied!.IpPermissions, emptied!.IpPermissionsEgress], [[], []]);
  await refuses(client.revokeSecurityGroupIngress(ingress), 'InvalidPermission.NotFound');
  await client.authorizeSecurityGroupIngress(ingress);
  await client.authorizeSecurityGroupEgress(egress);
  const [filled] = (await client.describeSecurityGroups({ Filters })).SecurityGroups!;
  assert.deepEqual([filled!.IpPermissions!.length, filled!.IpPermissionsEgress!.length], [1, 1]);
});

it('rules are listed page by page over all groups, each once', async () => {
  const groups = await Promise.all(['p1', 'p2', 'p3'].map(newGroup));
  for (const group of groups) for (const port of [1, 2, 3]) await newRule(group, port);
  const inGroups = { Filters: [{ Name: 'group-id', Values: groups }], MaxResults: 5 };
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.describeSecurityGroupRules({ ...inGroups, NextToken });
    assert.ok(page.SecurityGroupRules!.length <= 5);
    seen.push(...page.SecurityGroupRules!.map((rule) => rule.SecurityGroupRuleId!));
    NextToken = page.NextToken;
  } while (NextToken);
  // With each group's rule that lets everything out.
  assert.deepEqual([seen.length, new Set(seen).size], [12, 12]);
  for (const GroupId of groups) await client.deleteSecurityGroup({ GroupId });
});

const aws = findProgram('aws');

it('through the AWS CLI', { skip: !aws && 'the AWS CLI is not installed' }, async () => {
  const GroupId = await newGroup('cli');
  const id = await newRule(GroupId, 22);
  const content = 'IpProtocol=tcp,FromPort=443,ToPort=443,CidrIpv4=0.0.0.0/0';
  const args = ['modify-security-group-rules', '--group-id', GroupId, '--security-group-rules'];
  const { code, stderr } = await run(
    aws!,
    [
      '--endpoint-url',
      served.url,
      'ec2',
      ...args,
      `SecurityGroupRuleId=${id},SecurityGroupRule={${content}}`,
    ],
    awsEnvironment(served.url),
  );
  assert.equal(code, 0, stderr);
  assert.equal((await ruleOf(id)).FromPort, 443);
});
