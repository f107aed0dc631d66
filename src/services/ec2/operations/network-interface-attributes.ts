// DescribeNetworkInterfaceAttribute and ModifyNetworkInterfaceAttribute. The attributes of an instance's interface
// are stored with the instance. All other interfaces belong to AWS and cannot be changed.

import { Fault } from '../../../wire/fault.ts';
import { invalidValue, missingParameter } from '../faults.ts';
import { groupsOfInterface } from '../groups-of-interface.ts';
import { attachmentOf } from '../interface-attachments.ts';
import { unsupported } from '../network-faults.ts';
import type { Operation } from '../sdk.ts';
import { existingInterface } from '../service-interfaces.ts';

/** Throws InvalidParameterValue for an unknown attribute. */
export const DescribeNetworkInterfaceAttribute: Operation<'DescribeNetworkInterfaceAttribute'> = async (
  ec2,
  input,
  context,
) => {
  const { NetworkInterfaceId } = input;
  const one = await existingInterface(ec2, context, NetworkInterfaceId);
  switch (input.Attribute) {
    case undefined:
      throw missingParameter('attribute');
    case 'description':
      return { NetworkInterfaceId, Description: { Value: one.description } };
    case 'groupSet': {
      const GroupName = (id: string) => ec2.records.securityGroups.find(context, id)?.groupName;
      return {
        NetworkInterfaceId,
        Groups: one.groupIds.map((GroupId) => ({ GroupId, GroupName: GroupName(GroupId) })),
      };
    }
    case 'sourceDestCheck':
      return { NetworkInterfaceId, SourceDestCheck: { Value: one.sourceDestCheck } };
    case 'attachment':
      return { NetworkInterfaceId, Attachment: attachmentOf(one, context) };
    case 'associatePublicIpAddress':
      return { NetworkInterfaceId, AssociatePublicIpAddress: one.publicIp !== undefined };
    default:
      throw invalidValue(input.Attribute, 'attribute');
  }
};

const CHANGEABLE = new Set(['DryRun', 'Groups', 'NetworkInterfaceId', 'SourceDestCheck']);

/** Throws UnsupportedOperation for other attributes, and OperationNotPermitted for an interface of AWS. */
export const ModifyNetworkInterfaceAttribute: Operation<'ModifyNetworkInterfaceAttribute'> = async (
  ec2,
  input,
  context,
) => {
  const other = Object.entries(input).find(([name, value]) => !CHANGEABLE.has(name) && value !== undefined);
  if (other) throw unsupported(`the network interface attribute ${other[0]}`);
  const { Groups, SourceDestCheck } = input;
  if (!Groups?.length && SourceDestCheck?.Value === undefined) throw noAttribute();
  const { instanceId, interfaceId, vpcId } = await existingInterface(ec2, context, input.NetworkInterfaceId);
  if (!instanceId) throw ofAws(interfaceId);
  ec2.store.transaction(() => {
    ec2.records.instances.change(context, instanceId, (instance) => ({
      ...instance,
      ...(Groups?.length && { groupIds: groupsOfInterface(ec2, context, vpcId, Groups) }),
      ...(SourceDestCheck?.Value !== undefined && { sourceDestCheck: SourceDestCheck.Value }),
    }));
  });
  return {};
};

const noAttribute = (): Fault => new Fault('InvalidParameterCombination', 'No attributes specified.');

const ofAws = (id: string): Fault =>
  new Fault('OperationNotPermitted', `You are not allowed to manage the network interface '${id}'.`);
