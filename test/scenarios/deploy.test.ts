// `millpond deploy` from outside: stacks made, changed and failing, as somebody without the AWS CLI sees them.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { readRecord } from '../../src/cli/data-directory.ts';
import { MILLPOND, runCommand, startCommand } from '../support/command.ts';
import { eventually } from '../support/replication-groups.ts';

const CACHE = `
Parameters:
  Nodes: {Type: Number, Default: 2}
  Note: {Type: String, Default: first}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.9.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.9.1.0/24}
  Subnets:
    Type: AWS::ElastiCache::SubnetGroup
    Properties: {Description: One, SubnetIds: [!Ref Subnet]}
  Group:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupDescription: !Ref Note
      Engine: redis
      CacheNodeType: cache.t4g.micro
      NumCacheClusters: !Ref Nodes
      CacheSubnetGroupName: !Ref Subnets
Outputs:
  Primary: {Value: !GetAtt Group.PrimaryEndPoint.Address}
  Id: {Value: !Ref Group}
`;

const parameter = (name: string, value: string) =>
  `Resources:\n  P:\n    Type: AWS::SSM::Parameter\n    Properties: {Type: String, Name: ${name}, Value: ${value}}\nOutputs:\n  Value: {Value: !GetAtt P.Value}\n`;

const nesting = (file: string) =>
  `Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ${file}\n`;

describe('millpond deploy', () => {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-deploy-'));
  const dataDir = join(parent, 'state');
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND)_/.test(name));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(kept), MILLPOND_DATA_DIR: dataDir };
  let cloudformation: CloudFormationClient;

  before(async () => {
    const up = await runCommand(MILLPOND, ['up', '--detach', '--port', '0'], { env });
    assert.equal(up.code, 0, up.stderr);
    cloudformation = new CloudFormationClient({
      endpoint: readRecord(dataDir)!.listening!.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  after(async () => {
    cloudformation.destroy();
    const down = await runCommand(MILLPOND, ['down', '--purge'], { env });
    rmSync(parent, { recursive: true, force: true });
    assert.equal(down.code, 0, down.stderr);
  });

  const file = (name: string, text: string) => {
    writeFileSync(join(parent, name), text);
    return name;
  };
  const deploy = (...args: string[]) => runCommand(MILLPOND, ['deploy', ...args], { env, cwd: parent });
  const statusOf = async (StackName: string) => {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Stacks![0]!.StackStatus;
  };

  it('creates a stack, leaves it unchanged, and updates it; parameters keep their values', async () => {
    const name = file('cache.yaml', CACHE);
    const made = await deploy(name, '--parameter', 'Note=mine', '--watch');
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^Creating cache…\n +0\.0 s {2}CREATE_IN_PROGRESS +cache +AWS::CloudForm/);
    assert.match(made.stdout, /CREATE_COMPLETE +Group +AWS::ElastiCache::ReplicationGroup\n/);
    assert.match(made.stdout, /\ncache is CREATE_COMPLETE after \d+\.\d s\.\n\n/);
    const [, group] = /^ {2}Id {7}(cache-group-\w+)$/m.exec(made.stdout) ?? [];
    assert.match(made.stdout, new RegExp(`^  Primary  ${group}\\.`, 'm'));

    const again = await deploy(name);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^cache is up to date; nothing to do\.\n\n {2}Primary/);

    const more = await deploy(name, '--parameter', 'Nodes=3');
    assert.equal(more.code, 0, more.stderr);
    assert.match(more.stdout, /^Updating cache…\ncache is UPDATE_COMPLETE after/);
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'cache' }));
    const values = Stacks![0]!.Parameters!.map((one) => [one.ParameterKey, one.ParameterValue]);
    assert.deepEqual(values.sort(), [
      ['Nodes', '3'],
      ['Note', 'mine'],
    ]);
  });

  it('takes nested templates and code from where they lie', async () => {
    for (const folder of ['app', 'app/code', 'shared']) mkdirSync(join(parent, folder));
    file('app/code/index.mjs', 'export const handler = async () => "one";');
    file('shared/middle.yaml', nesting('deep.yaml'));
    file('shared/deep.yaml', parameter('/deep', 'one'));
    const code = `  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs22.x, Handler: index.handler, Role: 'arn:aws:iam::000000000000:role/r', Code: code}
Outputs: {F: {Value: !Ref F}}
`;
    const name = file('app/template.yaml', nesting('../shared/middle.yaml') + code);
    const made = await deploy(name, '--watch');
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /CREATE_COMPLETE +Inner\/Inner\/P +AWS::SSM::Parameter\n/);
    assert.match(made.stdout, /\napp is CREATE_COMPLETE/);

    file('app/code/index.mjs', 'export const handler = async () => "two";');
    file('shared/deep.yaml', parameter('/deep', 'two'));
    const changed = await deploy(name, '--watch');
    assert.equal(changed.code, 0, changed.stderr);
    for (const path of ['F', 'Inner/Inner/P']) {
      assert.match(changed.stdout, new RegExp(`UPDATE_COMPLETE +${path} +AWS`));
    }
  });

  it('takes a template that is too large for a request', async () => {
    const name = file('large.yaml', `${parameter('/large', 'x')}${'# padding\n'.repeat(8_000)}`);
    const made = await deploy(name, '--stack-name', 'other', '--region', 'eu-west-1');
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^Creating other…\nother is CREATE_COMPLETE/);
    await assert.rejects(statusOf('other'), /does not exist/);
  });

  it('shows the place of what is wrong with a template', async () => {
    const broken = file('broken.yaml', 'Resources:\n  Vpc:\n    Type: AWS::EC2::Nothing\n');
    const refused = await deploy(broken);
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.equal(
      refused.stderr,
      'millpond: broken was refused: Template format error: Unrecognized resource types: [AWS::EC2::Nothing] (line 2, column 3)\n  broken.yaml:2:3\n    2 |   Vpc:\n      |   ^\n',
    );
    const lost = await deploy(file('lost.yaml', nesting('none.yaml')));
    assert.equal(lost.code, 1);
    assert.equal(
      lost.stderr,
      `millpond: There is no ${join(parent, 'none.yaml')}.\nInner.TemplateURL is "none.yaml".\n  lost.yaml:5:20\n    5 |       TemplateURL: none.yaml\n      |                    ^\n`,
    );
    const endless = await deploy(file('endless.yaml', nesting('./endless.yaml')));
    assert.match(endless.stderr, /endless\.yaml is nested in itself\./);
    for (const name of ['broken', 'lost', 'endless']) {
      await assert.rejects(statusOf(name), /does not exist/);
    }
  });

  it('names the first failure, nested ones too, and creates an empty stack again', async () => {
    file(
      'inner.yaml',
      'Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.0.0.0/8}\n',
    );
    const outer = file('outer.yaml', nesting('inner.yaml'));
    const failed = await deploy(outer);
    assert.equal(failed.code, 1);
    assert.match(
      failed.stderr,
      /^millpond: outer ended in ROLLBACK_COMPLETE: Inner\/Vpc \(AWS::EC2::VPC\) is CREATE_FAILED: The CIDR '10\.0\.0\.0\/8' is invalid\..*\n {2}\S*inner\.yaml:2:3\n {4}2 \| {3}Vpc:\n/,
    );
    file('inner.yaml', parameter('/inner', 'x'));
    const made = await deploy(outer);
    assert.equal(made.code, 0, made.stderr);
    assert.match(
      made.stdout,
      /^outer is ROLLBACK_COMPLETE and has no resources; creating it again…\nCreating outer…\n/,
    );
  });

  it('stops watching a stack on Ctrl-C, and continues later', async () => {
    const waiting = file(
      'waiting.yaml',
      'Resources:\n  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}\n  Wait:\n    Type: AWS::CloudFormation::WaitCondition\n    Properties: {Handle: !Ref Handle, Timeout: 60}\n',
    );
    const options = { env, cwd: parent };
    const first = startCommand(MILLPOND, ['deploy', waiting, '--watch'], options);
    await first.prints(/CREATE_IN_PROGRESS +Wait /);
    first.child.kill('SIGINT');
    const { code, stderr } = await first.ended;
    assert.equal(code, 130);
    assert.match(
      stderr,
      /^millpond: stopped watching waiting \(CREATE_IN_PROGRESS\); run the same command again/,
    );
    assert.equal(await statusOf('waiting'), 'CREATE_IN_PROGRESS');

    const second = startCommand(MILLPOND, ['deploy', waiting], options);
    await second.prints(/waiting is still CREATE_IN_PROGRESS; waiting for that first…/);
    const handle = await cloudformation.send(
      new DescribeStackResourceCommand({ StackName: 'waiting', LogicalResourceId: 'Handle' }),
    );
    const answer = await fetch(handle.StackResourceDetail!.PhysicalResourceId!, {
      method: 'PUT',
      body: JSON.stringify({ Status: 'SUCCESS', Reason: 'Done', UniqueId: '1', Data: 'x' }),
    });
    assert.equal(answer.status, 200);
    const ended = await second.ended;
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /nothing to do\.\n$/);
  });

  it('shows where addresses of AWS’s console lead here, and so do status and open', async () => {
    const consoleAddress = (page: string) =>
      `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#${page}`;
    const watched = file(
      'watched.yaml',
      `Resources:
  Watch:
    Type: AWS::CloudWatch::Dashboard
    Properties: {DashboardName: watched, DashboardBody: '{"widgets":[]}'}
Outputs:
  Dashboard: {Value: !Sub '${consoleAddress('dashboards:name=')}\${Watch}'}
  Alarms: {Value: '${consoleAddress('alarmsV2:')}'}
  Site: {Value: 'http://127.0.0.1:1/site'}
  Name: {Value: !Ref Watch}
`,
    );
    const made = await deploy(watched);
    assert.equal(made.code, 0, made.stderr);
    const { url } = readRecord(dataDir)!.listening!;
    const page = `${url}/_millpond/dashboards/watched?region=us-east-1`;
    assert.ok(
      made.stdout.includes(
        `  Dashboard  ${consoleAddress('dashboards:name=watched')}\n             here: ${page}\n`,
      ),
      made.stdout,
    );
    assert.ok(!made.stdout.includes('here: https'), made.stdout);

    const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...withoutDesktop } = env;
    const millpond = (...args: string[]) => runCommand(MILLPOND, args, { env: withoutDesktop });
    assert.ok((await millpond('status')).stdout.includes(`  Page      ${page}   (Dashboard of watched)\n`));
    const status = JSON.parse((await millpond('status', '--json')).stdout) as { pages: unknown };
    assert.deepEqual(status.pages, [{ stack: 'watched', output: 'Dashboard', page }]);
    const opened = async (...args: string[]) => {
      const { code, stdout, stderr } = await millpond('open', ...args);
      return code === 0 ? stdout : stderr;
    };
    assert.equal(await opened('Dashboard'), `${page}\n`);
    assert.equal(await opened('Dashboard', '--print', '--stack-name', 'watched'), `${page}\n`);
    assert.equal(await opened(), `${url}/_millpond/dashboards\n`);
    assert.equal(await opened('Site'), 'http://127.0.0.1:1/site\n');
    assert.match(
      await opened('Alarms'),
      /^millpond: Alarms is a page of AWS's console that Millpond does not have/,
    );
    assert.match(await opened('Name'), /^millpond: Name is not an address, but "watched"\.\n$/);
    assert.match(
      await opened('Nope', '--stack-name', 'watched'),
      /^millpond: watched has no output Nope\. The outputs are /,
    );
    assert.match(await opened('Nope', '--stack-name', 'none'), /^millpond: There is no stack none\.\n$/);
    assert.match(await opened('Nope'), /^millpond: No stack has an output Nope\. The outputs are /);
    assert.equal((await deploy(watched, '--stack-name', 'second')).code, 1);
    const twice = file(
      'twice.yaml',
      'Resources: {H: {Type: AWS::CloudFormation::WaitConditionHandle}}\nOutputs: {Site: {Value: "http://127.0.0.1:1/"}}\n',
    );
    assert.equal((await deploy(twice)).code, 0);
    assert.match(
      await opened('Site'),
      /^millpond: Several stacks have an output Site: .*--stack-name chooses one/,
    );

    // With a desktop, the browser is started without a shell.
    const desktop = join(parent, 'desktop');
    mkdirSync(desktop);
    writeFileSync(
      join(desktop, 'xdg-open'),
      `#!/bin/sh\necho "$@" > ${desktop}/opened.part\nmv ${desktop}/opened.part ${desktop}/opened\n`,
      { mode: 0o755 },
    );
    const withDesktop = { ...env, DISPLAY: ':9', PATH: `${desktop}:${env.PATH}` };
    assert.equal(
      (await runCommand(MILLPOND, ['open', 'Dashboard'], { env: withDesktop })).stdout,
      `${page}\n`,
    );
    await eventually('the browser', () => existsSync(join(desktop, 'opened')));
    assert.equal(readFileSync(join(desktop, 'opened'), 'utf8'), `${page}\n`);
  });

  it('says in a sentence what it cannot work with', async () => {
    const name = file('cache.yaml', CACHE);
    const refused = async (args: string[], sentence: RegExp) => {
      const { code, stderr } = await deploy(...args);
      assert.equal(code, 1, stderr);
      assert.match(stderr, sentence);
    };
    await refused(['none.yaml'], /^millpond: There is no none\.yaml\.\n$/);
    await refused(['.'], /^millpond: Cannot read \.: EISDIR/);
    await refused([name, '--parameter', 'x'], /^millpond: --parameter x: must be Name=value\.\n$/);
    await refused([name, '--parameter', 'Nope=1'], /Parameters: \[Nope\] do not exist in the template/);
    await refused([name, '--region', 'x y'], /--region must be a region/);
    await refused([name, '--stack-name', '1 2'], /1 2 was refused: .*at 'stackName' failed/);
    await refused([name, '--data-dir', join(parent, 'elsewhere')], /is not running on/);
  });
});
