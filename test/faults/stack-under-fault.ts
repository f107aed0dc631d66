// A stack with something real in it (a group, a function, a custom resource), created, changed, taken back and deleted
// while Millpond is killed at the writes that the caller chooses; and what must then be there.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  CloudFormation,
  type CloudFormationClientConfig,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { DescribeReplicationGroupsCommand } from '@aws-sdk/client-elasticache';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { SSM } from '@aws-sdk/client-ssm';
import type { MillpondProcess } from './millpond-process.ts';
import { until } from './wait.ts';

export interface StackUnderFault {
  /** Each resolves with the number of kills, once the stack has the status that it is to come to. */
  create(): Promise<number>;
  update(): Promise<number>;
  /** An update that fails. */
  rollBack(): Promise<number>;
  delete(): Promise<number>;
}

const STACK = 'survivor';
const SETTLED_WITHIN_MS = 120_000;
const STEP_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 100;

const FUNCTION = `
exports.handler = async (event) => {
  if (!event.ResponseURL) return { cache: process.env.CACHE };
  const { request } = require(event.ResponseURL.startsWith('https:') ? 'node:https' : 'node:http');
  const { ResourceProperties: { Word }, StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'made', StackId, RequestId, LogicalResourceId,
    Data: { Word: Word + '!' } });
  await new Promise((resolve, reject) => {
    const put = request(event.ResponseURL, { method: 'PUT', headers: { 'content-length': body.length } },
      (answer) => answer.resume().on('end', resolve));
    put.on('error', reject).end(body);
  });
};`;

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** `fails`: with something at its end that cannot be made. */
export function survivorTemplate({ nodes, fails = false }: { nodes: number; fails?: boolean }): string {
  return JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' } },
      Subnet: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.9.1.0/24', AvailabilityZone: 'us-east-1a' },
      },
      Subnets: {
        Type: 'AWS::ElastiCache::SubnetGroup',
        Properties: { Description: 'd', SubnetIds: [{ Ref: 'Subnet' }] },
      },
      Group: {
        Type: 'AWS::ElastiCache::ReplicationGroup',
        Properties: {
          ReplicationGroupDescription: 'd',
          CacheNodeType: 'cache.t4g.micro',
          Engine: 'redis',
          NumCacheClusters: nodes,
          AutomaticFailoverEnabled: true,
          CacheSubnetGroupName: { Ref: 'Subnets' },
        },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: FUNCTION },
          Environment: { Variables: { CACHE: { 'Fn::GetAtt': ['Group', 'PrimaryEndPoint.Address'] } } },
        },
      },
      Made: {
        Type: 'Custom::Made',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, Word: `of ${nodes}` },
      },
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Made', 'Word'] } },
      },
      ...(fails && {
        Never: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Type: 'String', Value: { Ref: 'Parameter' }, AllowedPattern: '^never$' },
        },
      }),
    },
    Outputs: { Word: { Value: { 'Fn::GetAtt': ['Made', 'Word'] } } },
  });
}

/**
 * `killAfter` is asked when an operation begins and again after each kill, counted from 1: after how many writes to come
 * Millpond is to be killed, or `undefined` to let it be.
 */
export function stackUnderFault(
  millpond: MillpondProcess,
  killAfter: (attempt: number) => number | undefined,
): StackUnderFault {
  // Each run listens elsewhere.
  const options = (): CloudFormationClientConfig => ({
    endpoint: millpond.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const api = () => new CloudFormation(options());
  let stackId = '';

  const stack = async (): Promise<Stack> => (await api().describeStacks({ StackName: stackId })).Stacks![0]!;
  const events = async (): Promise<StackEvent[]> => {
    const found: StackEvent[] = [];
    let NextToken: string | undefined;
    do {
      const page = await api().describeStackEvents({ StackName: stackId, NextToken });
      found.push(...page.StackEvents!);
      ({ NextToken } = page);
    } while (NextToken);
    return found;
  };

  async function killed(begin: () => Promise<unknown>, status: string): Promise<number> {
    const isSettled = async () => !(await stack()).StackStatus!.endsWith('_IN_PROGRESS');
    await begin();
    let count = 0;
    for (let attempt = 1; ; attempt++) {
      const writes = killAfter(attempt);
      if (writes === undefined || !(await haveHappened(writes, millpond, isSettled))) break;
      await millpond.kill9();
      count++;
      await millpond.start();
    }
    await until(`the stack is ${status}`, SETTLED_WITHIN_MS, async () => {
      const { StackStatus, StackStatusReason } = await stack();
      return (await isSettled()) || `${StackStatus} ${StackStatusReason ?? ''}`;
    });
    const { StackStatus } = await stack();
    const reasons = (await events()).flatMap(({ LogicalResourceId, ResourceStatusReason }) =>
      ResourceStatusReason ? [`${LogicalResourceId}: ${ResourceStatusReason}`] : [],
    );
    assert.equal(StackStatus, status, reasons.join('\n'));
    return count;
  }

  /** Everything once, as the template says, and nothing twice. */
  async function isWhole(nodes: number): Promise<void> {
    const { Outputs } = await stack();
    assert.equal(Outputs![0]!.OutputValue, `of ${nodes}!`);
    const { ReplicationGroups } = await millpond.elasticache.send(new DescribeReplicationGroupsCommand({}));
    assert.deepEqual(
      ReplicationGroups!.map(({ Status, MemberClusters }) => [Status, MemberClusters!.length]),
      [['available', nodes]],
    );
    const lambda = new Lambda(options());
    const { Functions } = await lambda.listFunctions();
    assert.equal(Functions!.length, 1);
    const { Payload } = await lambda.invoke({ FunctionName: Functions![0]!.FunctionName });
    const primary = ReplicationGroups![0]!.NodeGroups![0]!.PrimaryEndpoint!.Address;
    assert.deepEqual(JSON.parse(Buffer.from(Payload!).toString()), { cache: primary });
    assert.deepEqual(await counts(options()), { vpcs: 1, subnets: 1, roles: 1, parameters: 1 });
  }

  return {
    async create() {
      const TemplateBody = survivorTemplate({ nodes: 2 });
      const Capabilities = ['CAPABILITY_IAM' as const];
      const count = await killed(async () => {
        const input = { StackName: STACK, TemplateBody, Capabilities };
        stackId = (await api().createStack(input)).StackId!;
      }, 'CREATE_COMPLETE');
      await isWhole(2);
      return count;
    },
    async update() {
      const TemplateBody = survivorTemplate({ nodes: 3 });
      const input = { StackName: STACK, TemplateBody, Capabilities: ['CAPABILITY_IAM' as const] };
      const count = await killed(() => api().updateStack(input), 'UPDATE_COMPLETE');
      await isWhole(3);
      return count;
    },
    async rollBack() {
      const TemplateBody = survivorTemplate({ nodes: 2, fails: true });
      const input = { StackName: STACK, TemplateBody, Capabilities: ['CAPABILITY_IAM' as const] };
      const count = await killed(() => api().updateStack(input), 'UPDATE_ROLLBACK_COMPLETE');
      await isWhole(3);
      return count;
    },
    async delete() {
      const count = await killed(() => api().deleteStack({ StackName: STACK }), 'DELETE_COMPLETE');
      assert.deepEqual(await counts(options()), { vpcs: 0, subnets: 0, roles: 0, parameters: 0 });
      assert.deepEqual((await new Lambda(options()).listFunctions()).Functions, []);
      await until('no group is left', STEP_WITHIN_MS, async () => {
        const { groups } = await millpond.status();
        return groups.length === 0 || groups.map(({ id, status }) => `${id} ${status}`).join();
      });
      return count;
    },
  };
}

/** Resolves at the last of so many writes to Millpond's database, or with false once `isOver`. */
async function haveHappened(
  writes: number,
  { dataDir }: MillpondProcess,
  isOver: () => Promise<boolean>,
): Promise<boolean> {
  const look = () => {
    const { size, mtimeNs } = statSync(join(dataDir, 'state.sqlite-wal'), { bigint: true });
    return `${size} ${mtimeNs}`;
  };
  let last = look();
  let nextAsk = performance.now() + ASK_EVERY_MS;
  for (let left = writes; left > 0; ) {
    await nextTurn();
    const now = look();
    if (now !== last) {
      last = now;
      left--;
    } else if (performance.now() > nextAsk) {
      if (await isOver()) return false;
      nextAsk = performance.now() + ASK_EVERY_MS;
    }
  }
  return true;
}

/** Of what the stack makes; the account's default network does not count. */
async function counts(options: CloudFormationClientConfig) {
  const ec2 = new EC2(options as object);
  const { Vpcs } = await ec2.describeVpcs({ Filters: [{ Name: 'cidr', Values: ['10.9.0.0/16'] }] });
  const { Subnets } = await ec2.describeSubnets({
    Filters: [{ Name: 'cidr-block', Values: ['10.9.1.0/24'] }],
  });
  const { Roles } = await new IAM(options as object).listRoles();
  const { Parameters } = await new SSM(options as object).describeParameters();
  return {
    vpcs: Vpcs!.length,
    subnets: Subnets!.length,
    roles: Roles!.length,
    parameters: Parameters!.length,
  };
}
