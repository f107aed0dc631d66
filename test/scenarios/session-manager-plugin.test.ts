// `aws ssm start-session` with AWS's own plugin, into an instance that runs here.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
} from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  DescribeSessionsCommand,
  GetConnectionStatusCommand,
  ResumeSessionCommand,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import { WebSocket } from 'ws';
import { readRecord } from '../../src/cli/data-directory.ts';
import { until } from '../../src/engine/testing/settle.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import {
  AWS_CLI,
  AWS_CLI_FOLDER,
  SESSION_MANAGER_PLUGIN,
  WITHOUT_SESSION_MANAGER_PLUGIN,
} from '../support/outside-clients.ts';

const PTY = '/usr/bin/script';
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const skip =
  (!isRoot && 'needs root on Linux') ||
  (!existsSync(PTY) && `${PTY} is not installed`) ||
  WITHOUT_SESSION_MANAGER_PLUGIN;

describe('aws ssm start-session', { skip }, () => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-plugin-'));
  const dataDir = join(parent, 'state');
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND)_/.test(name));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(kept), MILLPOND_DATA_DIR: dataDir };
  let url = '';
  let ec2: EC2Client;
  let ssm: SSMClient;
  let target = '';

  const runInstance = async (profile?: string) => {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
        ...(profile && { IamInstanceProfile: { Name: profile } }),
      }),
    );
    const InstanceIds = [Instances![0]!.InstanceId!];
    await waitUntilInstanceRunning(
      { client: ec2, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      { InstanceIds },
    );
    return InstanceIds[0]!;
  };

  before(async () => {
    const up = await runCommand(MILLPOND, ['up', '--detach', '--port', '0'], { env });
    assert.equal(up.code, 0, up.stderr);
    url = readRecord(dataDir)!.listening!.url;
    const options = {
      ...{ endpoint: url, region: 'us-east-1' },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    [ec2, ssm] = [new EC2Client(options), new SSMClient(options)];
    target = await runInstance('profile');
  });
  after(async () => {
    ec2.destroy();
    ssm.destroy();
    const down = await runCommand(MILLPOND, ['down', '--purge'], { env });
    rmSync(parent, { recursive: true, force: true });
    assert.equal(down.code, 0, down.stderr);
  });

  /** The AWS CLI on a terminal of 100 columns. */
  const open = (t: TestContext, ...args: string[]) => {
    const names = [AWS_CLI, 'ssm', 'start-session', '--target', target, ...args].map(
      (word) => `'${word.replaceAll("'", "'\\''")}'`,
    );
    const terminal = spawn(PTY, ['-qefc', `stty cols 100 rows 30; exec ${names.join(' ')}`, '/dev/null'], {
      cwd: parent,
      env: {
        ...env,
        ...{ AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
        ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', HOME: parent, SHELL: '/bin/sh' },
        PATH: `${SESSION_MANAGER_PLUGIN}:${AWS_CLI_FOLDER}:${env.PATH}`,
      },
    });
    t.after(() => terminal.kill('SIGKILL'));
    let screen = '';
    let isOver = false;
    let look = () => {};
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      look();
    });
    const ended = new Promise<number | null>((resolve) =>
      terminal.once('close', (code) => {
        isOver = true;
        look();
        resolve(code);
      }),
    );
    /** Resolves when what was not matched yet matches, with that. */
    const shows = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        look = () => {
          if (!pattern.test(screen)) {
            if (isOver) reject(new Error(`ended without ${pattern}: ${screen}`));
            return;
          }
          const seen = screen;
          screen = '';
          resolve(seen);
        };
        look();
      });
    const type = (text: string) => void terminal.stdin.write(text);
    return { shows, type, ended };
  };

  it('is a shell as ssm-user, which may do everything by sudo, with the size of the terminal', async (t) => {
    const { shows, type, ended } = open(t);
    const begin = await shows(/Starting session with SessionId: root-0[0-9a-f]{16}\r+\n.*sh-?[\d.]*\$ /s);
    const id = /root-0[0-9a-f]{16}/.exec(begin)![0];
    type('whoami; pwd; sudo id -un; tty -s && echo term""inal\r');
    await shows(/ssm-user\r+\n.*\/usr\/bin\r+\n.*root\r+\n.*terminal\r+\n/s);
    type('until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; stty si""ze; stty size\r');
    await shows(/30 100\r+\n/);
    type("sh -c 'echo g''o; exec cat'\r");
    await shows(/go\r+\n/);
    type('to and fro\r');
    await shows(/(to and fro\r+\n.*){2}/s);
    type('\x03');
    await shows(/\$ $/);
    type('echo still h""ere; seq 1 20000 | tail -1\r');
    await shows(/still here\r+\n.*20000\r+\n/s);
    const { Sessions } = await ssm.send(new DescribeSessionsCommand({ State: 'Active' }));
    assert.deepEqual(
      Sessions!.map((one) => [one.SessionId, one.Target, one.Status]),
      [[id, target, 'Connected']],
    );
    type('exit\r');
    await shows(new RegExp(`Exiting session with sessionId: ${id}\\.`));
    assert.equal(await ended, 0);
    const after = await ssm.send(
      new DescribeSessionsCommand({ State: 'History', Filters: [{ key: 'SessionId', value: id }] }),
    );
    assert.equal(after.Sessions![0]!.Status, 'Terminated');
  });

  it('shows much output in order and whole, faster than the terminal takes it', async (t) => {
    const { shows, type, ended } = open(t);
    await shows(/\$ $/);
    type('stty -echo; seq 1 100000; echo d""one\r');
    let seen = '';
    while (!/done\r+\n/.test(seen)) seen += await shows(/\n/);
    const numbers = seen.match(/^\d+(?=\r*$)/gm)!.map(Number);
    assert.equal(numbers.length, 100_000);
    assert.ok(numbers.every((number, index) => number === index + 1));
    type('exit\r');
    await ended;
  });

  it('runs the command of AWS-StartInteractiveCommand, and refuses other documents by name', async (t) => {
    const parameters = [
      '--document-name',
      'AWS-StartInteractiveCommand',
      '--parameters',
      'command="id -un; read x; echo got $x"',
    ];
    const { shows, type } = open(t, ...parameters);
    await shows(/ssm-user\r+\n/);
    type('it\r');
    await shows(/got it\r+\n.*Exiting session/s);
    const refused = open(t, '--document-name', 'AWS-StartPortForwardingSession');
    await refused.shows(/InvalidDocument.*AWS-StartPortForwardingSession/s);
  });

  it('ends when it is terminated elsewhere, and when its instance ends', async (t) => {
    const first = open(t);
    const id = /root-0[0-9a-f]{16}/.exec(await first.shows(/SessionId: root.*\$ $/s))![0];
    await ssm.send(new TerminateSessionCommand({ SessionId: id }));
    await first.shows(new RegExp(`Exiting session with sessionId: ${id}`));
    await assert.rejects(ssm.send(new ResumeSessionCommand({ SessionId: id })), {
      name: 'DoesNotExistException',
    });
    const [kept, other] = [target, await runInstance('profile')];
    target = other;
    const second = open(t);
    target = kept;
    await second.shows(/\$ $/);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [other] }));
    await second.shows(/SessionId: root-\w+ : The instance is not running\.|Exiting session/);
  });

  it('lets nobody in without the token, and no page with it', async () => {
    const { StreamUrl, TokenValue, SessionId } = await ssm.send(new StartSessionCommand({ Target: target }));
    const outcome = (token: string, headers = {}) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(StreamUrl!, { headers });
        socket.once('open', () => socket.send(JSON.stringify({ TokenValue: token })));
        socket.once('message', () => resolve('let in'));
        socket.once('close', (code) => resolve(String(code)));
        socket.once('error', (error) => resolve(error.message));
        socket.once('message', () => socket.close());
      });
    assert.equal(await outcome('x'.repeat(TokenValue!.length)), '1008');
    assert.equal(await outcome(''), '1008');
    for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }]) {
      assert.match(await outcome(TokenValue!, headers), /403/);
    }
    assert.equal(await outcome(TokenValue!), 'let in');
    const resumed = await ssm.send(new ResumeSessionCommand({ SessionId }));
    assert.equal(await outcome(TokenValue!), '1008', 'the earlier token');
    assert.equal(await outcome(resumed.TokenValue!), 'let in');
    await ssm.send(new TerminateSessionCommand({ SessionId }));
    assert.match(await outcome(resumed.TokenValue!), /404/);
  });

  it('is not connected without a profile, and says which instances are', async () => {
    const without = await runInstance();
    await assert.rejects(ssm.send(new StartSessionCommand({ Target: without })), {
      name: 'TargetNotConnected',
      message: `${without} is not connected.`,
    });
    const status = async (Target: string) =>
      (await ssm.send(new GetConnectionStatusCommand({ Target }))).Status;
    assert.deepEqual([await status(target), await status(without)], ['connected', 'notconnected']);
    const information = new DescribeInstanceInformationCommand({
      Filters: [{ Key: 'PingStatus', Values: ['Online'] }],
    });
    await until('the ended instance is gone', async () => {
      const { InstanceInformationList } = await ssm.send(information);
      return InstanceInformationList!.length === 1 && InstanceInformationList![0]!.InstanceId === target;
    });
  });
});
