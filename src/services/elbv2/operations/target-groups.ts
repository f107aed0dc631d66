// Target groups: create, describe, modify, delete, and their attributes.

import type { Scope } from '../../../aws/scope.ts';
import { randomHex } from '../../../kernel/ids.ts';
import type { LoadBalancing } from '../context.ts';
import { changeAttributes, listAttributes, targetGroupAttributes } from '../domain/attributes.ts';
import { changeHealthCheck, defaultHealthCheck, type HealthCheckRecord } from '../domain/health-check.ts';
import { arnOf, checkTargetGroupName, idIn, within } from '../domain/names.ts';
import {
  notSupported,
  targetGroupExists,
  targetGroupInUse,
  targetGroupsNotFound,
  validation,
} from '../faults.ts';
import { named } from '../named-things.ts';
import { pageRequest, targetGroupPages } from '../paging.ts';
import type { TargetGroupRecord } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';
import { isOf } from '../subnets.ts';
import { tagging } from '../tags.ts';
import { viewTargetGroup } from '../view.ts';
import { balancerWith } from './load-balancer-settings.ts';
import { sortedById } from './load-balancers.ts';

type CreateInput = Input<'CreateTargetGroup'>;

/** AWS: a repeated request with the same settings answers with the group that exists. */
export const CreateTargetGroup: Operation<'CreateTargetGroup'> = async (elb, input, context) => {
  checkTargetGroupName(input.Name);
  const place = readPlace(input);
  const healthCheck = changeHealthCheck(place.type, defaultHealthCheck(place.type), input, true);
  const tags = tagging.add({}, input.Tags, context);
  if (place.vpcId !== undefined) await requireVpc(elb, context, place.vpcId);
  const record: TargetGroupRecord = {
    ...{ id: `${input.Name}/${randomHex(16)}`, name: input.Name, ...place },
    ...{ healthCheck, attributes: {}, tags, targets: [] },
  };
  const stored = elb.store.transaction(() => {
    const { targetGroups } = elb.records;
    const [existing] = targetGroups.by(context, 'name', input.Name);
    if (!existing) {
      targetGroups.add(context, record);
      return record;
    }
    if (!isSame(existing, record)) throw targetGroupExists(input.Name);
    return existing;
  });
  return { TargetGroups: [viewTargetGroup(elb, context, stored)] };
};

/** The type of the group with what its type needs. Throws ValidationError, NotImplemented. */
function readPlace(input: CreateInput): Pick<TargetGroupRecord, 'type' | 'protocol' | 'port' | 'vpcId'> {
  const { TargetType: type = 'instance', Protocol: protocol, Port: port, VpcId: vpcId } = input;
  if (type === 'alb') throw notSupported("targets of the type 'alb'");
  if ((input.IpAddressType ?? 'ipv4') !== 'ipv4')
    throw notSupported(`the IP address type '${input.IpAddressType}'`);
  if (input.TargetControlPort !== undefined) throw notSupported('target optimizers');
  if (input.ProtocolVersion !== undefined && input.ProtocolVersion.toUpperCase() !== 'HTTP1') {
    throw notSupported(`the protocol version '${input.ProtocolVersion}'`);
  }
  if (type === 'lambda') {
    const given = {
      Protocol: protocol,
      Port: port,
      'VPC ID': vpcId,
      'Protocol version': input.ProtocolVersion,
    };
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      throw validation(`${name} cannot be specified for target groups with target type 'lambda'`);
    }
    return { type };
  }
  if (protocol === undefined) throw validation('A protocol must be specified');
  if (protocol !== 'HTTP' && protocol !== 'HTTPS')
    throw notSupported(`target groups of the protocol '${protocol}'`);
  if (port === undefined) throw validation('A port must be specified');
  if (vpcId === undefined) throw validation('A VPC ID must be specified');
  return { type, protocol, port, vpcId };
}

async function requireVpc({ ec2 }: LoadBalancing, scope: Scope, vpcId: string): Promise<void> {
  await ec2.call('DescribeVpcs', { VpcIds: [vpcId] }, scope).catch((error) => {
    throw isOf(error, /^InvalidVpcID/) ? validation(`The VPC ID '${vpcId}' is not found`) : error;
  });
}

const isSame = (one: TargetGroupRecord, other: TargetGroupRecord): boolean =>
  one.type === other.type &&
  one.protocol === other.protocol &&
  one.port === other.port &&
  one.vpcId === other.vpcId &&
  isSameCheck(one.healthCheck, other.healthCheck);

const isSameCheck = (one: HealthCheckRecord, other: HealthCheckRecord): boolean =>
  Object.entries(one).every(([name, value]) => other[name as keyof HealthCheckRecord] === value);

/** Throws LoadBalancerNotFound, TargetGroupNotFound. */
export const DescribeTargetGroups: Operation<'DescribeTargetGroups'> = async (elb, input, context) => {
  const { LoadBalancerArn: balancerArn } = input;
  const arns = named(input.TargetGroupArns, 'target groups');
  const names = named(input.Names, 'target groups');
  const kinds = [balancerArn !== undefined, arns.length > 0, names.length > 0].filter(Boolean).length;
  if (kinds > 1) {
    throw validation(
      'Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time',
    );
  }
  const { targetGroups } = elb.records;
  const request = pageRequest(input);
  const { items, token } =
    kinds === 0
      ? await targetGroupPages.ofCollection(targetGroups, context, request)
      : targetGroupPages.ofSorted(sortedById(askedFor(elb, input, context)), ({ id }) => id, request);
  return {
    TargetGroups: items.map((group) => viewTargetGroup(elb, context, group)),
    ...(token !== undefined && { NextMarker: token }),
  };
};

function askedFor(
  elb: LoadBalancing,
  input: Input<'DescribeTargetGroups'>,
  scope: Scope,
): TargetGroupRecord[] {
  const { targetGroups, rules } = elb.records;
  if (input.LoadBalancerArn !== undefined) {
    const { id } = balancerWith(elb, scope, input.LoadBalancerArn);
    return rules
      .list(scope, { prefix: within(id) })
      .flatMap(({ action }) =>
        action.type === 'forward' ? [targetGroups.find(scope, action.targetGroupId)] : [],
      )
      .filter((group) => group !== undefined);
  }
  return [
    ...(input.TargetGroupArns ?? []).map((arn) => targetGroupWith(elb, scope, arn)),
    ...(input.Names ?? []).map((name) => {
      const [found] = targetGroups.by(scope, 'name', name);
      if (!found) throw targetGroupsNotFound();
      return found;
    }),
  ];
}

/** The target group with this ARN. Throws ValidationError, TargetGroupNotFound. */
export const targetGroupWith = (
  { records }: Pick<LoadBalancing, 'records'>,
  scope: Scope,
  arn: string,
): TargetGroupRecord => records.targetGroups.existing(scope, idIn('targetGroup', scope, arn));

/** Reads, changes and writes a target group in one transaction. Throws ValidationError, TargetGroupNotFound. */
export const changeTargetGroup = (
  elb: LoadBalancing,
  scope: Scope,
  arn: string,
  to: (group: TargetGroupRecord) => TargetGroupRecord,
): TargetGroupRecord =>
  elb.store.transaction(() => elb.records.targetGroups.change(scope, idIn('targetGroup', scope, arn), to));

/** Changes the health check. Throws TargetGroupNotFound, ValidationError. */
export const ModifyTargetGroup: Operation<'ModifyTargetGroup'> = async (elb, input, context) => {
  const changed = changeTargetGroup(elb, context, input.TargetGroupArn, (group) => ({
    ...group,
    healthCheck: changeHealthCheck(group.type, group.healthCheck, input),
  }));
  await elb.balancing.targetsChanged(context, changed.id);
  return { TargetGroups: [viewTargetGroup(elb, context, changed)] };
};

/** AWS: it is no error when there is no such group. Throws ResourceInUse. */
export const DeleteTargetGroup: Operation<'DeleteTargetGroup'> = (elb, input, context) => {
  const id = idIn('targetGroup', context, input.TargetGroupArn);
  elb.store.transaction(() => {
    const { rules, targetGroups } = elb.records;
    if (rules.countBy(context, 'targetGroup', id) > 0) {
      throw targetGroupInUse(arnOf('targetGroup', context, id));
    }
    targetGroups.remove(context, id);
  });
  return {};
};

export const DescribeTargetGroupAttributes: Operation<'DescribeTargetGroupAttributes'> = (
  elb,
  input,
  context,
) => {
  const { type, attributes } = targetGroupWith(elb, context, input.TargetGroupArn);
  return { Attributes: listAttributes(targetGroupAttributes(type), attributes) };
};

/** Throws TargetGroupNotFound, ValidationError, InvalidConfigurationRequest, NotImplemented. */
export const ModifyTargetGroupAttributes: Operation<'ModifyTargetGroupAttributes'> = async (
  elb,
  input,
  context,
) => {
  const changed = changeTargetGroup(elb, context, input.TargetGroupArn, (group) => ({
    ...group,
    attributes: changeAttributes(targetGroupAttributes(group.type), group.attributes, input.Attributes),
  }));
  await elb.balancing.targetsChanged(context, changed.id);
  return { Attributes: listAttributes(targetGroupAttributes(changed.type), changed.attributes) };
};
