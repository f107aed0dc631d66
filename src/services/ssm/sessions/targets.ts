// The instances that Systems Manager reaches: those that run with an instance profile, whose agent may report.

import type { Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import type { Instance } from '../../../machines/instances/instances.ts';
import type { Ssm } from '../context.ts';

/** All instances of an account and region with an agent that is connected. */
export async function connectedInstances({ ec2 }: Ssm, scope: Scope): Promise<Ec2Instance[]> {
  const found: Ec2Instance[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.call('DescribeInstances', { Filters: RUNNING, NextToken }, scope);
    for (const { Instances = [] } of page.Reservations ?? []) found.push(...Instances.filter(isConnected));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}

const RUNNING = [{ Name: 'instance-state-name', Values: ['running'] }];

const isConnected = ({ IamInstanceProfile, State }: Ec2Instance): boolean =>
  IamInstanceProfile !== undefined && State?.Name === 'running';

/** The connected instance; `undefined` when there is none of the id. */
export async function connectedInstance(
  { ec2 }: Ssm,
  scope: Scope,
  target: string,
): Promise<Ec2Instance | undefined> {
  if (!/^i-[0-9a-f]{8,17}$/.test(target)) return undefined;
  const Filters = [...RUNNING, { Name: 'instance-id', Values: [target] }];
  const { Reservations = [] } = await ec2.call('DescribeInstances', { Filters }, scope);
  return Reservations.flatMap(({ Instances = [] }) => Instances).find(isConnected);
}

/** The machine of a connected instance; `undefined` when it is not connected, or only a record. */
export async function connectedMachine(
  ssm: Ssm,
  scope: Scope,
  target: string,
): Promise<Instance | undefined> {
  const instance = await connectedInstance(ssm, scope, target);
  return instance && (await ssm.instances()).running(target);
}
