// Target groups and targets as the SDK for JavaScript sees them: records, health and refusals.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBalancer, policyFor, serveBalancing } from '../support/balancers.ts';
import { refuses } from '../support/ec2.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello';

describe('target groups', () => {
  it('have AWS’s defaults, and are changed', async (test) => {
    const served = await serveBalancing(test);
    const { elb, vpcId } = served;
    const input = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpcId } as const;
    const [group] = (await elb.createTargetGroup(input)).TargetGroups!;
    const { TargetGroupArn, ...rest } = group!;
    assert.match(TargetGroupArn!, /:targetgroup\/web\/[0-9a-f]{16}$/);
    assert.deepEqual(rest, {
      ...{ TargetGroupName: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpcId, ProtocolVersion: 'HTTP1' },
      ...{ HealthCheckProtocol: 'HTTP', HealthCheckPort: 'traffic-port', HealthCheckEnabled: true },
      ...{ HealthCheckIntervalSeconds: 30, HealthCheckTimeoutSeconds: 5, HealthyThresholdCount: 5 },
      ...{ UnhealthyThresholdCount: 2, HealthCheckPath: '/', Matcher: { HttpCode: '200' } },
      ...{ LoadBalancerArns: [], TargetType: 'instance', IpAddressType: 'ipv4' },
    });
    assert.deepEqual((await elb.createTargetGroup(input)).TargetGroups, [group]);
    await refuses(
      elb.createTargetGroup({ ...input, Port: 81 }),
      'DuplicateTargetGroupNameException',
      "A target group with the same name 'web' exists, but with different settings",
    );
    const changed = await elb.modifyTargetGroup({
      ...{ TargetGroupArn: TargetGroupArn!, HealthCheckPath: '/health', HealthCheckIntervalSeconds: 10 },
      Matcher: { HttpCode: '200-299,404' },
    });
    assert.equal(changed.TargetGroups![0]!.HealthCheckPath, '/health');
    assert.equal(changed.TargetGroups![0]!.Matcher!.HttpCode, '200-299,404');
    const modify = (Key: string, Value: string) =>
      elb.modifyTargetGroupAttributes({ TargetGroupArn: TargetGroupArn!, Attributes: [{ Key, Value }] });
    await modify('deregistration_delay.timeout_seconds', '5');
    const { Attributes } = await elb.describeTargetGroupAttributes({ TargetGroupArn: TargetGroupArn! });
    const value = (key: string) => Attributes!.find(({ Key }) => Key === key)?.Value;
    assert.deepEqual(
      [
        value('deregistration_delay.timeout_seconds'),
        value('stickiness.enabled'),
        value('slow_start.duration_seconds'),
      ],
      ['5', 'false', '0'],
    );
    await refuses(modify('slow_start.duration_seconds', '60'), 'NotImplemented');
    await refuses(
      modify('lambda.multi_value_headers.enabled', 'true'),
      'InvalidConfigurationRequestException',
      "A target group with target type 'instance' does not support the attribute lambda.multi_value_headers.enabled",
    );
    await refuses(
      modify('deregistration_delay.timeout_seconds', '3601'),
      'ValidationError',
      "'deregistration_delay.timeout_seconds' value '3601' must be between '0-3600' inclusive",
    );
    await elb.deleteTargetGroup({ TargetGroupArn: TargetGroupArn! });
    await refuses(
      elb.describeTargetGroups({ Names: ['web'] }),
      'TargetGroupNotFoundException',
      'One or more target groups not found',
    );
  });

  it('are refused in AWS’s words', async (test) => {
    const { elb, vpcId } = await serveBalancing(test);
    const web = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpcId };
    const refused: [object, string, (string | RegExp)?][] = [
      [{ Protocol: undefined }, 'ValidationError', 'A protocol must be specified'],
      [{ Port: undefined }, 'ValidationError', 'A port must be specified'],
      [{ VpcId: undefined }, 'ValidationError', 'A VPC ID must be specified'],
      [
        { VpcId: 'vpc-0123456789abcdef0' },
        'ValidationError',
        "The VPC ID 'vpc-0123456789abcdef0' is not found",
      ],
      [{ Name: 'a--b-' }, 'ValidationError', "Target group name 'a--b-' cannot begin or end with '-'"],
      [
        { HealthCheckTimeoutSeconds: 30 },
        'ValidationError',
        'Health check interval must be greater than the timeout.',
      ],
      [
        { HealthCheckTimeoutSeconds: 31 },
        'ValidationError',
        "Health check timeout '31' must be smaller than the interval '30'",
      ],
      [{ Matcher: { HttpCode: '500' } }, 'ValidationError', /within '200-499'/],
      [{ HealthCheckPath: 'x' }, 'ValidationError', /must start with/],
      [{ HealthCheckPort: '0' }, 'ValidationError', /1-65535/],
      [{ HealthCheckProtocol: 'TCP' }, 'ValidationError', /HTTP, HTTPS/],
      [{ HealthCheckEnabled: false }, 'ValidationError', /must be true/],
      [{ TargetType: 'lambda' }, 'ValidationError', /Protocol cannot be specified/],
      [{ TargetType: 'alb' }, 'NotImplemented'],
      [{ Protocol: 'TCP' }, 'NotImplemented'],
      [{ ProtocolVersion: 'GRPC' }, 'NotImplemented'],
      [{ Port: 0 }, 'ValidationError', /Member must have value greater than or equal to 1/],
    ];
    for (const [change, code, message] of refused) {
      await refuses(elb.createTargetGroup({ ...web, ...change } as never), code, message);
    }
  });

  it('take functions that let them, one each', async (test) => {
    const served = await serveBalancing(test);
    const { elb, functions, recorded } = served;
    const { TargetGroups } = await elb.createTargetGroup({ Name: 'fns', TargetType: 'lambda' });
    const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!;
    const register = () => elb.registerTargets({ TargetGroupArn, Targets: [{ Id: FUNCTION }] });
    const denied = (promise: Promise<unknown>) =>
      refuses(
        promise,
        'AccessDenied',
        `elasticloadbalancing principal does not have permission to invoke ${FUNCTION} from target group ${TargetGroupArn}`,
      );
    await denied(register());
    functions.set(FUNCTION, {
      policy: policyFor('arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/other/*'),
    });
    await denied(register());
    functions.set(FUNCTION, { policy: policyFor(TargetGroupArn) });
    await register();
    await refuses(
      elb.registerTargets({ TargetGroupArn, Targets: [{ Id: FUNCTION, Port: 80 }] }),
      'ValidationError',
    );
    functions.set(`${FUNCTION}2`, { policy: policyFor() });
    await refuses(
      elb.registerTargets({ TargetGroupArn, Targets: [{ Id: `${FUNCTION}2` }] }),
      'TooManyTargetsException',
    );
    const health = async () => (await elb.describeTargetHealth({ TargetGroupArn })).TargetHealthDescriptions!;
    assert.equal((await health())[0]!.TargetHealth!.Reason, 'Target.NotInUse');
    const { LoadBalancerArn } = await makeBalancer(served);
    await elb.createListener({
      ...{ LoadBalancerArn, Port: 81, Protocol: 'HTTP' },
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    });
    assert.deepEqual(await health(), [
      {
        Target: { Id: FUNCTION, AvailabilityZone: 'all' },
        TargetHealth: {
          State: 'unavailable',
          Reason: 'Target.HealthCheckDisabled',
          Description: 'Health checks are not enabled for this target',
        },
      },
    ]);
    const target = recorded.balancers
      .get(LoadBalancerArn)!
      .targetGroups.find(({ type }) => type === 'lambda')!;
    assert.equal(target.type === 'lambda' && target.functionArn, FUNCTION);
    const invoke = async () => recorded.events.invoke(target as never, Buffer.from('{}'));
    assert.equal(String(((await invoke()) as { payload: Buffer }).payload), '{"statusCode":200}');
    functions.set(FUNCTION, { policy: '{}' });
    assert.deepEqual(await invoke(), { failed: 'denied' }, 'the permission is checked at each request');
    functions.set(FUNCTION, { policy: policyFor(), answer: async () => ({ FunctionError: 'Unhandled' }) });
    assert.deepEqual(await invoke(), { failed: 'error' });
    await elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: FUNCTION }] });
    assert.deepEqual(await health(), []);
  });

  it('take addresses of their VPC and of private ranges, and tell their health', async (test) => {
    let now = 1_000_000;
    const served = await serveBalancing(test, { clock: { now: () => now } });
    const { elb, recorded } = served;
    const { TargetGroupArn, LoadBalancerArn } = await makeBalancer(served);
    const targets = [
      { Id: '172.31.0.9' },
      { Id: '172.31.0.9', Port: 81 },
      { Id: '10.9.9.9', AvailabilityZone: 'all' },
      { Id: '127.0.0.1', Port: 3000 },
    ];
    await elb.registerTargets({ TargetGroupArn, Targets: targets });
    const register = (target: object) => elb.registerTargets({ TargetGroupArn, Targets: [target as never] });
    await refuses(
      register({ Id: '10.9.9.9' }),
      'ValidationError',
      "The Availability Zone is required for IP address '10.9.9.9' because it is not in the VPC",
    );
    await refuses(register({ Id: '8.8.8.8' }), 'InvalidTargetException');
    await refuses(register({ Id: 'x' }), 'ValidationError', "The IP address 'x' is not a valid IPv4 address");
    const health = async (Targets?: { Id: string; Port?: number }[]) =>
      (await elb.describeTargetHealth({ TargetGroupArn, Targets })).TargetHealthDescriptions!.map(
        ({ Target, TargetHealth, HealthCheckPort }) => [
          `${Target!.Id}:${Target!.Port}`,
          HealthCheckPort,
          TargetHealth!.State,
          TargetHealth!.Reason,
        ],
      );
    assert.deepEqual(await health(), [
      ['172.31.0.9:8080', '8080', 'initial', 'Elb.RegistrationInProgress'],
      ['172.31.0.9:81', '81', 'initial', 'Elb.RegistrationInProgress'],
      ['10.9.9.9:8080', '8080', 'initial', 'Elb.RegistrationInProgress'],
      ['127.0.0.1:3000', '3000', 'initial', 'Elb.RegistrationInProgress'],
    ]);
    recorded.found.set(
      TargetGroupArn,
      new Map([
        ['172.31.0.9:8080', { state: 'healthy' }],
        ['172.31.0.9:81', { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' }],
      ]),
    );
    assert.deepEqual(await health([{ Id: '172.31.0.9' }, { Id: '172.31.0.10' }]), [
      ['172.31.0.9:8080', '8080', 'healthy', undefined],
      ['172.31.0.9:81', '81', 'unhealthy', 'Target.Timeout'],
      ['172.31.0.10:8080', '8080', 'unused', 'Target.NotRegistered'],
    ]);

    await elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: '172.31.0.9' }] });
    assert.deepEqual(
      (await health()).map(([, , state]) => state),
      ['draining', 'draining', 'initial', 'initial'],
    );
    const isDraining = () => {
      const [group] = recorded.balancers.get(LoadBalancerArn)!.targetGroups;
      return group?.type === 'address' && group.targets.map((one) => one.isDraining);
    };
    assert.deepEqual(isDraining(), [true, true, false, false]);
    await register({ Id: '172.31.0.9', Port: 81 });
    assert.deepEqual(isDraining(), [true, false, false, false]);
    now += 300_000;
    await served.balancing.begin();
    assert.deepEqual(isDraining(), [false, false, false]);
  });

  it('take instances that run', async (test) => {
    const served = await serveBalancing(test);
    const { elb, ec2Client, subnets, vpcId, recorded } = served;
    const { Images } = await ec2Client.describeImages({ Owners: ['amazon'] });
    const { Instances } = await ec2Client.runInstances({
      ...{ ImageId: Images![0]!.ImageId!, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
      SubnetId: subnets[0],
    });
    const Id = Instances![0]!.InstanceId!;
    const { TargetGroups } = await elb.createTargetGroup({
      ...{ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpcId },
    });
    const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!;
    await refuses(
      elb.registerTargets({ TargetGroupArn, Targets: [{ Id: 'i-0123456789abcdef0' }] }),
      'InvalidTargetException',
      "Instance ID 'i-0123456789abcdef0' is not valid",
    );
    await elb.registerTargets({ TargetGroupArn, Targets: [{ Id }] });
    const { LoadBalancerArn, ListenerArn } = await makeBalancer(served);
    await elb.modifyListener({ ListenerArn, DefaultActions: [{ Type: 'forward', TargetGroupArn }] });
    const [group] = recorded.balancers.get(LoadBalancerArn)!.targetGroups;
    assert.deepEqual(group?.type === 'address' && group.targets, [
      { address: Instances![0]!.PrivateIpAddress, port: 80, isDraining: false },
    ]);
    await ec2Client.stopInstances({ InstanceIds: [Id] });
    const { TargetHealthDescriptions } = await elb.describeTargetHealth({ TargetGroupArn });
    assert.deepEqual(TargetHealthDescriptions![0]!.Target, { Id, Port: 80 });
    assert.equal(TargetHealthDescriptions![0]!.TargetHealth!.Reason, 'Target.InvalidState');
    await refuses(
      elb.registerTargets({ TargetGroupArn, Targets: [{ Id, Port: 81 }] }),
      'InvalidTargetException',
      /not in a running state/,
    );
  });
});
