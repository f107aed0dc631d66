// Load balancers as the SDK for JavaScript sees them: records and refusals. Nothing listens here.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBalancer, serveBalancing } from '../support/balancers.ts';
import { refuses } from '../support/ec2.ts';

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
