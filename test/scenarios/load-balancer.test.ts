// A load balancer in front of a function and of a server of this host, as a stack: reached by its name, after a restart,
// and through Route 53; its metrics; and nothing of it left after the stack.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { get, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { startTestMillpond } from '../support/millpond.ts';
import { eventually } from '../support/replication-groups.ts';

const CODE = `exports.handler = async ({ path, httpMethod, requestContext }) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: [httpMethod, path, requestContext.elb.targetGroupArn.split('/')[1]].join(' '),
});`;

const TEMPLATE = {
  Parameters: {
    Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' },
    Vpc: { Type: 'AWS::EC2::VPC::Id' },
    Port: { Type: 'Number' },
  },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...{ Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        Code: {
          ZipFile: CODE,
        },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        ...{ FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] }, Action: 'lambda:InvokeFunction' },
        Principal: 'elasticloadbalancing.amazonaws.com',
      },
    },
    Functions: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      DependsOn: 'Permission',
      Properties: {
        Name: 'functions',
        TargetType: 'lambda',
        Targets: [{ Id: { 'Fn::GetAtt': ['Function', 'Arn'] } }],
      },
    },
    Servers: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: {
        ...{
          Name: 'servers',
          TargetType: 'ip',
          Protocol: 'HTTP',
          Port: { Ref: 'Port' },
          VpcId: { Ref: 'Vpc' },
        },
        ...{ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2, HealthyThresholdCount: 2 },
        Targets: [{ Id: '127.0.0.1' }],
      },
    },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Name: 'front', Scheme: 'internal', Subnets: { Ref: 'Subnets' } },
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port: 8080, Protocol: 'HTTP' },
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Functions' } }],
      },
    },
    Rule: {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
      Properties: {
        ...{ ListenerArn: { Ref: 'Listener' }, Priority: 1 },
        Conditions: [{ Field: 'path-pattern', Values: ['/server/*'] }],
        Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Servers' } }],
      },
    },
    Zone: {
      Type: 'AWS::Route53::HostedZone',
      Properties: { Name: 'shop.test', VPCs: [{ VPCId: { Ref: 'Vpc' }, VPCRegion: 'us-east-1' }] },
    },
    Alias: {
      Type: 'AWS::Route53::RecordSet',
      Properties: {
        ...{ HostedZoneId: { Ref: 'Zone' }, Name: 'www.shop.test', Type: 'A' },
        AliasTarget: {
          HostedZoneId: { 'Fn::GetAtt': ['Balancer', 'CanonicalHostedZoneID'] },
          DNSName: { 'Fn::GetAtt': ['Balancer', 'DNSName'] },
        },
      },
    },
  },
  Outputs: {
    Name: { Value: { 'Fn::GetAtt': ['Balancer', 'DNSName'] } },
    FullName: { Value: { 'Fn::GetAtt': ['Balancer', 'LoadBalancerFullName'] } },
    Servers: { Value: { Ref: 'Servers' } },
    Balancer: { Value: { Ref: 'Balancer' } },
  },
};

async function serveHost(context: TestContext): Promise<number> {
  const server = createServer((request, response) => response.end(`server ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const askSafely = (options: RequestOptions): Promise<string> =>
  new Promise((resolve, reject) => {
    get(options, async (response) => resolve(Buffer.concat(await response.toArray()).toString())).on(
      'error',
      reject,
    );
  });

test('a stack’s balancer forwards to a function and to a server', async (context) => {
  const port = await serveHost(context);
  // A server of this host is a target only there.
  const millpond = await startTestMillpond({ network: 'loopback' });
  context.after(() => millpond.stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clients = () => {
    const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
    return {
      cloudformation: new CloudFormation(options),
      elb: new ElasticLoadBalancingV2(options),
      ec2: new EC2(options),
      cloudwatch: new CloudWatch(options),
    };
  };
  let { cloudformation, elb, ec2, cloudwatch } = clients();
  const { Subnets } = await ec2.describeSubnets({});
  const two = Subnets!.slice(0, 2);
  const value = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
  await cloudformation.createStack({
    StackName: 'front',
    TemplateBody: JSON.stringify(TEMPLATE),
    Capabilities: ['CAPABILITY_IAM'],
    Parameters: [
      value('Subnets', two.map(({ SubnetId }) => SubnetId!).join()),
      value('Vpc', two[0]!.VpcId!),
      value('Port', String(port)),
    ],
  });
  const stack = await eventually('the stack is there', async () => {
    const { Stacks } = await cloudformation.describeStacks({ StackName: 'front' });
    return !Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') && Stacks![0]!;
  });
  const { StackEvents } = await cloudformation.describeStackEvents({ StackName: 'front' });
  const failed = StackEvents!.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED'));
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', failed.map((one) => one.ResourceStatusReason).join());
  const output = (key: string) => stack.Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!;
  const name = output('Name');

  const addresses = await millpond.resolver.resolve4(name);
  assert.equal(addresses.length, 2);
  const aliased = await millpond.resolver.resolve4('www.shop.test');
  assert.deepEqual(aliased.toSorted(), addresses.toSorted());
  const ask = async (path: string, address = addresses[0]!) => {
    const response = await fetch(`http://${address}:8080${path}`);
    return `${response.status} ${await response.text()}`;
  };
  for (const address of addresses) assert.equal(await ask('/a', address), '200 GET /a functions');
  assert.equal(await ask('/server/b'), '200 server /server/b');
  const TargetGroupArn = output('Servers');
  await eventually('the server is healthy', async () => {
    const { TargetHealthDescriptions } = await elb.describeTargetHealth({ TargetGroupArn });
    return TargetHealthDescriptions![0]!.TargetHealth!.State === 'healthy';
  });

  // Any certificate is accepted; the one of Millpond's authority is served, for the balancer's name.
  await elb.createListener({
    ...{ LoadBalancerArn: output('Balancer'), Port: 8443, Protocol: 'HTTPS' },
    Certificates: [{ CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/any' }],
    DefaultActions: [
      { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', MessageBody: 'safe' } },
    ],
  });
  const ca = readFileSync(join(millpond.dataDir, 'tls', 'ca.pem'));
  const safe = { host: addresses[0]!, port: 8443, servername: name, headers: { host: name }, ca };
  assert.equal(await askSafely(safe), 'safe');

  await millpond.leave();
  await millpond.start();
  ({ cloudformation, elb, ec2, cloudwatch } = clients());
  assert.deepEqual((await millpond.resolver.resolve4(name)).toSorted(), addresses.toSorted());
  assert.equal(await ask('/a'), '200 GET /a functions', 'as before');

  const counted = async (MetricName: string, ...more: { Name: string; Value: string }[]) => {
    const now = Date.now();
    const { Datapoints } = await cloudwatch.getMetricStatistics({
      ...{ Namespace: 'AWS/ApplicationELB', MetricName, Period: 3_600, Statistics: ['Sum'] },
      Dimensions: [{ Name: 'LoadBalancer', Value: output('FullName') }, ...more],
      StartTime: new Date(now - 7_200_000),
      EndTime: new Date(now + 3_600_000),
    });
    return Datapoints!.reduce((sum, { Sum }) => sum + Sum!, 0);
  };
  const ofServers = {
    Name: 'TargetGroup',
    Value: TargetGroupArn.slice(TargetGroupArn.indexOf('targetgroup/')),
  };
  await eventually('the requests are counted', async () => (await counted('RequestCount')) === 4);
  assert.equal(await counted('HTTPCode_Target_2XX_Count', ofServers), 1);

  await cloudformation.deleteStack({ StackName: 'front' });
  await eventually('the stack is gone', async () => {
    const { StackSummaries } = await cloudformation.listStacks({
      StackStatusFilter: ['DELETE_COMPLETE', 'DELETE_FAILED'],
    });
    return StackSummaries!.length > 0 && StackSummaries![0]!.StackStatus === 'DELETE_COMPLETE';
  });
  await assert.rejects(fetch(`http://${addresses[0]}:8080/`));
  const { LoadBalancers } = await elb.describeLoadBalancers({});
  const { TargetGroups } = await elb.describeTargetGroups({});
  assert.deepEqual([LoadBalancers, TargetGroups], [[], []]);
});
