// Targets: register, deregister, and their health.

import type { Scope } from '../../../aws/scope.ts';
import { type RequestContext, WAITER_HOLD_MS } from '../../../wire/service.ts';
import type { LoadBalancing } from '../context.ts';
import { attributeOf, targetGroupAttributes } from '../domain/attributes.ts';
import { arnOf } from '../domain/names.ts';
import { healthOf } from '../domain/target-health.ts';
import { tooManyTargets, validation } from '../faults.ts';
import { findTargets, type GivenTarget } from '../find-targets.ts';
import { named } from '../named-things.ts';
import { MOST_TARGETS, type TargetGroupRecord, type TargetRecord } from '../records.ts';
import type { Operation, Output } from '../sdk.ts';
import { changeTargetGroup, targetGroupWith } from './target-groups.ts';

/** AWS: a target that is being deregistered can be registered again. */
export const RegisterTargets: Operation<'RegisterTargets'> = async (elb, input, context) => {
  const arn = input.TargetGroupArn;
  const group = targetGroupWith(elb, context, arn);
  const come = await findTargets(elb, context, group, input.Targets);
  const most = group.type === 'lambda' ? 1 : MOST_TARGETS;
  changeTargetGroup(elb, context, arn, (current) => {
    const keys = new Set(come.map(keyOf));
    const unique = new Map(come.map((target) => [keyOf(target), target]));
    const targets = [...current.targets.filter((held) => !keys.has(keyOf(held))), ...unique.values()];
    if (targets.length > most) throw tooManyTargets(most);
    return { ...current, targets };
  });
  await elb.balancing.targetsChanged(context, group.id);
  return {};
};

const keyOf = ({ id, port }: TargetRecord): string => `${id} ${port ?? ''}`;

/** Whether a request names the target; without a port, every port of the target. */
const isNamed = (target: TargetRecord, { Id, Port }: GivenTarget): boolean =>
  target.id === Id && (Port === undefined || Port === target.port);

/**
 * AWS: the target takes no new requests, and is gone after the deregistration delay. Targets that are not registered are
 * ignored.
 */
export const DeregisterTargets: Operation<'DeregisterTargets'> = async (elb, input, context) => {
  const group = targetGroupWith(elb, context, input.TargetGroupArn);
  const targets = named(input.Targets, 'targets');
  if (targets.length === 0) throw validation('At least one target must be specified');
  const until = elb.clock.now() + 1_000 * delaySecondsOf(elb, context, group);
  const isImmediate = until <= elb.clock.now();
  changeTargetGroup(elb, context, input.TargetGroupArn, (current) => ({
    ...current,
    targets: current.targets.flatMap((target) => {
      if (!targets.some((given) => isNamed(target, given))) return [target];
      return isImmediate ? [] : [{ ...target, drainsUntil: target.drainsUntil ?? until }];
    }),
  }));
  elb.deregistrations.begun();
  await elb.balancing.targetsChanged(context, group.id);
  return {};
};

/** AWS: functions, and targets that get no requests, are gone at once. */
function delaySecondsOf({ records }: LoadBalancing, scope: Scope, group: TargetGroupRecord): number {
  if (group.type === 'lambda' || records.rules.countBy(scope, 'targetGroup', group.id) === 0) return 0;
  const table = targetGroupAttributes(group.type);
  return Number(attributeOf(table, group.attributes, 'deregistration_delay.timeout_seconds'));
}

type Descriptions = NonNullable<Output<'DescribeTargetHealth'>['TargetHealthDescriptions']>;

/** A waiter is answered once no target is between two states. Throws TargetGroupNotFound. */
export const DescribeTargetHealth: Operation<'DescribeTargetHealth'> = async (elb, input, context) => {
  const asked = named(input.Targets, 'targets');
  const describe = () => descriptionsOf(elb, context, input.TargetGroupArn, asked);
  if (context.isWaiter) await untilSettled(elb, input.TargetGroupArn, describe, context);
  return { TargetHealthDescriptions: await describe() };
};

async function untilSettled(
  elb: LoadBalancing,
  arn: string,
  describe: () => Promise<Descriptions>,
  { client }: RequestContext,
): Promise<void> {
  const end = performance.now() + WAITER_HOLD_MS;
  for (;;) {
    const change = elb.nextHealthChange(arn);
    const isMoving = (await describe()).some(({ TargetHealth }) =>
      /^(initial|draining)$/.test(TargetHealth?.State ?? ''),
    );
    const leftMs = end - performance.now();
    if (!isMoving || leftMs <= 0 || client?.isGone) return;
    let timer: NodeJS.Timeout | undefined;
    let forget: (() => void) | undefined;
    await Promise.race([
      change,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, Math.min(leftMs, LOOK_AGAIN_MS));
        forget = client?.onGone(resolve);
      }),
    ]);
    clearTimeout(timer);
    forget?.();
  }
}

/** Deregistrations end without a change of health. */
const LOOK_AGAIN_MS = 1_000;

async function descriptionsOf(
  elb: LoadBalancing,
  scope: Scope,
  arn: string,
  asked: readonly GivenTarget[],
): Promise<Descriptions> {
  const group = targetGroupWith(elb, scope, arn);
  const states = await instanceStates(elb, scope, group);
  const isInUse = elb.records.rules.countBy(scope, 'targetGroup', group.id) > 0;
  const found = elb.health(arnOf('targetGroup', scope, group.id));
  const describe = (target: TargetRecord, isRegistered: boolean): Descriptions[number] => ({
    Target: {
      Id: target.id,
      ...(target.port !== undefined && { Port: target.port }),
      ...zoneOf(group, target),
    },
    ...(portOf(group, target) !== undefined && { HealthCheckPort: portOf(group, target) }),
    TargetHealth: healthOf({
      ...{ isRegistered, isInUse, isDraining: target.drainsUntil !== undefined },
      isChecked: group.healthCheck.isEnabled,
      instanceState: states?.get(target.id) ?? (states && 'terminated'),
      found: found.get(target.address === undefined ? target.id : `${target.address}:${target.port}`),
    }) as Descriptions[number]['TargetHealth'],
  });
  if (asked.length === 0) return group.targets.map((target) => describe(target, true));
  return asked.flatMap((given) => {
    const held = group.targets.filter((target) => isNamed(target, given));
    if (held.length > 0) return held.map((target) => describe(target, true));
    const port = given.Port ?? group.port;
    return [describe({ id: given.Id ?? '', ...(port !== undefined && { port }) }, false)];
  });
}

/** AWS: instances are shown without their zone, and functions are in all of them. */
function zoneOf({ type }: TargetGroupRecord, { zone }: TargetRecord) {
  if (type === 'lambda') return { AvailabilityZone: 'all' };
  return type === 'ip' && zone !== undefined ? { AvailabilityZone: zone } : {};
}

function portOf({ healthCheck }: TargetGroupRecord, { port }: TargetRecord): string | undefined {
  if (healthCheck.port === undefined) return undefined;
  return healthCheck.port === 'traffic-port' ? String(port) : healthCheck.port;
}

async function instanceStates(
  { ec2 }: LoadBalancing,
  scope: Scope,
  group: TargetGroupRecord,
): Promise<Map<string, string> | undefined> {
  if (group.type !== 'instance' || group.targets.length === 0) return undefined;
  const ids = [...new Set(group.targets.map(({ id }) => id))];
  const Filters = [{ Name: 'instance-id', Values: ids }];
  const { Reservations = [] } = await ec2.call('DescribeInstances', { Filters }, scope);
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
  return new Map(instances.map(({ InstanceId, State }) => [InstanceId!, State?.Name ?? '']));
}
