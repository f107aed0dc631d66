// A walkthrough with templates: the AWS CLI uploads them to S3 and creates, updates and deletes stacks, with packages
// for pip on loopback. Also checks that a deleted stack leaves nothing.

import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeCacheSubnetGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand, ListLayersCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3, S3Client } from '@aws-sdk/client-s3';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { INNER_PORTS, type NetworkKind } from '../../src/network/network.ts';
import { SERVER_ADDRESS } from '../../src/network/subnets/setup.ts';
import { processesBelow } from '../faults/node-processes.ts';
import { startPythonIndex, uploadPythonIndex } from './python-index.ts';
import { eventually } from './replication-groups.ts';
import { startWalkthrough, type Walkthrough } from './walkthrough.ts';

/** A walkthrough that also handles stacks. */
export interface StackWalkthrough extends Walkthrough {
  /** The URL of pip's index with redis-py. */
  packageIndex: string;
  /** The stack once no operation on it is running; give its id to find it after its deletion. */
  settled(stack: string): Promise<Stack>;
  /** Creates or updates it with the AWS CLI, and waits until it is done. */
  change(verb: 'create-stack' | 'update-stack', name: string, ...words: string[]): Promise<Stack>;
  /** Deletes it with the AWS CLI; the deletion must succeed. */
  remove(name: string): Promise<void>;
  outputsOf(stack: Stack): Record<string, string>;
  /** Reasons of failed resources, oldest first. */
  failures(stack: string): Promise<string[]>;
  /** Rejects, and names the leftovers, when anything that a stack creates is left, except these buckets. */
  nothingIsLeft(buckets: string[], hosts: string[]): Promise<void>;
}

export async function startStackWalkthrough(
  t: TestContext,
  region: string,
  network: NetworkKind = 'loopback',
): Promise<StackWalkthrough> {
  const isInBucket = network === 'subnets';
  const packageIndex = isInBucket ? `http://${INNER_API}/${PACKAGES}/simple` : await startPythonIndex(t);
  const environment = {
    ...{ PIP_INDEX_URL: packageIndex, PIP_CONFIG_FILE: '/dev/null' },
    PIP_TRUSTED_HOST: new URL(packageIndex).host,
  };
  const walkthrough = await startWalkthrough(t, region, { network, environment });
  const { url } = await walkthrough.status();
  const settings = { endpoint: url, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  if (isInBucket) {
    const s3 = new S3({ ...settings, forcePathStyle: true });
    await uploadPythonIndex(s3, PACKAGES).finally(() => s3.destroy());
  }
  const client = new CloudFormationClient(settings);
  t.after(() => client.destroy());

  const describe = async (StackName: string) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks![0]!;
  };
  const settled = (name: string) =>
    eventually(`${name} is settled`, async () => {
      const stack = await describe(name);
      return !stack.StackStatus!.endsWith('_IN_PROGRESS') && stack;
    });
  return {
    ...walkthrough,
    packageIndex,
    settled,
    async change(verb, name, ...words) {
      await walkthrough.aws('cloudformation', verb, '--stack-name', name, ...words);
      return settled(name);
    },
    async remove(name) {
      const { StackId } = await describe(name);
      await walkthrough.aws('cloudformation', 'delete-stack', '--stack-name', name);
      const { StackStatus, StackStatusReason } = await settled(StackId!);
      assert.equal(StackStatus, 'DELETE_COMPLETE', StackStatusReason);
      await walkthrough.aws('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', name);
    },
    outputsOf: ({ Outputs = [] }) =>
      Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!])),
    async failures(StackName) {
      const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents!
        .filter(({ ResourceStatus }) => ResourceStatus!.endsWith('_FAILED'))
        .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`)
        .reverse();
    },
    async nothingIsLeft(buckets, hosts) {
      assert.deepEqual(await whatIsThere(settings), {
        ...NOTHING,
        buckets: isInBucket ? [PACKAGES, ...buckets].sort() : buckets,
      });
      assert.deepEqual((await walkthrough.status()).groups, []);
      // The working directory of Millpond and its stand-in is the data directory, that of its network's keeper the
      // folder of the network, and that of all others is another one below.
      const { dataDir } = walkthrough;
      const others = processesBelow(dataDir).filter(
        ({ directory }) => directory !== dataDir && directory !== join(dataDir, 'network'),
      );
      assert.deepEqual(others, []);
      for (const host of hosts) {
        assert.match(await walkthrough.type('dig', host), /status: NXDOMAIN/, host);
        await assert.rejects(lookup(host));
      }
    },
  };
}

/** The API as functions in a network of Millpond's own reach it. */
const INNER_API = `${SERVER_ADDRESS}:${INNER_PORTS.api}`;
/** The bucket of the package index. */
const PACKAGES = 'packages-for-pip';

interface ClientSettings {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

const NOTHING = {
  vpcs: ['172.31.0.0/16'],
  instances: [],
  subnetGroups: ['default'],
  roles: [],
  profiles: [],
  functions: [],
  layers: [],
  parameters: [],
};

/** The names of all resources that the API shows. */
async function whatIsThere(settings: ClientSettings) {
  const [ec2, iam] = [new EC2Client(settings), new IAMClient(settings)];
  const [lambda, elasticache] = [new LambdaClient(settings), new ElastiCacheClient(settings)];
  const [s3, ssm] = [new S3Client({ ...settings, forcePathStyle: true }), new SSMClient(settings)];
  try {
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand());
    const alive = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [alive] }));
    const { CacheSubnetGroups } = await elasticache.send(new DescribeCacheSubnetGroupsCommand());
    const { Roles } = await iam.send(new ListRolesCommand());
    const { InstanceProfiles } = await iam.send(new ListInstanceProfilesCommand());
    const { Functions } = await lambda.send(new ListFunctionsCommand());
    const { Layers } = await lambda.send(new ListLayersCommand());
    const { Parameters } = await ssm.send(new DescribeParametersCommand());
    const { Buckets } = await s3.send(new ListBucketsCommand());
    return {
      vpcs: Vpcs!.map(({ CidrBlock }) => CidrBlock),
      instances: Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId)),
      subnetGroups: CacheSubnetGroups!.map(({ CacheSubnetGroupName }) => CacheSubnetGroupName),
      roles: Roles!.map(({ RoleName }) => RoleName),
      profiles: InstanceProfiles!.map(({ InstanceProfileName }) => InstanceProfileName),
      functions: Functions!.map(({ FunctionName }) => FunctionName),
      layers: Layers!.map(({ LayerName }) => LayerName),
      parameters: Parameters!.map(({ Name }) => Name),
      buckets: (Buckets ?? []).map(({ Name }) => Name),
    };
  } finally {
    for (const client of [ec2, iam, lambda, elasticache, s3, ssm]) client.destroy();
  }
}
