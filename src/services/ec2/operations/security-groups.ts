// Security groups: create, delete.

import { renderArn } from '../../../aws/arn.ts';
import { listTags } from '../../../aws/tags.ts';
import { Fault } from '../../../wire/fault.ts';
import { defaultVpcOf } from '../default-vpc.ts';
import { missingParameter, noDefaultVpc } from '../faults.ts';
import { nameInVpc } from '../indexes.ts';
import { LIMITS } from '../limits.ts';
import { hasDependentObject, limitExceeded } from '../network-faults.ts';
import { countInterfaces } from '../network-interfaces.ts';
import { newId, SECURITY_GROUP, SECURITY_GROUP_RULE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { serviceInterfacesIn } from '../service-interfaces.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { securityGroupNamed } from './security-group-rules.ts';

/** A new group allows all egress. Throws InvalidGroup.Duplicate. */
export const CreateSecurityGroup: Operation<'CreateSecurityGroup'> = (ec2, input, context) => {
  const { GroupName, Description } = input;
  checkText('GroupName', GroupName);
  checkText('GroupDescription', Description);
  if (/^sg-/i.test(GroupName)) throw invalid('Group names may not be in the format sg-*.');
  if (GroupName === 'default') throw invalid('Cannot use reserved security group name: default');
  return ec2.store.transaction(() => {
    const vpcId = input.VpcId ?? defaultVpcOf(ec2, context)?.vpcId;
    if (!vpcId) throw noDefaultVpc();
    ec2.records.vpcs.existing(context, vpcId);
    if (ec2.records.securityGroups.countBy(context, 'name', nameInVpc(vpcId, GroupName)) > 0) {
      throw duplicateGroup(GroupName, vpcId);
    }
    if (ec2.records.securityGroups.count(context) >= LIMITS.securityGroups) {
      throw limitExceeded('SecurityGroupLimitExceeded', 'security groups');
    }
    const groupId = newId(SECURITY_GROUP);
    const ruleId = newId(SECURITY_GROUP_RULE);
    ec2.records.securityGroups.put(context, {
      groupId,
      groupName: GroupName,
      description: Description,
      vpcId,
      rules: [{ ruleId, isEgress: true, protocol: '-1', cidrIpv4: '0.0.0.0/0' }],
    });
    const tags = tagAtCreation(ec2, context, SECURITY_GROUP, groupId, input.TagSpecifications);
    return {
      GroupId: groupId,
      SecurityGroupArn: renderArn('ec2', context, `security-group/${groupId}`),
      Tags: listTags(tags),
    };
  });
};

/** Throws DependencyViolation while an interface (of a cache node or function, too) or another group's rule uses it. */
export const DeleteSecurityGroup: Operation<'DeleteSecurityGroup'> = async (ec2, input, context) => {
  const ofServices = await serviceInterfacesIn(ec2, context);
  return ec2.store.transaction(() => {
    const group = securityGroupNamed(ec2, context, input);
    const { groupId } = group;
    if (group.groupName === 'default') throw cannotDelete(groupId, group.groupName);
    const isUsed =
      ofServices.some(({ groupIds }) => groupIds.includes(groupId)) ||
      ec2.records.securityGroups.countBy(context, 'refersTo', groupId) > 0 ||
      countInterfaces(ec2.records, context, 'group', groupId) > 0;
    if (isUsed) throw hasDependentObject(groupId);
    for (const { ruleId } of group.rules) ec2.records.tags.remove(context, ruleId);
    ec2.records.securityGroups.remove(context, groupId);
    return { Return: true, GroupId: groupId };
  });
};

const TEXT = /^[\w. \-:/()#,@[\]+=&;{}!$*]{1,255}$/;

function checkText(parameter: string, text: string | undefined): asserts text is string {
  if (!text) throw missingParameter(parameter);
  if (TEXT.test(text)) return;
  throw invalid(
    text.length > 255
      ? `Value (${text}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported, and at most 255 characters.`
      : `Value (${text}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
  );
}

const invalid = (message: string): Fault => new Fault('InvalidParameterValue', message);

const duplicateGroup = (name: string, vpcId: string): Fault =>
  new Fault('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);

const cannotDelete = (groupId: string, name: string): Fault =>
  new Fault('CannotDelete', `the specified group: "${groupId}" name: "${name}" cannot be deleted by a user`);
