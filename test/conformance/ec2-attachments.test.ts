// What is attached to instances, tables and networks of EC2 and taken away again: addresses, instance profiles,
// monitoring, routes, VPC endpoints.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EC2 } from '@aws-sdk/client-ec2';
import { machineImagesOf } from '../../src/aws/machine-images.ts';
import { refuses, type ServedEc2, serveEc2 } from '../support/ec2.ts';

let served: ServedEc2;
let client: EC2;

before(async () => {
  served = await serveEc2();
  client = served.client;
});
after(() => served?.stop());

const ImageId = machineImagesOf('us-east-1').find((image) => image.architecture === 'x86_64')!.imageId;

async function newInstance(): Promise<string> {
  const input = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
  return (await client.runInstances(input)).Instances![0]!.InstanceId!;
}

const shown = async (id: string) =>
  (await client.describeInstances({ InstanceIds: [id] })).Reservations![0]!.Instances![0]!;

it('an address is allocated, given to an instance, taken from it, and released', async () => {
  const InstanceId = await newInstance();
  const { AllocationId, PublicIp, Domain } = await client.allocateAddress({});
  assert.equal(Domain, 'vpc');
  const { AssociationId } = await client.associateAddress({ AllocationId, InstanceId });
  assert.match(AssociationId!, /^eipassoc-[0-9a-f]{17}$/);
  assert.equal((await shown(InstanceId)).PublicIpAddress, PublicIp);

  const [address] = (await client.describeAddresses({ PublicIps: [PublicIp!] })).Addresses!;
  const { PrivateIpAddress } = await shown(InstanceId);
  assert.deepEqual(
    [address!.AllocationId, address!.AssociationId, address!.InstanceId, address!.PrivateIpAddress],
    [AllocationId, AssociationId, InstanceId, PrivateIpAddress],
  );
  const byInstance = { Filters: [{ Name: 'instance-id', Values: [InstanceId] }] };
  assert.equal((await client.describeAddresses(byInstance)).Addresses!.length, 1);

  await refuses(client.releaseAddress({ AllocationId }), 'InvalidIPAddress.InUse');
  await client.disassociateAddress({ AssociationId });
  await refuses(client.disassociateAddress({ AssociationId }), 'InvalidAssociationID.NotFound');
  const [freed] = (await client.describeAddresses({ AllocationIds: [AllocationId!] })).Addresses!;
  assert.deepEqual([freed!.AssociationId, freed!.InstanceId], [undefined, undefined]);
  await client.releaseAddress({ AllocationId });
  await refuses(client.describeAddresses({ PublicIps: [PublicIp!] }), 'InvalidAddress.NotFound');
});

it('an instance has one profile at a time', async () => {
  const InstanceId = await newInstance();
  const IamInstanceProfile = { Name: 'web' };
  const { IamInstanceProfileAssociation: made } = await client.associateIamInstanceProfile({
    InstanceId,
    IamInstanceProfile,
  });
  const Arn = 'arn:aws:iam::000000000000:instance-profile/web';
  assert.deepEqual(
    [made!.InstanceId, made!.IamInstanceProfile!.Arn, made!.State],
    [InstanceId, Arn, 'associating'],
  );
  await refuses(client.associateIamInstanceProfile({ InstanceId, IamInstanceProfile }), 'IncorrectState');

  const byInstance = { Filters: [{ Name: 'instance-id', Values: [InstanceId] }] };
  const listed = async () =>
    (await client.describeIamInstanceProfileAssociations(byInstance)).IamInstanceProfileAssociations!;
  assert.deepEqual(
    (await listed()).map((one) => [one.AssociationId, one.State]),
    [[made!.AssociationId, 'associated']],
  );
  const AssociationId = made!.AssociationId!;
  const ended = await client.disassociateIamInstanceProfile({ AssociationId });
  assert.equal(ended.IamInstanceProfileAssociation!.State, 'disassociating');
  assert.deepEqual(await listed(), []);
  assert.equal((await shown(InstanceId)).IamInstanceProfile, undefined);
  await refuses(client.disassociateIamInstanceProfile({ AssociationId }), 'InvalidAssociationID.NotFound');
});

it('detailed monitoring is turned on and off, and an instance that runs can be rebooted', async () => {
  const id = await newInstance();
  const InstanceIds = [id];
  const monitored = await client.monitorInstances({ InstanceIds });
  assert.deepEqual(monitored.InstanceMonitorings, [{ InstanceId: id, Monitoring: { State: 'pending' } }]);
  assert.deepEqual((await shown(id)).Monitoring, { State: 'enabled' });
  const unmonitored = await client.unmonitorInstances({ InstanceIds });
  assert.deepEqual(unmonitored.InstanceMonitorings, [{ InstanceId: id, Monitoring: { State: 'disabling' } }]);
  assert.deepEqual((await shown(id)).Monitoring, { State: 'disabled' });

  await client.rebootInstances({ InstanceIds });
  assert.equal((await shown(id)).State!.Name, 'running');
  await client.stopInstances({ InstanceIds });
  await refuses(client.rebootInstances({ InstanceIds }), 'IncorrectInstanceState');
});

it('a route is replaced in its place', async () => {
  const { Vpc } = await client.createVpc({ CidrBlock: '10.7.0.0/16' });
  const VpcId = Vpc!.VpcId!;
  const { RouteTable } = await client.createRouteTable({ VpcId });
  const RouteTableId = RouteTable!.RouteTableId!;
  const GatewayId = (await client.createInternetGateway({})).InternetGateway!.InternetGatewayId!;
  await client.attachInternetGateway({ InternetGatewayId: GatewayId, VpcId });
  const DestinationCidrBlock = '0.0.0.0/0';
  await refuses(
    client.replaceRoute({ RouteTableId, DestinationCidrBlock, GatewayId }),
    'InvalidRoute.NotFound',
  );
  await client.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId });
  const { Subnet } = await client.createSubnet({ VpcId, CidrBlock: '10.7.1.0/24' });
  const { AllocationId } = await client.allocateAddress({});
  const { NatGateway } = await client.createNatGateway({ SubnetId: Subnet!.SubnetId!, AllocationId });
  const NatGatewayId = NatGateway!.NatGatewayId!;
  await client.replaceRoute({ RouteTableId, DestinationCidrBlock, NatGatewayId });
  const { RouteTables } = await client.describeRouteTables({ RouteTableIds: [RouteTableId] });
  assert.deepEqual(
    RouteTables![0]!.Routes!.map((route) => [
      route.DestinationCidrBlock,
      route.GatewayId,
      route.NatGatewayId,
    ]),
    [
      ['10.7.0.0/16', 'local', undefined],
      [DestinationCidrBlock, undefined, NatGatewayId],
    ],
  );
});

describe('VPC endpoints', () => {
  const ServiceName = 'com.amazonaws.us-east-1.s3';

  it('can be made for what DescribeVpcEndpointServices lists', async () => {
    const { ServiceNames, ServiceDetails } = await client.describeVpcEndpointServices({
      ServiceNames: [ServiceName],
    });
    assert.deepEqual([...new Set(ServiceNames)], [ServiceName]);
    assert.deepEqual(ServiceDetails!.map((one) => one.ServiceType![0]!.ServiceType).sort(), [
      'Gateway',
      'Interface',
    ]);
    await refuses(
      client.describeVpcEndpointServices({ ServiceNames: ['com.example.none'] }),
      'InvalidServiceName',
    );
  });

  it('are shown, and changed by what is added and removed', async () => {
    const { Vpc } = await client.createVpc({ CidrBlock: '10.8.0.0/16' });
    const VpcId = Vpc!.VpcId!;
    const tables = [await client.createRouteTable({ VpcId }), await client.createRouteTable({ VpcId })];
    const [first, second] = tables.map(({ RouteTable }) => RouteTable!.RouteTableId!);
    const { VpcEndpoint } = await client.createVpcEndpoint({ VpcId, ServiceName, RouteTableIds: [first!] });
    const VpcEndpointId = VpcEndpoint!.VpcEndpointId!;
    const endpoint = async () =>
      (await client.describeVpcEndpoints({ VpcEndpointIds: [VpcEndpointId] })).VpcEndpoints![0]!;
    assert.deepEqual(
      [(await endpoint()).RouteTableIds, (await endpoint()).State, (await endpoint()).VpcEndpointType],
      [[first], 'available', 'Gateway'],
    );
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    const changed = await client.modifyVpcEndpoint({
      ...{ VpcEndpointId, PolicyDocument },
      ...{ AddRouteTableIds: [second!], RemoveRouteTableIds: [first!] },
    });
    assert.equal(changed.Return, true);
    assert.deepEqual(
      [(await endpoint()).RouteTableIds, (await endpoint()).PolicyDocument],
      [[second], PolicyDocument],
    );
    const absent = 'vpce-0123456789abcdef0';
    await refuses(client.describeVpcEndpoints({ VpcEndpointIds: [absent] }), 'InvalidVpcEndpointId.NotFound');
    await refuses(client.modifyVpcEndpoint({ VpcEndpointId: absent }), 'InvalidVpcEndpointId.NotFound');
  });
});

it('instance types are described by name, all of one family or none of an unknown one', async () => {
  const { InstanceTypes } = await client.describeInstanceTypes({ InstanceTypes: ['t3.micro'] });
  const [type] = InstanceTypes!;
  assert.deepEqual(
    [type!.InstanceType, type!.VCpuInfo!.DefaultVCpus, type!.MemoryInfo!.SizeInMiB],
    ['t3.micro', 2, 1024],
  );
  await refuses(
    client.describeInstanceTypes({ InstanceTypes: ['t3.mikro' as 't3.micro'] }),
    'InvalidInstanceType',
  );
});
