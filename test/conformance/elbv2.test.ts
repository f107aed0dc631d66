// Elastic Load Balancing as the SDK for JavaScript sees it: records, rules and refusals. Nothing listens here.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBalancer, policyFor, serveBalancing } from '../support/balancers.ts';
import { refuses } from '../support/ec2.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
const CERTIFICATE = (number: number) => `arn:aws:acm:us-east-1:000000000000:certificate/${number}`;

describe('load balancers', () => {
  it('are created as AWS answers it, found by ARN and name, and deleted', async (test) => {
    const { elb, subnets, vpcId } = await serveBalancing(test);
    const input = { Name: 'front', Subnets: subnets.slice(0, 2), Tags: [{ Key: 'a', Value: 'b' }] };
    const [made] = (await elb.createLoadBalancer(input)).LoadBalancers!;
    const { LoadBalancerArn, DNSName, CreatedTime, SecurityGroups, ...rest } = made!;
    assert.match(LoadBalancerArn!, /:loadbalancer\/app\/front\/[0-9a-f]{16}$/);
    assert.match(DNSName!, /^front-\d+\.us-east-1\.elb\.amazonaws\.com$/);
    assert.match(SecurityGroups!.join(), /^sg-[0-9a-f]+$/);
    assert.deepEqual(rest, {
      CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
      LoadBalancerName: 'front',
      Scheme: 'internet-facing',
      VpcId: vpcId,
      State: { Code: 'provisioning' },
      Type: 'application',
      AvailabilityZones: [
        { ZoneName: 'us-east-1a', SubnetId: subnets[0], LoadBalancerAddresses: [] },
        { ZoneName: 'us-east-1b', SubnetId: subnets[1], LoadBalancerAddresses: [] },
      ],
      IpAddressType: 'ipv4',
    });
    const [again] = (await elb.createLoadBalancer(input)).LoadBalancers!;
    assert.deepEqual(again, { ...made, State: { Code: 'active' } }, 'the same settings: the same balancer');
    await refuses(
      elb.createLoadBalancer({ ...input, Scheme: 'internal' }),
      'DuplicateLoadBalancerNameException',
      "A load balancer with the same name 'front' exists, but with different settings",
    );
    for (const asked of [{ Names: ['front'] }, { LoadBalancerArns: [LoadBalancerArn!] }, {}]) {
      const { LoadBalancers } = await elb.describeLoadBalancers(asked);
      assert.deepEqual(LoadBalancers, [again]);
    }
    await refuses(
      elb.describeLoadBalancers({ Names: ['none'] }),
      'LoadBalancerNotFoundException',
      "Load balancers '[none]' not found",
    );
    await refuses(
      elb.describeLoadBalancers({ LoadBalancerArns: ['x'] }),
      'ValidationError',
      "'x' is not a valid load balancer ARN",
    );
    await elb.deleteLoadBalancer({ LoadBalancerArn });
    await elb.deleteLoadBalancer({ LoadBalancerArn });
    assert.deepEqual((await elb.describeLoadBalancers({})).LoadBalancers, []);
  });

  it('are refused in AWS’s words', async (test) => {
    const { elb, ec2Client, subnets } = await serveBalancing(test);
    const two = { Name: 'front', Subnets: subnets.slice(0, 2) };
    const { Vpc } = await ec2Client.createVpc({ CidrBlock: '10.1.0.0/16' });
    const VpcId = Vpc!.VpcId!;
    const make = async (CidrBlock: string, AvailabilityZone: string) =>
      (await ec2Client.createSubnet({ VpcId, CidrBlock, AvailabilityZone })).Subnet!.SubnetId!;
    const [one, other, same] = [
      await make('10.1.1.0/24', 'us-east-1a'),
      await make('10.1.2.0/24', 'us-east-1b'),
      await make('10.1.3.0/24', 'us-east-1a'),
    ];
    const group = await ec2Client.createSecurityGroup({ GroupName: 'g', Description: 'd', VpcId });
    const TWO_ZONES = 'At least two subnets in two different Availability Zones must be specified';
    const refused: [object, string, string][] = [
      [{ Subnets: [] }, 'ValidationError', TWO_ZONES],
      [{ Subnets: subnets.slice(0, 1) }, 'ValidationError', TWO_ZONES],
      [
        { Subnets: [one, same], Scheme: 'internal' },
        'InvalidConfigurationRequestException',
        'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
      ],
      [{ Subnets: [one, other] }, 'InvalidSubnetException', `VPC ${VpcId} has no internet gateway`],
      [
        { Subnets: [subnets[0], 'subnet-0123456789abcdef0'] },
        'SubnetNotFoundException',
        "The subnet ID 'subnet-0123456789abcdef0' does not exist",
      ],
      [
        { Subnets: [subnets[0], other] },
        'InvalidSubnetException',
        'All subnets must belong to the same VPC.',
      ],
      [
        { SecurityGroups: ['sg-0123456789abcdef0'] },
        'InvalidSecurityGroupException',
        "The security group 'sg-0123456789abcdef0' does not exist",
      ],
      [
        { SecurityGroups: [group.GroupId] },
        'InvalidConfigurationRequestException',
        'One or more security groups are invalid',
      ],
      [
        { Name: 'x'.repeat(33) },
        'ValidationError',
        `The load balancer name '${'x'.repeat(33)}' cannot be longer than '32' characters`,
      ],
      [{ Name: '-x' }, 'ValidationError', "The load balancer name '-x' cannot begin or end with '-'"],
      [
        { Name: 'internal-x' },
        'ValidationError',
        "The load balancer name 'internal-x' cannot begin with 'internal-'",
      ],
      [
        { Name: 'a_b' },
        'ValidationError',
        "The load balancer name 'a_b' can only contain characters that are alphanumeric characters and hyphens(-)",
      ],
      [
        { Type: 'network' },
        'NotImplemented',
        "Millpond does not support load balancers of the type 'network'.",
      ],
      [
        { Type: 'gateway' },
        'NotImplemented',
        "Millpond does not support load balancers of the type 'gateway'.",
      ],
      [
        { IpAddressType: 'dualstack' },
        'NotImplemented',
        "Millpond does not support the IP address type 'dualstack'.",
      ],
    ];
    for (const [change, code, message] of refused) {
      await refuses(elb.createLoadBalancer({ ...two, ...change }), code, message);
    }
    assert.deepEqual((await elb.describeLoadBalancers({})).LoadBalancers, []);
  });

  it('change their subnets, security groups and attributes', async (test) => {
    const served = await serveBalancing(test);
    const { elb, ec2Client, subnets, vpcId, recorded, addresses } = served;
    const { LoadBalancerArn } = await makeBalancer(served);
    const before = recorded.balancers.get(LoadBalancerArn)!;
    const { AvailabilityZones } = await elb.setSubnets({ LoadBalancerArn, Subnets: subnets.slice(1, 3) });
    assert.deepEqual(
      AvailabilityZones!.map(({ SubnetId }) => SubnetId),
      subnets.slice(1, 3),
    );
    const after = recorded.balancers.get(LoadBalancerArn)!;
    assert.deepEqual(after.addresses[0], before.addresses[1], 'a subnet that stays keeps its address');
    assert.deepEqual(
      [...addresses.all()].sort(),
      after.addresses.map(({ address }) => address).sort(),
      'the address that is left is free again',
    );
    const { GroupId } = await ec2Client.createSecurityGroup({
      ...{ GroupName: 'g', Description: 'd', VpcId: vpcId },
    });
    const set = await elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups: [GroupId!] });
    assert.deepEqual(set.SecurityGroupIds, [GroupId]);
    assert.equal(
      (await elb.setIpAddressType({ LoadBalancerArn, IpAddressType: 'ipv4' })).IpAddressType,
      'ipv4',
    );
    const { CapacityReservationState } = await elb.describeCapacityReservation({ LoadBalancerArn });
    assert.deepEqual(CapacityReservationState, []);
    await refuses(elb.modifyCapacityReservation({ LoadBalancerArn }), 'NotImplemented');
    await refuses(elb.setIpAddressType({ LoadBalancerArn, IpAddressType: 'dualstack' }), 'NotImplemented');

    const { Attributes } = await elb.modifyLoadBalancerAttributes({
      LoadBalancerArn,
      Attributes: [
        { Key: 'idle_timeout.timeout_seconds', Value: '30' },
        { Key: 'routing.http.xff_header_processing.mode', Value: 'remove' },
        { Key: 'deletion_protection.enabled', Value: 'true' },
        { Key: 'access_logs.s3.enabled', Value: 'false' },
      ],
    });
    const described = await elb.describeLoadBalancerAttributes({ LoadBalancerArn });
    assert.deepEqual(described.Attributes, Attributes);
    assert.equal(Attributes!.length, 23);
    assert.deepEqual(recorded.balancers.get(LoadBalancerArn)!.attributes, {
      ...{ idleTimeoutSeconds: 30, dropsInvalidHeaders: false, preservesHostHeader: false },
      ...{ addsClientPort: false, forwardedFor: 'remove' },
    });
    const modify = (Key: string, Value: string) =>
      elb.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes: [{ Key, Value }] });
    await refuses(
      modify('colour', 'red'),
      'ValidationError',
      "Load balancer attribute key 'colour' is not recognized",
    );
    await refuses(modify('idle_timeout.timeout_seconds', '0'), 'ValidationError');
    await refuses(
      modify('access_logs.s3.enabled', 'true'),
      'NotImplemented',
      "Millpond does not support 'access_logs.s3.enabled' with the value 'true'.",
    );
    await refuses(
      elb.deleteLoadBalancer({ LoadBalancerArn }),
      'OperationNotPermittedException',
      `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
    );
    await modify('deletion_protection.enabled', 'false');
    await elb.deleteLoadBalancer({ LoadBalancerArn });
    assert.equal(recorded.balancers.size, 0);
  });

  it('have interfaces in their subnets and names in DNS', async (test) => {
    const served = await serveBalancing(test);
    const { elb, ec2Client, subnets, recorded, zones, balancing } = served;
    const { LoadBalancerArn, balancer } = await makeBalancer(served);
    const { NetworkInterfaces } = await ec2Client.describeNetworkInterfaces({
      Filters: [{ Name: 'requester-id', Values: ['amazon-elb'] }],
    });
    const addresses = recorded.balancers.get(LoadBalancerArn)!.addresses.map(({ address }) => address);
    assert.deepEqual(
      NetworkInterfaces!.map((one) => [one.Description, one.PrivateIpAddress]).sort(),
      addresses.map((address) => [`ELB ${LoadBalancerArn.split('loadbalancer/')[1]}`, address]).sort(),
    );
    await assert.rejects(ec2Client.deleteSubnet({ SubnetId: subnets[0]! }), { name: 'DependencyViolation' });
    const name = balancer.DNSName!;
    const found = () => zones.zoneOf(name)?.lookup(name);
    assert.deepEqual(
      found()!
        .map(({ type, data }) => `${type} ${data}`)
        .sort(),
      addresses.map((address) => `A ${address}`).sort(),
    );
    assert.notEqual(found()![0]!.data, found()![0]!.data, 'each answer begins with the next address');
    assert.equal(zones.zoneOf('someone-else-1.us-east-1.elb.amazonaws.com'), undefined);
    assert.deepEqual(balancing.names(), { [name]: addresses[0] });
    await elb.deleteLoadBalancer({ LoadBalancerArn });
    assert.equal(found(), undefined);
  });

  it('are shown as failed with the reason while they cannot run', async (test) => {
    const served = await serveBalancing(test);
    const { elb, recorded, warnings, balancing } = served;
    const { LoadBalancerArn } = await makeBalancer(served);
    recorded.failures = [{ listenerArn: 'x', reason: 'The port 80 is not to be had.' }];
    const touch = () =>
      elb.modifyLoadBalancerAttributes({
        LoadBalancerArn,
        Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '61' }],
      });
    await touch();
    assert.ok(warnings.some(({ message }) => message === 'The port 80 is not to be had.'));
    assert.deepEqual(balancing.notices(), ['Load balancer front: The port 80 is not to be had.']);
    recorded.refusal = new Error('broken');
    await touch();
    const state = async () => (await elb.describeLoadBalancers({})).LoadBalancers![0]!.State;
    assert.deepEqual(await state(), { Code: 'failed', Reason: 'An internal error; the log has more.' });
    recorded.refusal = undefined;
    await touch();
    assert.deepEqual(await state(), { Code: 'active' });
  });
});

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

describe('listeners', () => {
  it('are created, described, modified and deleted', async (test) => {
    const served = await serveBalancing(test);
    const { elb, recorded } = served;
    const { LoadBalancerArn, TargetGroupArn, ListenerArn } = await makeBalancer(served);
    const forward = { Type: 'forward', TargetGroupArn } as const;
    const { Listeners } = await elb.describeListeners({ LoadBalancerArn });
    assert.deepEqual(Listeners, [
      {
        ...{ ListenerArn, LoadBalancerArn, Port: 80, Protocol: 'HTTP' },
        DefaultActions: [
          {
            ...forward,
            ForwardConfig: {
              TargetGroups: [{ TargetGroupArn, Weight: 1 }],
              TargetGroupStickinessConfig: { Enabled: false },
            },
          },
        ],
      },
    ]);
    const input = { LoadBalancerArn, Port: 80, Protocol: 'HTTP' } as const;
    const again = await elb.createListener({ ...input, DefaultActions: Listeners![0]!.DefaultActions });
    assert.equal(again.Listeners![0]!.ListenerArn, ListenerArn, 'what Describe shows can be sent back');
    await refuses(
      elb.createListener({
        ...input,
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
      }),
      'DuplicateListenerException',
      `A listener already exists on this port for this load balancer '${LoadBalancerArn}'`,
    );
    const { Listeners: made } = await elb.createListener({
      ...{ LoadBalancerArn, Port: 443, Protocol: 'HTTPS' },
      Certificates: [{ CertificateArn: CERTIFICATE(1) }],
      DefaultActions: [forward],
    });
    assert.deepEqual(
      [made![0]!.Certificates, made![0]!.SslPolicy, made![0]!.MutualAuthentication],
      [[{ CertificateArn: CERTIFICATE(1) }], 'ELBSecurityPolicy-2016-08', { Mode: 'off' }],
    );
    const Secure = made![0]!.ListenerArn!;
    await elb.addListenerCertificates({
      ListenerArn: Secure,
      Certificates: [{ CertificateArn: CERTIFICATE(2) }],
    });
    await refuses(
      elb.removeListenerCertificates({
        ListenerArn: Secure,
        Certificates: [{ CertificateArn: CERTIFICATE(1) }],
      }),
      'OperationNotPermittedException',
    );
    const { Certificates } = await elb.describeListenerCertificates({ ListenerArn: Secure });
    assert.deepEqual(Certificates, [
      { CertificateArn: CERTIFICATE(1), IsDefault: true },
      { CertificateArn: CERTIFICATE(2), IsDefault: false },
    ]);
    await elb.removeListenerCertificates({
      ListenerArn: Secure,
      Certificates: [{ CertificateArn: CERTIFICATE(2) }],
    });
    await refuses(
      elb.modifyListener({ ListenerArn: Secure, Port: 80 }),
      'ValidationError',
      "Listener port '80' is already in use",
    );
    const changed = await elb.modifyListener({
      ListenerArn: Secure,
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    assert.equal(changed.Listeners![0]!.SslPolicy, 'ELBSecurityPolicy-TLS13-1-2-2021-06');
    const { Attributes } = await elb.describeListenerAttributes({ ListenerArn: Secure });
    assert.equal(Attributes!.length, 19);
    const first = { Key: 'routing.http.response.server.enabled', Value: 'true' };
    await elb.modifyListenerAttributes({ ListenerArn: Secure, Attributes: [first] });
    await refuses(
      elb.modifyListenerAttributes({ ListenerArn: Secure, Attributes: [{ ...first, Value: 'false' }] }),
      'NotImplemented',
    );
    await elb.deleteListener({ ListenerArn: Secure });
    await refuses(
      elb.describeListeners({ ListenerArns: [Secure] }),
      'ListenerNotFoundException',
      'One or more listeners not found',
    );
    assert.deepEqual(
      recorded.balancers.get(LoadBalancerArn)!.listeners.map(({ port }) => port),
      [80],
    );
  });

  it('are refused in AWS’s words', async (test) => {
    const served = await serveBalancing(test);
    const { elb } = served;
    const { LoadBalancerArn, TargetGroupArn } = await makeBalancer(served);
    const other = await makeBalancer(served, 'other');
    const forward = [{ Type: 'forward', TargetGroupArn }];
    const fixed = (config: object) => [{ Type: 'fixed-response', FixedResponseConfig: config }];
    const redirect = (config: object) => [
      { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', ...config } },
    ];
    const refused: [object, string, (string | RegExp)?][] = [
      [{ Protocol: 'TCP' }, 'ValidationError', "Listener protocol 'TCP' must be one of 'HTTP, HTTPS'"],
      [{ Port: undefined }, 'ValidationError', 'A listener port must be specified'],
      [{ Protocol: undefined }, 'ValidationError', 'A listener protocol must be specified'],
      [{ Protocol: 'HTTPS' }, 'ValidationError', 'A certificate must be specified for HTTPS listeners'],
      [{ DefaultActions: [] }, 'ValidationError', 'An action must be specified'],
      [
        { LoadBalancerArn: LoadBalancerArn.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
        'LoadBalancerNotFoundException',
      ],
      [
        { DefaultActions: [{ Type: 'forward', TargetGroupArn: other.TargetGroupArn }] },
        'TargetGroupAssociationLimitException',
        `The following target groups cannot be associated with more than one load balancer: ${other.TargetGroupArn}`,
      ],
      [{ DefaultActions: fixed({ StatusCode: '300' }) }, 'ValidationError', /regular expression pattern/],
      [
        { DefaultActions: fixed({ StatusCode: '200', ContentType: 'text/x' }) },
        'InvalidLoadBalancerActionException',
        "The ContentType must be one of:'text/html', 'application/json', 'application/javascript', 'text/css', 'text/plain'",
      ],
      [
        { DefaultActions: redirect({}) },
        'InvalidLoadBalancerActionException',
        'The redirect configuration is not valid because it creates a loop.',
      ],
      [{ DefaultActions: redirect({ Port: 'x' }) }, 'ValidationError'],
      [{ DefaultActions: [...forward, ...forward] }, 'TooManyActionsException'],
      [
        {
          DefaultActions: [
            {
              Type: 'forward',
              ForwardConfig: { TargetGroups: [{ TargetGroupArn }, { TargetGroupArn: other.TargetGroupArn }] },
            },
          ],
        },
        'NotImplemented',
        'Millpond does not support forward actions with several target groups.',
      ],
      [
        { DefaultActions: [{ Type: 'authenticate-oidc' }, ...forward] },
        'NotImplemented',
        "Millpond does not support actions of the type 'authenticate-oidc'.",
      ],
      [{ DefaultActions: [{ Type: 'jwt-validation' }] }, 'NotImplemented'],
      [{ MutualAuthentication: { Mode: 'verify' } }, 'NotImplemented'],
    ];
    const input = { LoadBalancerArn, Port: 90, Protocol: 'HTTP', DefaultActions: forward };
    for (const [change, code, message] of refused) {
      await refuses(elb.createListener({ ...input, ...change } as never), code, message);
    }
    await refuses(
      elb.deleteTargetGroup({ TargetGroupArn }),
      'ResourceInUseException',
      `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`,
    );
  });
});

describe('rules', () => {
  it('are tried by priority; conditions and actions are shown in both forms', async (test) => {
    const served = await serveBalancing(test);
    const { elb, recorded } = served;
    const { ListenerArn, LoadBalancerArn } = await makeBalancer(served);
    const fixed = [{ Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } }];
    const rule = async (Priority: number, Conditions: object[], Actions: object[] = fixed) =>
      (await elb.createRule({ ListenerArn, Priority, Conditions, Actions } as never)).Rules![0]!;
    const older = await rule(20, [{ Field: 'path-pattern', Values: ['/a/*'] }]);
    assert.deepEqual(older.Conditions, [
      { Field: 'path-pattern', Values: ['/a/*'], PathPatternConfig: { Values: ['/a/*'] } },
    ]);
    const newer = await rule(
      10,
      [
        { Field: 'host-header', HostHeaderConfig: { Values: ['a.test', '*.b.test'] } },
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-A', Values: ['1?'] } },
        { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
      ],
      [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_302' } }],
    );
    assert.deepEqual(newer.Actions![0]!.RedirectConfig, {
      ...{ Protocol: 'HTTPS', Host: '#{host}', Port: '443', Path: '/#{path}', Query: '#{query}' },
      StatusCode: 'HTTP_302',
    });
    const priorities = async () =>
      (await elb.describeRules({ ListenerArn })).Rules!.map(({ Priority }) => Priority);
    assert.deepEqual(await priorities(), ['10', '20', 'default']);
    const inForce = () =>
      recorded.balancers.get(LoadBalancerArn)!.listeners[0]!.rules.map(({ action }) => action.does);
    assert.deepEqual(inForce(), ['redirect', 'respond', 'forward']);
    const swapped = [
      { RuleArn: older.RuleArn!, Priority: 10 },
      { RuleArn: newer.RuleArn!, Priority: 20 },
    ];
    await elb.setRulePriorities({ RulePriorities: swapped });
    assert.deepEqual(inForce(), ['respond', 'redirect', 'forward']);
    await refuses(
      elb.setRulePriorities({ RulePriorities: [{ RuleArn: older.RuleArn!, Priority: 20 }] }),
      'PriorityInUseException',
      "Priority '20' is currently in use",
    );
    await refuses(rule(10, [{ Field: 'path-pattern', Values: ['/b'] }]), 'PriorityInUseException');
    const changed = await elb.modifyRule({
      RuleArn: older.RuleArn!,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/b', '/c'] } }],
    });
    assert.deepEqual(changed.Rules![0]!.Conditions![0]!.Values, ['/b', '/c']);
    const { Rules } = await elb.describeRules({ ListenerArn });
    const last = Rules!.find(({ IsDefault }) => IsDefault)!;
    await refuses(elb.deleteRule({ RuleArn: last.RuleArn! }), 'OperationNotPermittedException');
    await refuses(
      elb.modifyRule({ RuleArn: last.RuleArn!, Actions: fixed }),
      'OperationNotPermittedException',
    );
    await elb.deleteRule({ RuleArn: older.RuleArn! });
    await refuses(
      elb.describeRules({ RuleArns: [older.RuleArn!] }),
      'RuleNotFoundException',
      'One or more rules not found',
    );
    const pages = [];
    for (let Marker: string | undefined; pages.length < 5; ) {
      const page = await elb.describeRules({ ListenerArn, PageSize: 1, Marker });
      pages.push(...page.Rules!.map(({ Priority }) => Priority));
      Marker = page.NextMarker;
      if (!Marker) break;
    }
    assert.deepEqual(pages, ['20', 'default']);
  });

  it('refuse conditions in AWS’s words', async (test) => {
    const served = await serveBalancing(test);
    const { elb } = served;
    const { ListenerArn } = await makeBalancer(served);
    const Actions = [{ Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } }];
    const path = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
    const refused: [object[], string | RegExp, string?][] = [
      [[], 'A condition must be specified'],
      [[{ Field: 'path-pattern' }], 'A condition value must be specified'],
      [
        [{ Field: 'path-pattern', Values: ['/a', '/b'] }],
        "The 'path-pattern' field contains too many values; the limit is '1'",
      ],
      [
        [{ ...path('/a'), Values: ['/b'] }],
        "You cannot provide both Values and 'PathPatternConfig' for a condition of type 'path-pattern'",
      ],
      [
        [{ Field: 'host-header', Values: ['x'.repeat(129)] }],
        "The 'host-header' value is too long; the limit is '128'",
      ],
      [[{ Field: 'http-header', Values: ['x'] }], "The 'Values' field is not compatible with 'http-header'"],
      [[{ Field: 'http-header' }], "A 'HttpHeaderConfig' must be specified with 'http-header'"],
      [
        [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['get'] } }],
        "The 'http-request-method' value is invalid; the allowed characters are A-Z, hyphen and underscore",
      ],
      [[path('/é')], "Condition value '/é' contains a character that is not valid"],
      [[path('1', '2', '3', '4', '5', '6')], "A rule can only have '5' condition values"],
      [[path('/*/*/*/*/*/*')], "A rule can only have '5' wildcards"],
      [[path('/a'), path('/b')], "A rule can only have one 'path-pattern' condition"],
      [[{ Field: 'colour' }], /^Condition field 'colour' must be one of '\[host-header, /],
      [[{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }], /source-ip/, 'NotImplemented'],
      [[{ Field: 'query-string', QueryStringConfig: {} }], /query-string/, 'NotImplemented'],
      [[{ Field: 'host-header', HostHeaderConfig: { RegexValues: ['a'] } }], /regular/, 'NotImplemented'],
    ];
    for (const [Conditions, message, code = 'ValidationError'] of refused) {
      await refuses(
        elb.createRule({ ListenerArn, Priority: 1, Conditions, Actions } as never),
        code,
        message,
      );
    }
  });
});

it('everything has tags', async (test) => {
  const served = await serveBalancing(test);
  const { elb } = served;
  const { LoadBalancerArn, TargetGroupArn, ListenerArn } = await makeBalancer(served);
  const { Rules } = await elb.describeRules({ ListenerArn });
  const ResourceArns = [LoadBalancerArn, TargetGroupArn, ListenerArn, Rules![0]!.RuleArn!];
  await elb.addTags({ ResourceArns, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }] });
  await elb.removeTags({ ResourceArns: ResourceArns.slice(0, 1), TagKeys: ['a', 'none'] });
  const { TagDescriptions } = await elb.describeTags({ ResourceArns });
  assert.deepEqual(
    TagDescriptions!.map(({ ResourceArn, Tags }) => [ResourceArn, Tags!.map(({ Key }) => Key).join()]),
    ResourceArns.map((arn, place) => [arn, place === 0 ? 'b' : 'a,b']),
  );
  const twice = [{ Key: 'a' }, { Key: 'a' }];
  await refuses(elb.addTags({ ResourceArns, Tags: twice }), 'DuplicateTagKeysException');
  const many = Array.from({ length: 51 }, (_, place) => ({ Key: `k${place}`, Value: '' }));
  await refuses(elb.addTags({ ResourceArns, Tags: many }), 'TooManyTagsException');
  await refuses(
    elb.describeTags({ ResourceArns: [LoadBalancerArn.replace('front', 'back')] }),
    'LoadBalancerNotFoundException',
  );
});

it('a request names only so many things', async (test) => {
  const served = await serveBalancing(test);
  const { elb } = served;
  const { TargetGroupArn, LoadBalancerArn } = await makeBalancer(served);
  const many = (count: number) => Array.from({ length: count }, (_, place) => `x${place}`);
  const Targets = many(1_001).map((Id) => ({ Id }));
  await refuses(
    elb.describeLoadBalancers({ Names: many(21) }),
    'ValidationError',
    /At most 20 load balancers/,
  );
  await refuses(elb.describeTargetGroups({ Names: many(1_001) }), 'ValidationError', /At most 1000/);
  await refuses(elb.describeRules({ RuleArns: many(1_001) }), 'ValidationError', /At most 1000/);
  await refuses(elb.registerTargets({ TargetGroupArn, Targets }), 'ValidationError', /At most 1000/);
  await refuses(elb.deregisterTargets({ TargetGroupArn, Targets }), 'ValidationError', /At most 1000/);
  await refuses(
    elb.setSubnets({ LoadBalancerArn, Subnets: many(21) }),
    'ValidationError',
    /At most 20 subnets/,
  );
  await refuses(elb.describeTags({ ResourceArns: many(21) }), 'ValidationError', /At most 20 resource ARNs/);
});

it('limits and security policies are AWS’s', async (test) => {
  const { elb } = await serveBalancing(test);
  const { Limits } = await elb.describeAccountLimits({});
  assert.equal(Limits!.find(({ Name }) => Name === 'application-load-balancers')!.Max, '50');
  const { SslPolicies } = await elb.describeSSLPolicies({ Names: ['ELBSecurityPolicy-TLS13-1-2-2021-06'] });
  assert.deepEqual(
    [SslPolicies![0]!.SslProtocols, SslPolicies![0]!.Ciphers!.map(({ Name }) => Name)],
    [
      ['TLSv1.3', 'TLSv1.2'],
      [
        ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
        ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256'],
        ...['ECDHE-RSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
        ...['ECDHE-ECDSA-AES256-SHA384', 'ECDHE-RSA-AES256-SHA384'],
      ],
    ],
  );
  await refuses(elb.describeSSLPolicies({ Names: ['x'] }), 'SSLPolicyNotFoundException');
});
