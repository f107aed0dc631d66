// A Millpond with `--network subnets` as a process of this user or of an ordinary one, with functions in its subnets,
// for tests that look from outside: through the API, and at the machine's processes and links.

import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  type VpcConfig,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { readRecord } from '../../src/cli/data-directory.ts';
import { zip } from '../../src/kernel/zip.ts';
import { linkedAddresses } from '../../src/network/subnets/link.ts';
import { MILLPOND, runCommand, startCommand } from './command.ts';

/** A running Millpond with clients, as the user `uid`. */
export class MillpondInSubnets {
  readonly dataDir: string;
  readonly #user: { uid?: number; gid?: number; env: NodeJS.ProcessEnv };
  #running: ReturnType<typeof startCommand> | undefined;

  private constructor(dataDir: string, uid: number | undefined) {
    this.dataDir = dataDir;
    this.#user = { ...(uid !== undefined && { uid, gid: uid }), env: { ...process.env, HOME: dataDir } };
  }

  static async start(t: Pick<TestContext, 'after'>, uid?: number): Promise<MillpondInSubnets> {
    const parent = mkdtempSync(join(tmpdir(), 'millpond-in-subnets-'));
    chmodSync(parent, 0o755);
    if (uid !== undefined) chownSync(parent, uid, uid);
    const millpond = new MillpondInSubnets(join(parent, 'data'), uid);
    t.after(async () => {
      await millpond.command('down', '--purge');
      await millpond.#running?.ended;
      rmSync(parent, { recursive: true, force: true });
    });
    await millpond.up();
    return millpond;
  }

  async up(): Promise<void> {
    const args = ['up', '--port', '0', '--network', 'subnets', '--data-dir', this.dataDir];
    this.#running = startCommand(MILLPOND, args, this.#user);
    await this.#running.prints(/Ctrl-C/);
  }

  command(name: string, ...args: string[]) {
    return runCommand(MILLPOND, [name, '--data-dir', this.dataDir, ...args], this.#user);
  }

  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.#running?.ended;
  }

  get #record() {
    return readRecord(this.dataDir) as Required<NonNullable<ReturnType<typeof readRecord>>>;
  }

  get pid(): number {
    return this.#record.pid;
  }

  /** The settings of an SDK client. */
  get client() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { endpoint: this.#record.listening.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  }

  /** The process that keeps the network. */
  get keeper(): number {
    return JSON.parse(readFileSync(join(this.dataDir, 'network', 'world.json'), 'utf8')).pid;
  }

  /** The addresses of all machines that have a link. */
  linked(): string[] {
    return [...linkedAddresses(`/proc/${this.keeper}/net`)];
  }

  /** The default VPC's subnets in the order of their zones, and its default security group. */
  async defaultVpc(): Promise<
    Required<Pick<VpcConfig, 'SubnetIds' | 'SecurityGroupIds'>> & { cidrs: string[] }
  > {
    const ec2 = new EC2Client(this.client);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ GroupNames: ['default'] }),
    );
    ec2.destroy();
    const sorted = Subnets.sort((a, b) => (a.AvailabilityZone! < b.AvailabilityZone! ? -1 : 1));
    return {
      SubnetIds: sorted.map(({ SubnetId }) => SubnetId!),
      SecurityGroupIds: [SecurityGroups[0]!.GroupId!],
      cidrs: sorted.map(({ CidrBlock }) => CidrBlock!),
    };
  }

  /** Creates a function in Node or Python and returns a caller of it. */
  async createFunction(
    FunctionName: string,
    files: Record<string, string>,
    settings: { VpcConfig?: VpcConfig; variables?: Record<string, string>; Timeout?: number } = {},
  ): Promise<(event?: unknown) => Promise<ReturnType<typeof JSON.parse>>> {
    const lambda = new LambdaClient(this.client);
    const { variables: Variables, ...others } = settings;
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Handler: 'index.handler', MemorySize: 512, Timeout: 60, ...others },
        Runtime: files['index.py'] ? 'python3.12' : 'nodejs24.x',
        Role: 'arn:aws:iam::000000000000:role/test',
        Code: { ZipFile: zip(files) },
        ...(Variables && { Environment: { Variables } }),
      }),
    );
    await waitUntilFunctionActiveV2(
      { client: lambda, maxWaitTime: 240, minDelay: 1, maxDelay: 1 },
      { FunctionName },
    );
    lambda.destroy();
    return async (event = {}) => {
      const client = new LambdaClient({ ...this.client, requestHandler: { requestTimeout: 0 } });
      try {
        const answer = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
        const payload = Buffer.from(answer.Payload ?? []).toString();
        if (answer.FunctionError) throw new Error(payload);
        return JSON.parse(payload);
      } finally {
        client.destroy();
      }
    };
  }

  /** The first processes of all environments of functions: those that wait for the process tree. */
  environments(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => isEnvironmentOf(this.pid, pid));
  }
}

function isEnvironmentOf(parent: number, pid: number): boolean {
  try {
    const [, , , ppid] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/\(.*\)/s, '()')
      .split(' ');
    const isUnshare = readFileSync(`/proc/${pid}/comm`, 'latin1') === 'unshare\n';
    return (
      Number(ppid) === parent && isUnshare && readFileSync(`/proc/${pid}/cmdline`).includes('--kill-child')
    );
  } catch {
    return false;
  }
}
