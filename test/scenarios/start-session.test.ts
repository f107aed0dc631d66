// A session on an instance, as somebody opens it who follows a walkthrough: the shell, its names, its refusals.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  AssociateIamInstanceProfileCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { readRecord } from '../../src/cli/data-directory.ts';
import { MILLPOND, runCommand } from '../support/command.ts';

const REGION = 'ap-northeast-1';
const PTY = '/usr/bin/script';
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe('millpond ssm start-session', { skip: !isRoot && 'needs root on Linux' }, () => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-session-'));
  const dataDir = join(parent, 'state');
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND)_/.test(name));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(kept), MILLPOND_DATA_DIR: dataDir };
  let ec2: EC2Client;

  before(async () => {
    const up = await runCommand(MILLPOND, ['up', '--detach', '--port', '0'], { env });
    assert.equal(up.code, 0, up.stderr);
    ec2 = new EC2Client({
      endpoint: readRecord(dataDir)!.listening!.url,
      region: REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  after(async () => {
    ec2.destroy();
    const down = await runCommand(MILLPOND, ['down', '--purge'], { env });
    rmSync(parent, { recursive: true, force: true });
    assert.equal(down.code, 0, down.stderr);
  });

  const runInstance = async (profile?: string) => {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0123456789abcdef0',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        ...(profile && { IamInstanceProfile: { Name: profile } }),
      }),
    );
    const { InstanceId, PrivateDnsName } = Instances![0]!;
    await untilOk(InstanceId!);
    return { id: InstanceId!, hostName: PrivateDnsName! };
  };
  const untilOk = async (id: string) => {
    const asked = { InstanceIds: [id], IncludeAllInstances: true };
    for (;;) {
      const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand(asked));
      const { InstanceState, InstanceStatus } = InstanceStatuses![0]!;
      if (InstanceStatus?.Status === 'ok') return;
      assert.match(InstanceState!.Name!, /^(pending|running)$/);
    }
  };
  const until = async (id: string, state: string) => {
    for (;;) {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      if (Reservations![0]!.Instances![0]!.State!.Name === state) return;
    }
  };
  const session = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    runCommand(MILLPOND, ['ssm', 'start-session', ...args], { env: { ...env, ...more } });
  const notConnected = (id: string) =>
    `\nAn error occurred (TargetNotConnected) when calling the StartSession operation: ${id} is not connected.\n`;

  it('runs one command with the host name, region and credentials of the instance, found in any region', async () => {
    const { id, hostName } = await runInstance('profile');
    const show = 'hostname; pwd; echo $AWS_REGION $AWS_PROFILE; exit 7';
    const ran = await session(['--target', id, '--command', show], { AWS_PROFILE: 'prod' });
    assert.equal(ran.stdout, `${hostName}\n/usr/bin\n${REGION}\n`);
    assert.equal(ran.code, 7);
    assert.match(ran.stderr, /^\nStarting session with SessionId: root-0[0-9a-f]{16}\n/);
    assert.match(ran.stderr, /\nExiting session with sessionId: root-0[0-9a-f]{16}\.\n/);
    assert.match(hostName, /^ip-[\d-]+\.ap-northeast-1\.compute\.internal$/);
  });

  it('asks the region that was asked for, and no other', async () => {
    const { id } = await runInstance('profile');
    for (const [args, more] of [
      [['--region', 'eu-west-1'], {}],
      [[], { AWS_DEFAULT_REGION: 'eu-west-1' }],
    ] as const) {
      const refused = await session(['--target', id, '--command', 'true', ...args], more);
      assert.equal(refused.code, 254);
      assert.equal(refused.stderr, `${notConnected(id)}millpond: there is no instance ${id} in eu-west-1.\n`);
    }
    assert.equal((await session(['--target', id, '--command', 'true', '--region', REGION])).code, 0);
  });

  it('is not connected without a profile, stopped, terminated, unknown or with no id at all', async () => {
    const refusal = async (id: string, because: RegExp) => {
      const { code, stdout, stderr } = await session(['--target', id]);
      assert.deepEqual([code, stdout], [254, '']);
      assert.ok(stderr.startsWith(notConnected(id)), stderr);
      assert.match(stderr, because);
    };
    const { id } = await runInstance();
    await refusal(id, /no instance profile/);
    const profile = { InstanceId: id, IamInstanceProfile: { Name: 'profile' } };
    await ec2.send(new AssociateIamInstanceProfileCommand(profile));
    assert.equal((await session(['--target', id, '--command', 'true'])).code, 0);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await until(id, 'stopped');
    await refusal(id, /it is stopped; `aws ec2 start-instances --instance-ids i-\w+` starts it/);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await until(id, 'terminated');
    await refusal(id, /it is terminated\./);
    await refusal('i-0123456789abcdef0', /there is no instance i-0123456789abcdef0 here/);
    await refusal('web; reboot', /InvalidInstanceID\.Malformed/);
    const nothing = await session([]);
    assert.deepEqual([nothing.code, nothing.stderr], [1, 'millpond: Say which instance: --target i-…\n']);
  });

  it('is a shell on a terminal, and Ctrl-C is for what runs in it', {
    skip: !existsSync(PTY) && `${PTY} is not installed`,
  }, async (t) => {
    const { id } = await runInstance('profile');
    const command = [process.execPath, ...MILLPOND, 'ssm', 'start-session', '--target', id].join(' ');
    const terminal = spawn(PTY, ['-qefc', command, '/dev/null'], { env, cwd: parent });
    t.after(() => terminal.kill('SIGKILL'));
    let screen = '';
    let look = () => {};
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      look();
    });
    const shows = (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (!pattern.test(screen)) return;
          screen = '';
          resolve();
        };
        look();
      });
    await shows(/Starting session with SessionId: root-0[0-9a-f]{16}\r\n.*sh-?[\d.]*\$ $/s);
    terminal.stdin.write("sh -c 'echo g''o; exec cat'\n");
    await shows(/go\r\n/);
    terminal.stdin.write('to and fro\n');
    // Once as it is typed, and once as cat says it.
    await shows(/(to and fro\r\n.*){2}/s);
    terminal.stdin.write('\x03');
    await shows(/\$ $/);
    terminal.stdin.write('echo code$?; exit 9\n');
    await shows(/code130\r\n[\s\S]*Exiting session with sessionId: root-0[0-9a-f]{16}\.\r\n/);
    const code = await new Promise((resolve) => terminal.once('close', resolve));
    assert.equal(code, 9);
  });
});
