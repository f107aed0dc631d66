// Random input of every operation of EC2, SSM, IAM and CloudWatch Logs: each is answered or refused by name, never
// with a failure of Millpond's own, and what is answered fits AWS's model of it.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { machineImagesOf } from '../../src/aws/machine-images.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import { createIam } from '../../src/services/iam/service.ts';
import { createSsm } from '../../src/services/ssm/service.ts';
import { openStore } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import type { Service } from '../../src/wire/service.ts';
import { ownLogs } from '../support/logs.ts';
import { Outcomes } from '../support/outcomes.ts';
import { type Random, randomInput, seededRandom } from '../support/random-input.ts';
import { ask, serve, signedFor } from '../support/wire.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const SEEDS = [20_261_121, 1, 2];
const ROUNDS = 12;
const MOST_LONGER = 3;
const MOST_KNOWN = 40;
/** Of EC2 few, so that what belongs together is often asked for together. */
const MOST_KNOWN_OF_EC2 = 8;

const DOCUMENT = (more: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', ...more }] });

const NAMES = ['a', 'b', 'c', '/a/b', '/aws/lambda/x'];
const PLAUSIBLE: Record<string, readonly unknown[]> = {
  AssumeRolePolicyDocument: [DOCUMENT({ Principal: '*' })],
  AvailabilityZone: ['us-east-1a', 'us-east-1b', 'nowhere'],
  CidrBlock: ['10.0.0.0/16', '10.0.1.0/24', '10.0.2.0/24', '172.31.96.0/20', '10.0.0.0/40'],
  CidrIp: ['10.0.0.0/8', '0.0.0.0/0', 'x'],
  ClientToken: ['one', 'two'],
  DestinationCidrBlock: ['0.0.0.0/0', '192.168.0.0/16'],
  DryRun: [false],
  FromPort: [22, 6379, -1],
  GroupName: NAMES,
  ImageId: [machineImagesOf('us-east-1')[0]!.imageId],
  InstanceProfileName: NAMES,
  InstanceType: ['t3.micro', 't4g.micro'],
  IpProtocol: ['tcp', '-1', 'icmp', '50'],
  Ipv6CidrBlock: [undefined],
  MaxCount: [1, 2],
  MinCount: [1],
  Name: NAMES,
  NextToken: [undefined],
  PolicyDocument: [DOCUMENT({ Resource: '*' })],
  PolicyName: NAMES,
  ResourceType: ['Parameter', 'vpc', 'subnet', 'instance'],
  RoleName: NAMES,
  ServiceName: ['com.amazonaws.us-east-1.s3', 'com.amazonaws.us-east-1.ssm'],
  TagSpecifications: [undefined],
  ToPort: [22, 6379, -1],
  Type: ['String', 'StringList', 'SecureString'],
  UserName: NAMES,
  VpcEndpointType: ['Gateway', 'Interface'],
  filterPattern: ['a', '?a -b', '{ $.a = 1 }'],
  logEvents: [[{ timestamp: 1, message: 'm' }]],
  logGroupName: NAMES,
  logStreamName: NAMES,
  nextToken: [undefined],
};

const IAM_NAMES = ['a', 'b', 'c'];
const GROUP_NAMES = ['a', 'b', '/aws/lambda/x'];

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

/** What these services take, where it is not the same for all. */
const OF_SERVICE: Record<string, Record<string, readonly unknown[]>> = {
  ec2: {
    Attribute: ['instanceType', 'disableApiTermination', 'description', 'groupSet', 'enableDnsSupport'],
    CidrBlock: ['10.0.0.0/16', '10.0.1.0/24', '10.0.2.0/24', '172.31.96.0/20', '10.0.0.0/40'],
    ClientToken: [undefined],
    CpuCredits: ['standard', 'unlimited'],
    DestinationCidrBlock: ['0.0.0.0/0'],
    DhcpConfigurations: [[{ Key: 'domain-name', Values: ['a.test'] }]],
    HttpTokens: ['required', 'optional'],
    IamInstanceProfile: [{ Name: 'a' }],
    InstanceFamily: ['t3', 't4g'],
    IpPermissions: [
      [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
      [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    ],
    Protocol: ['-1', '6'],
    PublicKeyMaterial: [Buffer.from(PUBLIC_KEY)],
    RuleAction: ['allow', 'deny'],
    RuleNumber: [1, 2],
    Egress: [true],
    Tags: [[{ Key: 'k', Value: 'v' }]],
  },
  ssm: {
    State: ['Active', 'History'],
    AllowedPattern: [undefined],
    DataType: ['text'],
    Filters: [undefined],
    KeyId: [undefined],
    Labels: [['one'], ['two']],
    Name: ['a', 'b', '/a/b'],
    Names: [['a', 'b'], ['/a/b']],
    Overwrite: [true, false],
    ParameterFilters: [undefined],
    ParameterVersion: [1, 2],
    Path: ['/', '/a'],
    Policies: [undefined],
    ResourceId: ['a', 'b', '/a/b'],
    ResourceType: ['Parameter'],
    TagKeys: [['k']],
    Tags: [[{ Key: 'k', Value: 'v' }], undefined],
    Tier: ['Standard', 'Intelligent-Tiering'],
  },
  iam: {
    AWSServiceName: ['elasticache.amazonaws.com', 'ecs.amazonaws.com'],
    CustomSuffix: [undefined],
    GroupName: IAM_NAMES,
    InstanceProfileName: IAM_NAMES,
    Marker: [undefined],
    NewGroupName: IAM_NAMES,
    NewPath: ['/', '/x/'],
    NewUserName: IAM_NAMES,
    Password: ['Correct-horse-9'],
    Path: ['/', '/x/'],
    PathPrefix: ['/'],
    PermissionsBoundary: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    PolicyArn: [
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
      ...IAM_NAMES.map((name) => `arn:aws:iam::000000000000:policy/${name}`),
    ],
    PolicyDocument: [DOCUMENT({ Resource: '*' }), DOCUMENT({ Resource: '*' }), DOCUMENT({ Principal: '*' })],
    PolicyName: IAM_NAMES,
    RoleName: [...IAM_NAMES, 'AWSServiceRoleForElastiCache'],
    Status: ['Active', 'Inactive'],
    TagKeys: [['k']],
    Tags: [[{ Key: 'k', Value: 'v' }]],
    UserName: IAM_NAMES,
    VersionId: ['v1', 'v2', 'v3'],
  },
  logs: {
    deletionProtectionEnabled: [false],
    filterName: ['a', 'b'],
    kmsKeyId: ['arn:aws:kms:us-east-1:000000000000:key/one'],
    limit: [1, 50],
    logGroupClass: ['STANDARD'],
    logGroupIdentifier: GROUP_NAMES,
    logGroupName: GROUP_NAMES,
    logStreamName: ['s', 't'],
    logStreamNames: [undefined],
    logGroupIdentifiers: [undefined],
    logGroupNames: [undefined],
    maxItems: [undefined, 1],
    nextToken: [undefined],
    parameters: [undefined],
    queryLanguage: ['CWLI'],
    queryString: ['limit 1', 'stats count(*) by bin(1m)', 'fields'],
    startTime: [0],
    endTime: [1],
    metricTransformations: [[{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }]],
    orderBy: ['LogStreamName', 'LastEventTime'],
    policyType: ['DATA_PROTECTION_POLICY'],
    resourceArn: ['arn:aws:logs:us-east-1:000000000000:log-group:a'],
    resourceIdentifier: [undefined],
    retentionInDays: [1, 7],
    tagKeys: [['k']],
  },
};

/** What EC2's operations need although its model asks for none of it. */
const NEEDED: Record<string, readonly string[]> = {
  AssociateAddress: ['AllocationId', 'InstanceId'],
  AssociateRouteTable: ['SubnetId'],
  AuthorizeSecurityGroupEgress: ['GroupId', 'IpPermissions'],
  AuthorizeSecurityGroupIngress: ['GroupId', 'IpPermissions'],
  CreateNatGateway: ['AllocationId', 'SubnetId'],
  CreateNetworkAclEntry: ['CidrBlock'],
  CreateRoute: ['DestinationCidrBlock', 'GatewayId'],
  DeleteRoute: ['DestinationCidrBlock'],
  DisassociateAddress: ['AssociationId'],
  ModifyInstanceAttribute: ['DisableApiTermination', 'Value'],
  ModifyInstanceCreditSpecification: ['CpuCredits', 'InstanceId'],
  ModifyInstanceMetadataOptions: ['HttpTokens'],
  ModifyNetworkInterfaceAttribute: ['SourceDestCheck', 'Value'],
  ModifySecurityGroupRules: ['CidrIpv4', 'FromPort', 'IpProtocol', 'SecurityGroupRule', 'ToPort'],
  ModifySubnetAttribute: ['MapPublicIpOnLaunch', 'Value'],
  ReplaceNetworkAclEntry: ['CidrBlock'],
  ReplaceRoute: ['DestinationCidrBlock', 'GatewayId'],
  RevokeSecurityGroupEgress: ['IpPermissions'],
  RevokeSecurityGroupIngress: ['GroupId', 'IpPermissions'],
  RunInstances: ['ImageId', 'InstanceType'],
  UpdateSecurityGroupRuleDescriptionsEgress: ['GroupId', 'IpPermissions'],
  UpdateSecurityGroupRuleDescriptionsIngress: ['GroupId', 'IpPermissions'],
};

/** Why these may be refused whatever they are asked. */
const MAY_BE_REFUSED = {
  'ec2 DeleteNetworkInterface': 'every network interface belongs to something that uses it',
  'ec2 DetachNetworkInterface': 'every network interface belongs to something that uses it',
  'ec2 DeleteVpc': 'what other calls made is in nearly every VPC',
  'ec2 CreateDefaultVpc': 'there is one, and nothing empties it',
  'ec2 CreateRoute': 'table and target must be of one VPC',
  'ec2 ModifySecurityGroupRules': 'group and rule must belong together',
  'ec2 ReplaceNetworkAclEntry': 'list and entry must belong together',
  'ec2 ReplaceRoute': 'table and route must belong together',
  'iam DeactivateMFADevice': 'there are no such devices',
  'iam DeletePolicy': 'what is attached or has versions cannot be deleted',
  'iam DeleteVirtualMFADevice': 'there are no such devices',
  'iam GetAccountPasswordPolicy': 'there is no such policy',
  'logs DeleteSubscriptionFilter': 'there are no functions here, and so no filters',
  'logs GetLogRecord': 'the pointer must be that of a stored event',
  'logs PutSubscriptionFilter': 'there are no functions here',
  'logs StopQuery': 'queries end at once',
  'ssm ResumeSession': 'there are no instances here, and so no sessions',
  'ssm StartSession': 'there are no instances here',
};

async function openServices(test: TestContext): Promise<Service[]> {
  const parts = { store: openStore(':memory:'), clock: { now: () => 1 } };
  const logs = await ownLogs(parts);
  test.after(logs.stop);
  return [createEc2(parts), createIam(parts), logs.service, createSsm({ ...parts, secret: 'x' })];
}

const outcomes = new Outcomes();

for (const seed of SEEDS) {
  it(`answers or refuses whatever comes, seed ${seed}`, async (test) => {
    const random = seededRandom(seed);
    for (const service of await openServices(test)) await rehearse(service, random);
  });
}

async function rehearse(service: Service, random: Random): Promise<void> {
  const client = createClient<Record<string, never>>(service.name, { inProcess: service });
  const call = client.call as unknown as (operation: string, input: object, scope: object) => Promise<object>;
  const schema = loadSchema(service.name);
  const known = new Map<string, Set<unknown>>();
  const most = service.name === 'ec2' ? MOST_KNOWN_OF_EC2 : MOST_KNOWN;
  const makersFirst = Object.keys(service.operations).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const rounds = OF_SERVICE[service.name] ? 4 * ROUNDS : ROUNDS;
  // What was only refused so far may just have had no luck.
  const goesOn = (round: number) =>
    round < rounds || (round < MOST_LONGER * rounds && outcomes.onlyRefused(MAY_BE_REFUSED).length > 0);
  for (let round = 0; goesOn(round); round++) {
    for (const operation of makersFirst) {
      // What exists should not all be gone in every round.
      if (service.name === 'ec2' && rank(operation) === LAST && random() < 0.7) continue;
      const input = randomInput(schema.operation(operation)!.input as Structure, random, {
        known: {
          ...Object.fromEntries([...known].map(([name, values]) => [name, [...values]])),
          ...PLAUSIBLE,
          ...OF_SERVICE[service.name],
        },
        nastiness: 0.05,
        optional: NEEDED[operation] && round % 4 > 0 ? 0 : 0.25,
        always: new Set(NEEDED[operation]),
      });
      try {
        learn(known, await call(operation, input, SCOPE), most);
        outcomes.answered(`${service.name} ${operation}`);
      } catch (error) {
        if (error instanceof Fault) outcomes.refused(`${service.name} ${operation}`, error.shape);
        else {
          throw new Error(`${service.name} ${operation} ${JSON.stringify(input).slice(0, 2000)}`, {
            cause: error,
          });
        }
      }
    }
  }
}

const LAST = 2;
const rank = (operation: string): number =>
  /^(Create|Put|Run|Allocate|Add)/.test(operation)
    ? 0
    : /^(Delete|Terminate|Release|Remove)/.test(operation)
      ? LAST
      : 1;

/** Ids of what exists, to be asked for by the names of members that bear them, alone and in lists. */
function learn(known: Map<string, Set<unknown>>, value: unknown, most: number): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'string' || !/(Id|Arn|Ip)$/.test(name)) {
      learn(known, member, most);
      continue;
    }
    remember(known, name, member, most);
    remember(known, `${name}s`, [member], most);
    if (name === 'Arn') remember(known, 'PolicyArn', member, most);
    if (name.endsWith('AssociationId')) remember(known, 'AssociationId', member, most);
    if (name === 'InternetGatewayId') remember(known, 'GatewayId', member, most);
    remember(known, 'Resources', [member], most);
  }
}

function remember(known: Map<string, Set<unknown>>, name: string, value: unknown, most: number): void {
  const values = known.get(name) ?? new Set();
  values.delete(value);
  values.add(value);
  // What was seen last is most likely still there.
  if (values.size > most) values.delete(values.values().next().value);
  known.set(name, values);
}

it('answers each of them now and then', () => outcomes.assertAnswered(MAY_BE_REFUSED));

it('puts whatever it answers on the wire', async (test) => {
  const services = await openServices(test);
  const server = await serve(test, { services, log: silentLog });
  const version = { ec2: '2016-11-15', iam: '2010-05-08' } as const;
  for (const name of ['ec2', 'iam'] as const) {
    const service = services.find((one) => one.name === name)!;
    for (const Action of Object.keys(service.operations)) {
      const body = new URLSearchParams({ Action, Version: version[name] }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signedFor(name) };
      const { status, text } = await ask(server, { headers, body });
      assert.ok(status < 500, `${Action}: ${status} ${text}`);
    }
  }
});
