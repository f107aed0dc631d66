// The environment of a walkthrough: the real program, detached, with its own data directory, and commands run through
// `millpond exec` as a reader of the walkthrough types them.

import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import type { NetworkKind } from '../../src/network/network.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND, runCommand } from './command.ts';
import { WITHOUT_SUBNETS } from './networks.ts';
import { AWS_CLI_FOLDER, WITHOUT_PYTHON_CLIENTS, withoutProgram } from './outside-clients.ts';

/** A terminal of the reader. */
export interface Shell {
  /** Runs a command in which the names resolve. Returns its whole output; the command may fail. */
  type(...command: string[]): Promise<string>;
  /** Runs one command of redis-cli, with the output of its interactive mode. */
  redis(host: string, ...words: string[]): Promise<string>;
  nslookup(name: string): Promise<NameAnswer>;
}

/** How a walkthrough runs. */
export interface WalkthroughOptions {
  network: NetworkKind;
  environment?: NodeJS.ProcessEnv;
  /** Everything runs as this user; as the test's own when absent. Only root may choose. */
  uid?: number;
}

/** The networks of walkthroughs. */
export const NETWORKS = ['loopback', 'subnets'] as const satisfies NetworkKind[];

/** A running Millpond and the reader's terminal. */
export interface Walkthrough extends Shell {
  dataDir: string;
  status(): Promise<MillpondStatus>;
  /** A session through `millpond ssm start-session`. */
  onInstance(instanceId: string): Shell;
  /** Runs an AWS CLI command, which must succeed. Returns its JSON, or `undefined` when it prints none. */
  // biome-ignore lint/suspicious/noExplicitAny: the answers of any operation
  aws(service: string, ...words: string[]): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of any operation
  elasticache(...words: string[]): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of any operation
  ec2(...words: string[]): Promise<any>;
}

/** The output of nslookup. */
export interface NameAnswer {
  server: string;
  /** With its port: `10.0.0.2#53`. */
  serverAddress: string;
  /** The CNAME of the name; absent when the name itself has addresses. */
  canonicalName: string | undefined;
  addresses: string[];
}

/** The `skip` of a walkthrough's test: what this machine lacks. */
export function whatIsMissing(network: NetworkKind = 'loopback'): string | false {
  if (process.platform !== 'linux') return 'needs Linux';
  if (network === 'subnets' && WITHOUT_SUBNETS) return WITHOUT_SUBNETS;
  if (network === 'loopback' && process.getuid?.() !== 0) return 'needs root on Linux, for port 53';
  return (
    WITHOUT_PYTHON_CLIENTS ||
    withoutProgram('redis-cli') ||
    withoutProgram('nslookup') ||
    withoutProgram('curl')
  );
}

export async function startWalkthrough(
  t: TestContext,
  region: string,
  options: WalkthroughOptions = { network: 'loopback' },
): Promise<Walkthrough> {
  const { network, environment = {}, uid } = options;
  const parent = mkdtempSync(join(tmpdir(), 'millpond-walkthrough-'));
  if (uid !== undefined) chownSync(parent, uid, uid);
  const dataDir = ['--data-dir', join(parent, 'state')];
  const env = withoutOwnSettings({ AWS_DEFAULT_REGION: region, AWS_PAGER: '', ...environment });
  const millpond = (words: string[]) =>
    runCommand(MILLPOND, words, { env, ...(uid !== undefined && { uid, gid: uid }) });
  t.after(async () => {
    const { code, stderr } = await millpond(['down', '--purge', ...dataDir]);
    rmSync(parent, { recursive: true, force: true });
    assert.equal(code, 0, stderr);
  });
  const up = await millpond(['up', '--detach', '--port', '0', '--network', network, ...dataDir]);
  assert.equal(up.code, 0, up.stderr);

  const inside = (command: string[]) => millpond(['exec', ...dataDir, '--', ...command]);
  const aws = async (service: string, ...words: string[]) => {
    // The CLI's S3 commands have no output format.
    const format = service === 's3' ? [] : ['--output', 'json'];
    const { code, stdout, stderr } = await inside(['aws', service, ...words, ...format]);
    assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
    return stdout.trim() && service !== 's3' ? JSON.parse(stdout) : undefined;
  };
  const here = shellOf(async (...command) => {
    const { stdout, stderr } = await inside(command);
    return (stdout + stderr).trim();
  });
  return {
    dataDir: join(parent, 'state'),
    async status() {
      const { stdout } = await millpond(['status', '--json', ...dataDir]);
      return JSON.parse(stdout) as MillpondStatus;
    },
    ...here,
    onInstance: (instanceId) =>
      shellOf(async (...command) => {
        const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
        const session = ['ssm', 'start-session', '--target', instanceId, '--command', line];
        // Messages about the session itself go to standard error.
        const { stdout } = await millpond([...session, ...dataDir]);
        return stdout.trim();
      }),
    aws,
    elasticache: (...words) => aws('elasticache', ...words),
    ec2: (...words) => aws('ec2', ...words),
  };
}

const shellOf = (type: Shell['type']): Shell => ({
  type,
  redis: (host, ...words) => type('redis-cli', '--no-raw', '-h', host, '-p', '6379', ...words),
  nslookup: async (name) => readNslookup(await type('nslookup', name)),
});

/** The environment without the tests' own credentials, profiles and indexes: `exec` sets what is missing. */
function withoutOwnSettings(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND|PIP)_/.test(name));
  return { ...Object.fromEntries(kept), PATH: `${AWS_CLI_FOLDER}${delimiter}${process.env.PATH}`, ...more };
}

function readNslookup(text: string): NameAnswer {
  const [head = '', answer = ''] = text.split('Non-authoritative answer:');
  const server = /^Server:\s*(\S+)$/m.exec(head)?.[1];
  const serverAddress = /^Address:\s*(\S+)$/m.exec(head)?.[1];
  assert.ok(server && serverAddress && answer, `an answer as a VPC's resolver gives it, not:\n${text}`);
  return {
    ...{ server, serverAddress },
    canonicalName: /canonical name = (\S+)\.$/m.exec(answer)?.[1],
    addresses: [...answer.matchAll(/^Address: (\S+)$/gm)].map((found) => found[1]!),
  };
}

/**
 * Checks an answer against the walkthrough's VPC, 10.0.0.0/16: who answers, and that there is one address, of the subnet
 * 10.0.THIRD.0/24. On loopback the subnet is mapped, and the resolver is any address of 127.0.0.0/8.
 */
export function assertInSubnet(network: NetworkKind, answer: NameAnswer, third: number): void {
  const [resolver, range] = network === 'subnets' ? ['10.0.0.2', '10.0'] : ['127.[0-9.]+', '127.[0-9]+'];
  assert.match(answer.server, new RegExp(`^${resolver}$`));
  assert.equal(answer.serverAddress, `${answer.server}#53`);
  assert.equal(answer.addresses.length, 1);
  assert.match(answer.addresses[0]!, new RegExp(`^${range}.${third}.[0-9]+$`));
}

/** A VPC and an instance as the walkthroughs' templates make them. */
export interface Surroundings {
  instanceId: string;
  cacheSubnetIds: string[];
  cacheGroupId: string;
}

/** Creates 10.0.0.0/16 with an instance in 10.0.1.0/24, subnets for nodes in two zones, and their security groups. */
export async function createSurroundings(
  walkthrough: Walkthrough,
  region: string,
  zones: [string, string],
): Promise<Surroundings> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint: (await walkthrough.status()).url, region, credentials };
  const [ec2, iam] = [new EC2(settings), new IAM(settings)];
  try {
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
    const VpcId = Vpc!.VpcId!;
    const subnet = async (CidrBlock: string, AvailabilityZone: string) =>
      (await ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone })).Subnet!.SubnetId!;
    const group = async (GroupName: string) =>
      (await ec2.createSecurityGroup({ VpcId, GroupName, Description: GroupName })).GroupId!;
    const cacheSubnetIds = [await subnet('10.0.3.0/24', zones[0]), await subnet('10.0.4.0/24', zones[1])];
    const instanceGroupId = await group('InstanceSecurityGroup');
    const cacheGroupId = await group('CacheSecurityGroup');
    const UserIdGroupPairs = [{ GroupId: instanceGroupId }];
    await ec2.authorizeSecurityGroupIngress({
      GroupId: cacheGroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 6379, ToPort: 6379, UserIdGroupPairs }],
    });
    // Without a profile Systems Manager opens no session.
    await iam.createInstanceProfile({ InstanceProfileName: 'InstanceProfile' });
    const { Instances } = await ec2.runInstances({
      IamInstanceProfile: { Name: 'InstanceProfile' },
      ...{ ImageId: 'ami-0d52744d6551d851e', InstanceType: 't4g.nano', MinCount: 1, MaxCount: 1 },
      ...{ SubnetId: await subnet('10.0.1.0/24', zones[0]), SecurityGroupIds: [instanceGroupId] },
    });
    return { instanceId: Instances![0]!.InstanceId!, cacheSubnetIds, cacheGroupId };
  } finally {
    ec2.destroy();
    iam.destroy();
  }
}
