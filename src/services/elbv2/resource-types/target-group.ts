// AWS::ElasticLoadBalancingV2::TargetGroup.

import { physicalName } from '../../../control/physical-name.ts';
import { finishing, unless } from '../../../control/resource-attempts.ts';
import {
  changesOf,
  numberOf,
  objectsOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type {
  ExistingResource,
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../../control/resource-type.ts';
import { targetGroupAttributes } from '../domain/attributes.ts';
import type { Input } from '../sdk.ts';
import { attributeChanges, type ElbClient, GENERATED_NAME, membersOf, newTags, retag } from './properties.ts';

const HEALTH = [
  ...['HealthCheckEnabled', 'HealthCheckIntervalSeconds', 'HealthCheckPath', 'HealthCheckPort'],
  ...['HealthCheckProtocol', 'HealthCheckTimeoutSeconds', 'HealthyThresholdCount', 'Matcher'],
  'UnhealthyThresholdCount',
];
const SETTINGS = [
  ...HEALTH,
  ...['IpAddressType', 'Port', 'Protocol', 'ProtocolVersion', 'TargetControlPort', 'TargetType', 'VpcId'],
];

export const targetGroupType = (elb: ElbClient): ResourceType => ({
  name: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  async create(request) {
    const { properties, scope } = request;
    const Name = textOf(properties, 'Name') ?? physicalName(request, GENERATED_NAME);
    // A repeated request finds the group, because it has the same settings.
    const { TargetGroups } = await elb.call(
      'CreateTargetGroup',
      { ...membersOf(properties, SETTINGS), ...newTags(request), Name } as Input<'CreateTargetGroup'>,
      scope,
    );
    const arn = TargetGroups![0]!.TargetGroupArn!;
    return await finishing(arn, async () => {
      await finish(elb, { ...request, physicalId: arn }, {});
      return await stateOf(elb, request, arn);
    });
  },
  async update(request) {
    const { physicalId: TargetGroupArn, properties, before, scope } = request;
    const members = membersOf(properties, HEALTH);
    await elb.call('ModifyTargetGroup', { ...members, TargetGroupArn } as Input<'ModifyTargetGroup'>, scope);
    await finish(elb, request, before);
    await retag(elb, request);
    return await stateOf(elb, request, TargetGroupArn);
  },
  inTheWay: /^ResourceInUseException$/,
  async delete({ physicalId, scope }) {
    await unless(
      /^TargetGroupNotFoundException$/,
      elb.call('DeleteTargetGroup', { TargetGroupArn: physicalId }, scope),
    );
  },
});

/** Sets the attributes, and registers and deregisters targets. */
async function finish(
  elb: ElbClient,
  { physicalId: TargetGroupArn, properties, scope }: ExistingResource,
  before: Properties,
): Promise<void> {
  const table = targetGroupAttributes(textOf(properties, 'TargetType') ?? 'instance');
  const Attributes = attributeChanges(table, [before, properties], 'TargetGroupAttributes');
  if (Attributes.length > 0) {
    await elb.call('ModifyTargetGroupAttributes', { TargetGroupArn, Attributes }, scope);
  }
  const { gone, come } = changesOf(targetsIn(before), targetsIn(properties), (target) =>
    JSON.stringify(target),
  );
  if (gone.length > 0) await elb.call('DeregisterTargets', { TargetGroupArn, Targets: gone }, scope);
  if (come.length > 0) await elb.call('RegisterTargets', { TargetGroupArn, Targets: come }, scope);
}

const targetsIn = (properties: Properties) =>
  objectsOf(properties, 'Targets').map((target) => {
    const [Port, AvailabilityZone] = [numberOf(target, 'Port'), textOf(target, 'AvailabilityZone')];
    return {
      Id: requiredText(target, 'Id'),
      ...(Port !== undefined && { Port }),
      ...(AvailabilityZone !== undefined && { AvailabilityZone }),
    };
  });

async function stateOf(elb: ElbClient, { scope }: ResourceRequest, arn: string): Promise<ResourceState> {
  const { TargetGroups } = await elb.call('DescribeTargetGroups', { TargetGroupArns: [arn] }, scope);
  const group = TargetGroups![0]!;
  return {
    physicalId: arn,
    attributes: {
      LoadBalancerArns: group.LoadBalancerArns ?? [],
      TargetGroupArn: arn,
      TargetGroupFullName: arn.slice(arn.indexOf(':targetgroup/') + 1),
      TargetGroupName: group.TargetGroupName!,
    },
  };
}
