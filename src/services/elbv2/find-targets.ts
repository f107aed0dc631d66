// The targets of a request: where requests to each of them go, and whether it may be registered.

import { BlockList, isIPv4 } from 'node:net';
import { parseArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import type { LoadBalancing } from './context.ts';
import { arnOf } from './domain/names.ts';
import { invalidTarget, mayNotInvoke, tooManyTargets, validation } from './faults.ts';
import { mayInvoke } from './invoking.ts';
import { named } from './named-things.ts';
import type { TargetGroupRecord, TargetRecord } from './records.ts';
import { isOf } from './subnets.ts';

/** A target of a request. */
export interface GivenTarget {
  Id: string | undefined;
  Port?: number | undefined;
  AvailabilityZone?: string | undefined;
  QuicServerId?: string | undefined;
}

/** The targets to register. Rejects with ValidationError, InvalidTarget, AccessDenied. */
export async function findTargets(
  elb: LoadBalancing,
  scope: Scope,
  group: TargetGroupRecord,
  given: readonly GivenTarget[],
): Promise<TargetRecord[]> {
  if (named(given, 'targets').length === 0) throw validation('At least one target must be specified');
  for (const { Id, QuicServerId } of given) {
    if (Id === undefined || Id === '') throw validation('A target ID must be specified');
    if (QuicServerId !== undefined)
      throw validation('A QUIC server ID cannot be specified for this target group');
  }
  switch (group.type) {
    case 'lambda':
      return await functions(elb, scope, group, given);
    case 'instance':
      return await instances(elb, scope, group, given);
    case 'ip':
      return await addresses(elb, scope, group, given);
  }
}

async function functions(
  elb: LoadBalancing,
  scope: Scope,
  group: TargetGroupRecord,
  given: readonly GivenTarget[],
): Promise<TargetRecord[]> {
  const groupArn = arnOf('targetGroup', scope, group.id);
  if (new Set(given.map(({ Id }) => Id)).size > 1) throw tooManyTargets(1);
  for (const { Id, Port } of given) {
    const parsed = parseArn(Id!);
    if (parsed?.service !== 'lambda' || !parsed.resource.startsWith('function:')) {
      throw validation(`'${Id}' is not a valid Lambda function ARN`);
    }
    if (Port !== undefined)
      throw validation('A port cannot be specified for a target that is a Lambda function');
    // AWS: the policy must allow it already.
    if (!(await mayInvoke(elb.lambda, Id!, groupArn))) throw mayNotInvoke(Id!, groupArn);
  }
  return given.map(({ Id }) => ({ id: Id! }));
}

async function instances(
  { ec2 }: LoadBalancing,
  scope: Scope,
  group: TargetGroupRecord,
  given: readonly GivenTarget[],
): Promise<TargetRecord[]> {
  const InstanceIds = [...new Set(given.map(({ Id }) => Id!))];
  const { Reservations = [] } = await ec2.call('DescribeInstances', { InstanceIds }, scope).catch((error) => {
    if (isOf(error, /^InvalidInstanceID/))
      throw invalidTarget(`Instance ID '${InstanceIds.join("', '")}' is not valid`);
    throw error;
  });
  const found = new Map(
    Reservations.flatMap(({ Instances = [] }) => Instances).map((one) => [one.InstanceId!, one]),
  );
  const stopped = InstanceIds.filter((id) => !/^(running|pending)$/.test(found.get(id)?.State?.Name ?? ''));
  if (stopped.length > 0) {
    throw invalidTarget(
      `The following targets are not in a running state and cannot be registered: '${stopped.join("', '")}'`,
    );
  }
  const foreign = InstanceIds.filter((id) => found.get(id)!.VpcId !== group.vpcId);
  if (foreign.length > 0) {
    throw invalidTarget(
      `The following targets are not in the target group VPC '${group.vpcId}': '${foreign.join("', '")}'`,
    );
  }
  return given.map(({ Id, Port, AvailabilityZone }) => {
    if (AvailabilityZone !== undefined) {
      throw validation('You cannot specify an Availability Zone for instance targets');
    }
    return { id: Id!, port: Port ?? group.port!, address: found.get(Id!)!.PrivateIpAddress! };
  });
}

/** AWS: the ranges outside of the VPC in which targets may be. */
const PRIVATE = blockOf('10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16');
const LOOPBACK = blockOf('127.0.0.0/8');
const ELSEWHERE = 'all';

async function addresses(
  { ec2, networkKind }: LoadBalancing,
  scope: Scope,
  group: TargetGroupRecord,
  given: readonly GivenTarget[],
): Promise<TargetRecord[]> {
  const Filters = [{ Name: 'vpc-id', Values: [group.vpcId!] }];
  const [{ Vpcs = [] }, { Subnets = [] }] = await Promise.all([
    ec2.call('DescribeVpcs', { VpcIds: [group.vpcId!] }, scope),
    ec2.call('DescribeSubnets', { Filters }, scope),
  ]);
  const ofVpc = blockOf(
    ...Vpcs.flatMap(({ CidrBlock, CidrBlockAssociationSet = [] }) =>
      [CidrBlock, ...CidrBlockAssociationSet.map((one) => one.CidrBlock)].filter(
        (cidr) => cidr !== undefined,
      ),
    ),
  );
  const zones = Subnets.flatMap(({ CidrBlock, AvailabilityZone }) =>
    CidrBlock ? [{ block: blockOf(CidrBlock), zone: AvailabilityZone! }] : [],
  );
  return given.map(({ Id, Port, AvailabilityZone }) => {
    const address = Id!;
    if (!isIPv4(address)) throw validation(`The IP address '${address}' is not a valid IPv4 address`);
    const target = { id: address, port: Port ?? group.port!, address };
    if (ofVpc.check(address)) {
      const subnet = zones.find(({ block }) => block.check(address));
      return { ...target, zone: subnet?.zone ?? AvailabilityZone ?? ELSEWHERE };
    }
    // Where nodes and tasks have the loopback addresses of this host, these are targets, too.
    const isHere = networkKind !== 'subnets' && LOOPBACK.check(address);
    if (!isHere && !PRIVATE.check(address)) {
      throw invalidTarget(
        `The IP address '${address}' is neither in the VPC '${group.vpcId}' nor in a private range outside of it`,
      );
    }
    // AWS: `all` is the only one that is possible.
    if (!isHere && AvailabilityZone !== ELSEWHERE) {
      throw validation(
        `The Availability Zone is required for IP address '${address}' because it is not in the VPC`,
      );
    }
    return { ...target, zone: AvailabilityZone ?? ELSEWHERE };
  });
}

function blockOf(...cidrs: string[]): BlockList {
  const block = new BlockList();
  for (const cidr of cidrs) {
    const [network, length] = cidr.split('/');
    block.addSubnet(network!, Number(length));
  }
  return block;
}
