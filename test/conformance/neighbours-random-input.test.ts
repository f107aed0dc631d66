// Random input of every operation of EC2, SSM, IAM and CloudWatch Logs: each is answered or refused by name, never
// with a failure of Millpond's own, and what is answered fits AWS's model of it.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { machineImagesOf } from '../../src/aws/machine-images.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import { createIam } from '../../src/services/iam/service.ts';
import { createLogs } from '../../src/services/logs/service.ts';
import { createSsm } from '../../src/services/ssm/service.ts';
import { openStore } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import type { Service } from '../../src/wire/service.ts';
import { type Random, randomInput, seededRandom } from '../support/random-input.ts';
import { ask, serve, signedFor } from '../support/wire.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const SEEDS = [20_261_121, 1, 2];
const ROUNDS = 12;
const MOST_KNOWN = 40;

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

/** What these services take, where it is not the same for all. */
const OF_SERVICE: Record<string, Record<string, readonly unknown[]>> = {
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
    metricTransformations: [[{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }]],
    orderBy: ['LogStreamName', 'LastEventTime'],
    policyType: ['DATA_PROTECTION_POLICY'],
    resourceArn: ['arn:aws:logs:us-east-1:000000000000:log-group:a'],
    resourceIdentifier: [undefined],
    retentionInDays: [1, 7],
    tagKeys: [['k']],
  },
};

/** Of what there is none, and so always refused. */
const NEVER_ANSWERED = ['DeactivateMFADevice', 'DeleteVirtualMFADevice', 'GetAccountPasswordPolicy'];

function openServices(): Service[] {
  const parts = { store: openStore(':memory:'), clock: { now: () => 1 } };
  return [
    createEc2(parts),
    createIam(parts),
    createLogs(parts).service,
    createSsm({ ...parts, secret: 'x' }),
  ];
}

/** How often each operation was answered, over all seeds. */
const outcomes = new Map<string, number>();

function count(service: Service, answered: ReadonlyMap<string, number>): void {
  const all = [...answered.values()].reduce((sum, times) => sum + times, 0);
  assert.ok(all > ROUNDS, `${service.name} answered ${all}`);
  if (!OF_SERVICE[service.name]) return;
  for (const operation of Object.keys(service.operations)) {
    const name = `${service.name} ${operation}`;
    outcomes.set(name, (outcomes.get(name) ?? 0) + (answered.get(operation) ?? 0));
  }
}

for (const seed of SEEDS) {
  it(`answers or refuses whatever comes, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    for (const service of openServices()) count(service, await rehearse(service, random));
  });
}

async function rehearse(service: Service, random: Random): Promise<Map<string, number>> {
  const client = createClient<Record<string, never>>(service.name, { inProcess: service });
  const call = client.call as unknown as (operation: string, input: object, scope: object) => Promise<object>;
  const schema = loadSchema(service.name);
  const known = new Map<string, Set<unknown>>();
  const makersFirst = Object.keys(service.operations).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const answered = new Map<string, number>();
  const rounds = OF_SERVICE[service.name] ? 4 * ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    for (const operation of makersFirst) {
      const input = randomInput(schema.operation(operation)!.input as Structure, random, {
        known: {
          ...Object.fromEntries([...known].map(([name, values]) => [name, [...values]])),
          ...PLAUSIBLE,
          ...OF_SERVICE[service.name],
        },
        nastiness: 0.05,
      });
      try {
        learn(known, await call(operation, input, SCOPE));
        answered.set(operation, (answered.get(operation) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof Fault)) {
          throw new Error(`${service.name} ${operation} ${JSON.stringify(input).slice(0, 2000)}`, {
            cause: error,
          });
        }
      }
    }
  }
  return answered;
}

const rank = (operation: string): number =>
  /^(Create|Put|Run|Allocate|Add)/.test(operation)
    ? 0
    : /^(Delete|Terminate|Release|Remove)/.test(operation)
      ? 2
      : 1;

/** Ids of what exists, to be asked for by the names of members that bear them, alone and in lists. */
function learn(known: Map<string, Set<unknown>>, value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'string' || !/(Id|Arn|Ip)$/.test(name)) {
      learn(known, member);
      continue;
    }
    remember(known, name, member);
    remember(known, `${name}s`, [member]);
    if (name === 'Arn') remember(known, 'PolicyArn', member);
    remember(known, 'Resources', [member]);
  }
}

function remember(known: Map<string, Set<unknown>>, name: string, value: unknown): void {
  const values = known.get(name) ?? new Set();
  if (values.size < MOST_KNOWN) values.add(value);
  known.set(name, values);
}

it('answers each of them now and then', () => {
  const never = [...outcomes].filter(([, times]) => times === 0).map(([operation]) => operation);
  assert.deepEqual(
    never,
    NEVER_ANSWERED.map((operation) => `iam ${operation}`),
  );
});

it('puts whatever it answers on the wire', async (test) => {
  const services = openServices();
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
