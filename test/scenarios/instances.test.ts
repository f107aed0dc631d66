// Instances as their users have them: a key pair, user data, SSH by the public name, files that stay, metadata, console
// output, a stack; on both kinds of network, and over the death of Millpond.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { readRecord } from '../../src/cli/data-directory.ts';
import { WITHOUT_INSTANCES } from '../../src/machines/instances/instances.fixture.ts';
import type { NetworkKind } from '../../src/network/network.ts';
import { MILLPOND, runCommand } from '../support/command.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { AWS_CLI_FOLDER, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

const SSHD = '/usr/sbin/sshd';
const SKIP = WITHOUT_PYTHON_CLIENTS || WITHOUT_INSTANCES || (!existsSync(SSHD) && `${SSHD} is not installed`);

const USER_DATA = `#!/bin/bash
echo made by $(whoami) >/home/ec2-user/made
echo user data ran
`;

/** A program with the AWS SDK and no keys. */
const WHO_AM_I = `
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Arn }) => console.log(Arn));
`;

/** The article's shape: a key by name, the image by a parameter, a network of its own, user data. */
const TEMPLATE = `
Parameters:
  KeyName: { Type: 'AWS::EC2::KeyPair::KeyName' }
  LatestAmiId:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Default: /aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.7.0.0/16, EnableDnsHostnames: true, EnableDnsSupport: true } }
  Gateway: { Type: 'AWS::EC2::InternetGateway' }
  Attachment: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway } }
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.7.1.0/24, MapPublicIpOnLaunch: true } }
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: !Ref Vpc } }
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway }
  Association: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table } }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: SSH
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }]
  Instance:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !Ref LatestAmiId
      InstanceType: t2.micro
      KeyName: !Ref KeyName
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo \${AWS::StackName} >/home/ec2-user/stack
Outputs:
  Name: { Value: !GetAtt Instance.PublicDnsName }
  Id: { Value: !Ref Instance }
`;

/** Somebody with a shell: Millpond on a directory of its own, and command lines in its `exec`. */
async function startUser(test: TestContext, network: NetworkKind) {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-instances-'));
  const dataDir = join(parent, 'state');
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MILLPOND)_/.test(name));
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(kept),
    MILLPOND_DATA_DIR: dataDir,
    AWS_DEFAULT_REGION: 'us-west-2',
    PATH: [AWS_CLI_FOLDER, process.env.PATH].join(delimiter),
    HOME: parent,
  };
  const millpond = async (...args: string[]) => {
    const ran = await runCommand(MILLPOND, args, { env, cwd: parent });
    assert.equal(ran.code, 0, `${args.join(' ')}\n${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  };
  const up = () => millpond('up', '--detach', '--port', '0', '--network', network);
  await up();
  test.after(async () => {
    await millpond('down', '--purge');
    rmSync(parent, { recursive: true, force: true });
  });
  const run = async (script: string) => (await millpond('exec', '--', 'bash', '-ec', script)).trim();
  const aws = (line: string) => run(`aws ec2 ${line} --output text`);
  return {
    ...{ parent, dataDir, millpond, up, run, aws },
    async until(id: string, status: string) {
      const asked = `describe-instance-status --include-all-instances --instance-ids ${id}`;
      const query = "--query 'InstanceStatuses[0].[InstanceState.Name,InstanceStatus.Status]'";
      for (;;) {
        const found = (await aws(`${asked} ${query}`)).split(/\s+/);
        if (found.includes(status)) return;
        assert.notEqual(found[0], 'terminated');
        await pause(100);
      }
    },
  };
}

for (const network of ['loopback', 'subnets'] as const) {
  const skip = SKIP || (network === 'subnets' && WITHOUT_SUBNETS);
  describe(`instances on ${network}`, { skip }, () => {
    it('are reached by SSH under their public name, and their files stay', async (test) => {
      const { parent, dataDir, millpond, up, run, aws, until } = await startUser(test, network);
      writeFileSync(join(parent, 'user-data'), USER_DATA);
      writeFileSync(join(parent, 'local'), 'copied\n');
      const program = await build({
        stdin: { contents: WHO_AM_I, resolveDir: import.meta.dirname },
        ...{ bundle: true, platform: 'node', write: false, minify: true },
      });
      writeFileSync(join(parent, 'who.js'), program.outputFiles[0]!.text);
      await run(`
        aws ec2 create-key-pair --key-name mine --query KeyMaterial --output text >key.pem
        chmod 400 key.pem
        aws iam create-role --role-name worker --assume-role-policy-document '{"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
        aws iam create-instance-profile --instance-profile-name web
        aws iam add-role-to-instance-profile --instance-profile-name web --role-name worker
        group=$(aws ec2 create-security-group --group-name ssh --description ssh --query GroupId --output text)
        aws ec2 authorize-security-group-ingress --group-id $group --protocol tcp --port 22 --cidr 0.0.0.0/0`);
      const id =
        await aws(`run-instances --image-id ami-0123456789abcdef0 --key-name mine --security-groups ssh \\
        --iam-instance-profile Name=web --user-data file://user-data --query 'Instances[0].InstanceId'`);
      await until(id, 'ok');
      await aws(`wait instance-running --instance-ids ${id}`);
      await aws(`wait instance-status-ok --instance-ids ${id}`);
      const [host, address] = (
        await aws(`describe-instances --query 'Reservations[0].Instances[0].[PublicDnsName,PrivateDnsName]'`)
      ).split(/\s+/);
      assert.match(host!, /^ec2-[\d-]+\.us-west-2\.compute\.amazonaws\.com$/);
      const ssh = (command: string, name = host) =>
        run(`ssh -o BatchMode=yes -i key.pem ec2-user@${name} ${JSON.stringify(command)} 2>&1`);
      assert.equal(
        await ssh('whoami; pwd; hostname; sudo whoami'),
        `ec2-user\n/home/ec2-user\n${address}\nroot`,
      );
      assert.equal(await ssh('cat made', address), 'made by root');
      await run(`scp -q -i key.pem local who.js ${process.execPath} ec2-user@${host}:`);
      assert.equal(await ssh('cat local'), 'copied');
      assert.match(await aws(`get-console-output --instance-id ${id} --query Output`), /^user data ran$/m);

      // Metadata: by curl, and by an SDK that has no keys.
      const metadata = `\${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}/latest`;
      const header = 'X-aws-ec2-metadata-token';
      await run(`cat >metadata <<'EOF'
        token=$(curl -sf -X PUT -H '${header}-ttl-seconds: 60' ${metadata}/api/token)
        curl -sf -H "${header}: $token" ${metadata}/meta-data/$1
EOF
        scp -q -i key.pem metadata ec2-user@${host}:`);
      assert.equal(await ssh('sh metadata instance-id'), id);
      assert.equal(await ssh('sh metadata iam/security-credentials/'), 'worker');
      assert.equal(await ssh('./node who.js'), `arn:aws:sts::000000000000:assumed-role/worker/${id}`);

      // A stop and a start.
      await aws(`stop-instances --instance-ids ${id}`);
      await until(id, 'stopped');
      await aws(`start-instances --instance-ids ${id}`);
      await until(id, 'ok');
      const again = await aws(`describe-instances --query 'Reservations[0].Instances[0].PublicDnsName'`);
      assert.notEqual(again, host);
      assert.equal(await ssh('cat local', again), 'copied');

      // Millpond dies, and comes back.
      process.kill(readRecord(dataDir)!.pid, 'SIGKILL');
      await up();
      await until(id, 'ok');
      assert.equal(await ssh('cat local; cat /proc/1/comm', again), 'copied\ninit');
      assert.match(await millpond('status'), new RegExp(`Instance +${id} +running`));
      assert.match(await millpond('ssh-config'), new RegExp(`^Host ${id} `, 'm'));

      await aws(`terminate-instances --instance-ids ${id}`);
      await aws(`wait instance-terminated --instance-ids ${id}`);
      assert.doesNotMatch(readFileSync(join(dataDir, 'ssh', 'config'), 'utf8'), /^Host/m);
    });

    it('are resources of stacks, whose templates name keys and images by parameters', async (test) => {
      const { parent, run, until } = await startUser(test, network);
      writeFileSync(join(parent, 'template.yaml'), TEMPLATE);
      await run(`
        aws ec2 create-key-pair --key-name mine --key-type ed25519 --query KeyMaterial --output text >key.pem
        chmod 400 key.pem
        aws cloudformation deploy --stack-name web --template-file template.yaml --parameter-overrides KeyName=mine`);
      const outputs = await run(
        `aws cloudformation describe-stacks --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output text`,
      );
      const { Name: host, Id: id } = Object.fromEntries(
        outputs.split('\n').map((line) => line.split('\t') as [string, string]),
      );
      await until(id!, 'ok');
      assert.equal(await run(`ssh -o BatchMode=yes -i key.pem ec2-user@${host} cat stack`), 'web');
      await run('aws cloudformation delete-stack --stack-name web');
      await run('aws cloudformation wait stack-delete-complete --stack-name web');
      const left = await run(`aws ec2 describe-vpcs --query 'Vpcs[].IsDefault' --output text`);
      assert.equal(left, 'True');
    });
  });
}
