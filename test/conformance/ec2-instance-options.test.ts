// What Terraform and Pulumi read and change of an instance: volumes, credits, metadata, attributes, its interface.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EC2, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
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

async function newInstance(more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const input: RunInstancesCommandInput = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };
  return (await client.runInstances({ ...input, ...more })).Instances![0]!.InstanceId!;
}
const shown = async (id: string) =>
  (await client.describeInstances({ InstanceIds: [id] })).Reservations![0]!.Instances![0]!;

describe('volumes', () => {
  it('are the root and those that were asked for, as long as the instance is', async () => {
    const id = await newInstance({
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', Encrypted: true } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100, VolumeType: 'gp2', DeleteOnTermination: false } },
      ],
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'Name', Value: 'disk' }] }],
    });
    const { BlockDeviceMappings, RootDeviceName } = await shown(id);
    assert.deepEqual(
      BlockDeviceMappings!.map((one) => [one.DeviceName, one.Ebs!.DeleteOnTermination]),
      [
        [RootDeviceName, true],
        ['/dev/sdf', false],
      ],
    );
    const VolumeIds = BlockDeviceMappings!.map((one) => one.Ebs!.VolumeId!);
    const { Volumes } = await client.describeVolumes({ VolumeIds });
    assert.deepEqual(
      Volumes!.map((one) => [one.Size, one.VolumeType, one.Iops, one.Throughput, one.Encrypted]).sort(),
      [
        [100, 'gp2', 300, undefined, false],
        [20, 'gp3', 3_000, 125, true],
      ],
    );
    assert.deepEqual(Volumes![0]!.Tags, [{ Key: 'Name', Value: 'disk' }]);
    const byInstance = { Filters: [{ Name: 'attachment.instance-id', Values: [id] }] };
    assert.equal((await client.describeVolumes(byInstance)).Volumes!.length, 2);
    const byTag = { Filters: [{ Name: 'tag:Name', Values: ['disk'] }] };
    assert.equal((await client.describeVolumes(byTag)).Volumes!.length, 2);
    await client.modifyInstanceAttribute({
      InstanceId: id,
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: true } }],
    });
    assert.equal((await shown(id)).BlockDeviceMappings![1]!.Ebs!.DeleteOnTermination, true);
    await client.terminateInstances({ InstanceIds: [id] });
    await refuses(client.describeVolumes({ VolumeIds }), 'InvalidVolume.NotFound');
    const left = await client.describeTags({ Filters: [{ Name: 'resource-id', Values: VolumeIds }] });
    assert.deepEqual(left.Tags, []);
    await refuses(client.describeVolumes({ VolumeIds: ['x'] }), 'InvalidVolumeID.Malformed');
  });

  it('of an instance that asks for none are one of 8 GiB', async () => {
    const id = await newInstance();
    const { Volumes } = await client.describeVolumes({
      Filters: [{ Name: 'attachment.instance-id', Values: [id] }],
    });
    assert.deepEqual(
      Volumes!.map((one) => [one.Size, one.VolumeType, one.State]),
      [[8, 'gp3', 'in-use']],
    );
    await client.terminateInstances({ InstanceIds: [id] });
  });

  it('that cannot be are refused, and no instance is made', async () => {
    const ebs = (Ebs: object, DeviceName = '/dev/sdf') => ({ BlockDeviceMappings: [{ DeviceName, Ebs }] });
    const table: [object, string][] = [
      [ebs({ VolumeType: 'gp3' }), 'MissingParameter'],
      [ebs({ VolumeSize: 8, VolumeType: 'io1' }), 'MissingParameter'],
      [ebs({ VolumeSize: 8, VolumeType: 'gp2', Iops: 5 }), 'InvalidParameterCombination'],
      [ebs({ VolumeSize: 1, VolumeType: 'st1' }), 'InvalidParameterValue'],
      [ebs({ VolumeSize: 8, VolumeType: 'floppy' }), 'InvalidParameterValue'],
      [ebs({ VolumeSize: 1 }, '/dev/xvda'), 'InvalidBlockDeviceMapping'],
    ];
    for (const [more, code] of table) await refuses(newInstance({ ...more, SubnetId: undefined }), code);
    const up = { Filters: [{ Name: 'instance-state-name', Values: ['running'] }] };
    assert.deepEqual((await client.describeInstances(up)).Reservations, []);
  });
});

describe('CPU credits', () => {
  it('are those of the family or those asked for', async () => {
    const t3 = await newInstance();
    const t2 = await newInstance({ InstanceType: 't2.micro' });
    const asked = await newInstance({ CreditSpecification: { CpuCredits: 'standard' } });
    const m5 = await newInstance({ InstanceType: 'm5.large' });
    const creditsOf = async (...InstanceIds: string[]) =>
      (await client.describeInstanceCreditSpecifications({ InstanceIds })).InstanceCreditSpecifications!.map(
        (one) => one.CpuCredits,
      );
    assert.deepEqual(await creditsOf(t3), ['unlimited']);
    assert.deepEqual(await creditsOf(t2), ['standard']);
    assert.deepEqual(await creditsOf(asked), ['standard']);
    const all = await client.describeInstanceCreditSpecifications({});
    assert.deepEqual(
      all.InstanceCreditSpecifications!.map((one) => one.InstanceId),
      [t3],
    );
    await refuses(creditsOf(m5), 'InstanceCreditSpecification.NotSupported');
    await refuses(creditsOf('i-0123456789abcdef0'), 'InvalidInstanceID.NotFound');
    const changed = await client.modifyInstanceCreditSpecification({
      InstanceCreditSpecifications: [
        { InstanceId: t2, CpuCredits: 'unlimited' },
        { InstanceId: m5, CpuCredits: 'unlimited' },
      ],
    });
    assert.deepEqual(
      changed.SuccessfulInstanceCreditSpecifications!.map((one) => one.InstanceId),
      [t2],
    );
    assert.deepEqual(
      changed.UnsuccessfulInstanceCreditSpecifications!.map((one) => one.Error!.Code),
      ['InstanceCreditSpecification.NotSupported'],
    );
    assert.deepEqual(await creditsOf(t2), ['unlimited']);
    await client.terminateInstances({ InstanceIds: [t3, t2, asked, m5] });
  });
});

describe('metadata options', () => {
  it('are kept, and changed one by one', async () => {
    const id = await newInstance({ MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 } });
    const options = async () => {
      const { MetadataOptions: all } = await shown(id);
      return [
        all!.State,
        all!.HttpTokens,
        all!.HttpEndpoint,
        all!.HttpPutResponseHopLimit,
        all!.InstanceMetadataTags,
      ];
    };
    assert.deepEqual(await options(), ['applied', 'optional', 'enabled', 1, 'disabled']);
    const { InstanceMetadataOptions } = await client.modifyInstanceMetadataOptions({
      InstanceId: id,
      HttpTokens: 'required',
      InstanceMetadataTags: 'enabled',
    });
    assert.equal(InstanceMetadataOptions!.State, 'pending');
    assert.deepEqual(await options(), ['applied', 'required', 'enabled', 1, 'enabled']);
    const change = { InstanceId: id, HttpPutResponseHopLimit: 65 };
    await refuses(client.modifyInstanceMetadataOptions(change), 'InvalidParameterValue');
    await refuses(
      client.modifyInstanceMetadataOptions({ ...change, InstanceId: 'i-1' }),
      'InvalidInstanceID.Malformed',
    );
    await client.terminateInstances({ InstanceIds: [id] });
  });
});

describe('status', () => {
  it('is told of running instances, of others when all are asked for', async () => {
    const id = await newInstance();
    await client.stopInstances({ InstanceIds: [id] });
    const statuses = async (IncludeAllInstances: boolean) =>
      (await client.describeInstanceStatus({ InstanceIds: [id], IncludeAllInstances })).InstanceStatuses!.map(
        (one) => one.InstanceState!.Name,
      );
    assert.deepEqual(await statuses(false), []);
    assert.deepEqual(await statuses(true), ['stopped']);
    await client.startInstances({ InstanceIds: [id] });
    const Filters = [{ Name: 'instance-status.status', Values: ['ok'] }];
    assert.equal((await client.describeInstanceStatus({ Filters })).InstanceStatuses!.length, 1);
    await client.terminateInstances({ InstanceIds: [id] });
  });
});

describe('attributes', () => {
  it('protect from being stopped, and say what a shutdown would do', async () => {
    const InstanceId = await newInstance({
      DisableApiStop: true,
      InstanceInitiatedShutdownBehavior: 'terminate',
    });
    const read = (Attribute: 'disableApiStop' | 'instanceInitiatedShutdownBehavior') =>
      client.describeInstanceAttribute({ InstanceId, Attribute });
    assert.equal((await read('disableApiStop')).DisableApiStop!.Value, true);
    const behavior = await read('instanceInitiatedShutdownBehavior');
    assert.equal(behavior.InstanceInitiatedShutdownBehavior!.Value, 'terminate');
    await refuses(
      client.stopInstances({ InstanceIds: [InstanceId] }),
      'OperationNotPermitted',
      /disableApiStop/,
    );
    await client.modifyInstanceAttribute({ InstanceId, DisableApiStop: { Value: false } });
    await client.modifyInstanceAttribute({
      InstanceId,
      InstanceInitiatedShutdownBehavior: { Value: 'stop' },
    });
    await client.stopInstances({ InstanceIds: [InstanceId] });
    await client.terminateInstances({ InstanceIds: [InstanceId] });
  });

  it('that no instance can have are refused by name', async () => {
    const table: [Partial<RunInstancesCommandInput>, RegExp][] = [
      [{ InstanceMarketOptions: { MarketType: 'spot' } }, /spot instances/],
      [{ HibernationOptions: { Configured: true } }, /hibernation/],
      [{ EnclaveOptions: { Enabled: true } }, /enclaves/],
      [{ Ipv6AddressCount: 1 }, /IPv6/],
      [{ Placement: { Tenancy: 'dedicated' } }, /dedicated instances/],
    ];
    for (const [more, message] of table) await refuses(newInstance(more), 'UnsupportedOperation', message);
  });
});

describe('the interface of an instance', () => {
  it('takes other groups and another check, and those of AWS take none', async () => {
    const id = await newInstance();
    const { NetworkInterfaces, VpcId, SubnetId } = await shown(id);
    const NetworkInterfaceId = NetworkInterfaces![0]!.NetworkInterfaceId!;
    const group = await client.createSecurityGroup({ GroupName: 'other', Description: 'other', VpcId });
    await client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups: [group.GroupId!] });
    await client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value: false } });
    const after = await shown(id);
    assert.deepEqual([after.SecurityGroups![0]!.GroupId, after.SourceDestCheck], [group.GroupId, false]);
    const read = await client.describeNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Attribute: 'groupSet',
    });
    assert.deepEqual(read.Groups, [{ GroupId: group.GroupId, GroupName: 'other' }]);
    const byGroup = { Filters: [{ Name: 'group-id', Values: [group.GroupId!] }] };
    const found = await client.describeNetworkInterfaces(byGroup);
    assert.equal(found.NetworkInterfaces![0]!.NetworkInterfaceId, NetworkInterfaceId);
    await refuses(client.deleteSecurityGroup({ GroupId: group.GroupId }), 'DependencyViolation');
    const { VpcEndpoint } = await client.createVpcEndpoint({
      VpcId,
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.us-east-1.sqs',
      SubnetIds: [SubnetId!],
    });
    const [ofAws] = VpcEndpoint!.NetworkInterfaceIds!;
    await refuses(
      client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: ofAws, Groups: [group.GroupId!] }),
      'OperationNotPermitted',
    );
    await refuses(
      client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: 'eni-x', Groups: [group.GroupId!] }),
      'InvalidNetworkInterfaceId.Malformed',
    );
    await client.terminateInstances({ InstanceIds: [id] });
    await client.deleteSecurityGroup({ GroupId: group.GroupId });
  });
});
