// DescribeInstanceAttribute and ModifyInstanceAttribute: one attribute at a time.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf, Input, Output } from '../../../wire/service.ts';
import { invalidValue, missingParameter } from '../faults.ts';
import { groupsOfInterface } from '../groups-of-interface.ts';
import { incorrectState, invalidInstanceType } from '../instance-faults.ts';
import { isInstanceTypeName } from '../instance-types.ts';
import type { Inventory } from '../inventory.ts';
import { unsupported } from '../network-faults.ts';
import type { InstanceRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';
import { checkUserData } from '../user-data.ts';

export function describeInstanceAttribute(inventory: Inventory): HandlerOf<Ec2, 'DescribeInstanceAttribute'> {
  return (input, context) => {
    if (!input.Attribute) throw missingParameter('attribute');
    const instance = inventory.instances.existing(context, input.InstanceId);
    return { InstanceId: instance.instanceId, ...attributeOf(instance, input.Attribute) };
  };
}

function attributeOf(instance: InstanceRecord, attribute: string): Output<Ec2, 'DescribeInstanceAttribute'> {
  switch (attribute) {
    case 'userData':
      return { UserData: { Value: instance.userData } };
    case 'instanceType':
      return { InstanceType: { Value: instance.instanceType } };
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: instance.terminationProtected } };
    case 'disableApiStop':
      return { DisableApiStop: { Value: false } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: instance.ebsOptimized } };
    case 'groupSet':
      return { Groups: instance.groupIds.map((GroupId) => ({ GroupId })) };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value: 'stop' } };
    case 'sourceDestCheck':
      return { SourceDestCheck: { Value: instance.sourceDestCheck } };
    case 'rootDeviceName':
      return { RootDeviceName: { Value: '/dev/xvda' } };
    case 'blockDeviceMapping':
      return { BlockDeviceMappings: [] };
    case 'enaSupport':
      return { EnaSupport: { Value: true } };
    case 'productCodes':
      return { ProductCodes: [] };
    default:
      throw invalidValue(attribute, 'attribute');
  }
}

type Change = Input<Ec2, 'ModifyInstanceAttribute'>;

const CHANGEABLE = new Set([
  'Attribute',
  'DisableApiTermination',
  'DryRun',
  'EbsOptimized',
  'Groups',
  'InstanceId',
  'InstanceType',
  'SourceDestCheck',
  'UserData',
  'Value',
]);

export function modifyInstanceAttribute(inventory: Inventory): HandlerOf<Ec2, 'ModifyInstanceAttribute'> {
  return (input, context) => {
    const other = Object.keys(input).find((name) => !CHANGEABLE.has(name));
    if (other) throw unsupported(`the instance attribute ${other}`);
    const given = inMembers(input);
    inventory.transaction(() => {
      const instance = inventory.instances.existing(context, input.InstanceId);
      if (given.Groups) {
        instance.groupIds = groupsOfInterface(inventory, context, instance.vpcId, given.Groups);
      }
      inventory.instances.put(context, changed(instance, given));
    });
    return {};
  };
}

/** AWS: an attribute may also come by name with a textual value. */
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
  if (given.SourceDestCheck) after.sourceDestCheck = given.SourceDestCheck.Value === true;
  if (given.EbsOptimized) after.ebsOptimized = given.EbsOptimized.Value === true;
  return after;
}
