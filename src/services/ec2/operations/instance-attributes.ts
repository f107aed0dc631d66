// DescribeInstanceAttribute and ModifyInstanceAttribute.

import { Fault } from '../../../wire/fault.ts';
import { invalidValue, missingParameter } from '../faults.ts';
import { groupsOfInterface } from '../groups-of-interface.ts';
import { incorrectState, invalidInstanceType } from '../instance-faults.ts';
import { isInstanceTypeName } from '../instance-types.ts';
import { mappingsOf } from '../instances.ts';
import type { InstanceRecord } from '../model.ts';
import { unsupported } from '../network-faults.ts';
import type { Input, Operation, Output } from '../sdk.ts';
import { checkUserData } from '../user-data.ts';
import { ROOT_DEVICE, volumesOf } from '../volumes.ts';

/** Throws InvalidParameterValue for an unknown attribute. */
export const DescribeInstanceAttribute: Operation<'DescribeInstanceAttribute'> = (ec2, input, context) => {
  if (!input.Attribute) throw missingParameter('attribute');
  const instance = ec2.records.instances.existing(context, input.InstanceId);
  return { InstanceId: instance.instanceId, ...attributeOf(instance, input.Attribute) };
};

function attributeOf(instance: InstanceRecord, attribute: string): Output<'DescribeInstanceAttribute'> {
  switch (attribute) {
    case 'userData':
      return { UserData: { Value: instance.userData } };
    case 'instanceType':
      return { InstanceType: { Value: instance.instanceType } };
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: instance.terminationProtected } };
    case 'disableApiStop':
      return { DisableApiStop: { Value: instance.stopProtected === true } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: instance.ebsOptimized } };
    case 'groupSet':
      return { Groups: instance.groupIds.map((GroupId) => ({ GroupId })) };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior ?? 'stop' } };
    case 'sourceDestCheck':
      return { SourceDestCheck: { Value: instance.sourceDestCheck } };
    case 'rootDeviceName':
      return { RootDeviceName: { Value: ROOT_DEVICE } };
    case 'blockDeviceMapping':
      return { BlockDeviceMappings: mappingsOf(instance) };
    case 'enaSupport':
      return { EnaSupport: { Value: true } };
    case 'productCodes':
      return { ProductCodes: [] };
    case 'enclaveOptions':
      return { EnclaveOptions: { Enabled: false } };
    // AWS: an attribute that the instance does not have is an empty element.
    case 'kernel':
      return { KernelId: {} };
    case 'ramdisk':
      return { RamdiskId: {} };
    case 'sriovNetSupport':
      return { SriovNetSupport: {} };
    default:
      throw invalidValue(attribute, 'attribute');
  }
}

type Change = Input<'ModifyInstanceAttribute'>;

const CHANGEABLE = new Set([
  'Attribute',
  'BlockDeviceMappings',
  'DisableApiStop',
  'DisableApiTermination',
  'DryRun',
  'EbsOptimized',
  'Groups',
  'InstanceId',
  'InstanceInitiatedShutdownBehavior',
  'InstanceType',
  'SourceDestCheck',
  'UserData',
  'Value',
]);

/**
 * Throws UnsupportedOperation for other attributes, and IncorrectInstanceState for those that need a stopped
 * instance.
 */
export const ModifyInstanceAttribute: Operation<'ModifyInstanceAttribute'> = (ec2, input, context) => {
  const other = Object.keys(input).find((name) => !CHANGEABLE.has(name));
  if (other) throw unsupported(`the instance attribute ${other}`);
  const given = inMembers(input);
  ec2.store.transaction(() => {
    const instance = ec2.records.instances.existing(context, input.InstanceId);
    if (given.Groups) {
      instance.groupIds = groupsOfInterface(ec2, context, instance.vpcId, given.Groups);
    }
    ec2.records.instances.put(context, changed(instance, given));
  });
  return {};
};

/** AWS: a request may also give the attribute's name and a textual value. */
function inMembers(input: Change): Change {
  const { Attribute, Value, ...rest } = input;
  if (!Attribute) return rest;
  const flag = { Value: Value === 'true' };
  switch (Attribute) {
    case 'instanceType':
      return { ...rest, InstanceType: { Value } };
    case 'userData':
      return { ...rest, UserData: { Value: Buffer.from(Value ?? '', 'base64') } };
    case 'disableApiTermination':
      return { ...rest, DisableApiTermination: flag };
    case 'sourceDestCheck':
      return { ...rest, SourceDestCheck: flag };
    case 'ebsOptimized':
      return { ...rest, EbsOptimized: flag };
    case 'disableApiStop':
      return { ...rest, DisableApiStop: flag };
    case 'instanceInitiatedShutdownBehavior':
      return { ...rest, InstanceInitiatedShutdownBehavior: { Value } };
    default:
      throw unsupported(`the instance attribute ${Attribute}`);
  }
}

function changed(instance: InstanceRecord, given: Change): InstanceRecord {
  const after = { ...instance };
  const needsStop = given.InstanceType ?? given.UserData ?? given.EbsOptimized;
  if (needsStop && instance.state !== 'stopped') {
    throw new Fault(
      'IncorrectInstanceState',
      `The instance '${instance.instanceId}' is not in the 'stopped' state.`,
    );
  }
  if (instance.state === 'terminated') throw incorrectState(instance.instanceId, instance.state, 'modified');
  const type = given.InstanceType?.Value;
  if (given.InstanceType) {
    if (!type || !isInstanceTypeName(type)) throw invalidInstanceType(type ?? '');
    after.instanceType = type;
  }
  if (given.UserData) {
    const text = checkUserData(Buffer.from(given.UserData.Value ?? []).toString('base64'));
    if (text) after.userData = text;
    else delete after.userData;
  }
  if (given.DisableApiTermination) after.terminationProtected = given.DisableApiTermination.Value === true;
  if (given.DisableApiStop) after.stopProtected = given.DisableApiStop.Value === true;
  if (given.InstanceInitiatedShutdownBehavior) {
    const behavior = given.InstanceInitiatedShutdownBehavior.Value;
    if (behavior !== 'stop' && behavior !== 'terminate') {
      throw invalidValue(behavior ?? '', 'instanceInitiatedShutdownBehavior');
    }
    after.shutdownBehavior = behavior;
  }
  if (given.BlockDeviceMappings?.length) after.volumes = withMappings(after, given.BlockDeviceMappings);
  if (given.SourceDestCheck) after.sourceDestCheck = given.SourceDestCheck.Value === true;
  if (given.EbsOptimized) after.ebsOptimized = given.EbsOptimized.Value === true;
  return after;
}

/** AWS: only DeleteOnTermination can be changed here. */
function withMappings(instance: InstanceRecord, mappings: NonNullable<Change['BlockDeviceMappings']>) {
  const volumes = volumesOf(instance).map((volume) => ({ ...volume }));
  for (const { DeviceName = '', Ebs } of mappings) {
    const volume = volumes.find((one) => one.device === DeviceName);
    if (!volume) throw noSuchDevice(DeviceName);
    if (Ebs?.VolumeId !== undefined && Ebs.VolumeId !== volume.volumeId) throw noSuchDevice(DeviceName);
    volume.deleteOnTermination = Ebs?.DeleteOnTermination ?? volume.deleteOnTermination;
  }
  return volumes;
}

const noSuchDevice = (device: string): Fault =>
  new Fault('InvalidInstanceAttributeValue', `No device is currently mapped at ${device}`);
