// Changes of an instance of a stack: those that it can have while it runs, and those for which it is stopped.

import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../../../aws/scope.ts';
import { flagOf, listOf, numberOf, objectOf, textOf } from '../../../control/resource-properties.ts';
import type { ExistingResource, Properties, ResourceRequest } from '../../../control/resource-type.ts';
import type { Input } from '../sdk.ts';
import type { Ec2Client } from './tokens-and-tags.ts';

const isChanged = (name: string, after: Properties, before: Properties): boolean =>
  JSON.stringify(after[name] ?? null) !== JSON.stringify(before[name] ?? null);

/** Changes that a running instance can have. */
export async function changeRunning(
  ec2: Ec2Client,
  scope: Scope,
  InstanceId: string,
  after: Properties,
  before: Properties,
): Promise<void> {
  const modify = (change: Omit<Input<'ModifyInstanceAttribute'>, 'InstanceId'>) =>
    ec2.call('ModifyInstanceAttribute', { InstanceId, ...change }, scope);
  if (isChanged('SecurityGroupIds', after, before)) {
    await modify({ Groups: listOf(after, 'SecurityGroupIds') ?? [] });
  }
  if (isChanged('DisableApiTermination', after, before)) {
    await modify({ DisableApiTermination: { Value: flagOf(after, 'DisableApiTermination') ?? false } });
  }
  if (isChanged('SourceDestCheck', after, before)) {
    await modify({ SourceDestCheck: { Value: flagOf(after, 'SourceDestCheck') ?? true } });
  }
  if (isChanged('InstanceInitiatedShutdownBehavior', after, before)) {
    const Value = textOf(after, 'InstanceInitiatedShutdownBehavior') ?? 'stop';
    await modify({ InstanceInitiatedShutdownBehavior: { Value } });
  }
  const metadata = metadataOf(after);
  if (metadata && isChanged('MetadataOptions', after, before)) {
    await ec2.call('ModifyInstanceMetadataOptions', { InstanceId, ...metadata }, scope);
  }
  const credits = creditsOf(after);
  if (credits && isChanged('CreditSpecification', after, before)) {
    const InstanceCreditSpecifications = [{ InstanceId, ...credits }];
    await ec2.call('ModifyInstanceCreditSpecification', { InstanceCreditSpecifications }, scope);
  }
  if (isChanged('Monitoring', after, before)) {
    const operation = flagOf(after, 'Monitoring') ? 'MonitorInstances' : 'UnmonitorInstances';
    await ec2.call(operation, { InstanceIds: [InstanceId] }, scope);
  }
  if (isChanged('IamInstanceProfile', after, before)) {
    await setProfile(ec2, scope, InstanceId, textOf(after, 'IamInstanceProfile'));
  }
}

async function setProfile(
  ec2: Ec2Client,
  scope: Scope,
  id: string,
  profile: string | undefined,
): Promise<void> {
  const Filters = [{ Name: 'instance-id', Values: [id] }];
  const held = await ec2.call('DescribeIamInstanceProfileAssociations', { Filters }, scope);
  for (const { AssociationId } of held.IamInstanceProfileAssociations ?? []) {
    await ec2.call('DisassociateIamInstanceProfile', { AssociationId: AssociationId! }, scope);
  }
  if (profile === undefined) return;
  const input = { InstanceId: id, IamInstanceProfile: { Name: profile } };
  await ec2.call('AssociateIamInstanceProfile', input, scope);
}

const LOOK_EVERY_MS = 100;

/** Resolves when the instance has left this state. Rejects with its reason when it could not be launched. */
export async function settled(
  ec2: Ec2Client,
  { scope, signal }: Pick<ResourceRequest, 'scope' | 'signal'>,
  id: string,
  state: 'pending' | 'stopping' | 'shutting-down',
): Promise<void> {
  for (;;) {
    const { Reservations } = await ec2.call('DescribeInstances', { InstanceIds: [id] }, scope);
    const { State, StateReason } = Reservations![0]!.Instances![0]!;
    if (State?.Name === state) await pause(LOOK_EVERY_MS, undefined, { signal });
    else if (state === 'pending' && State?.Name !== 'running') {
      // AWS: its text names the instance and the reason.
      throw new Error(
        `Instance ${id} did not stabilize. Current state: ${State?.Name}. ${StateReason?.Message}`,
      );
    } else return;
  }
}

/** Changes for which the instance is stopped and started. */
export async function changeStopped(
  ec2: Ec2Client,
  request: ExistingResource & { before: Properties },
): Promise<void> {
  const { scope, physicalId: InstanceId, properties: after, before } = request;
  const changed = ['InstanceType', 'UserData', 'EbsOptimized'].filter((name) =>
    isChanged(name, after, before),
  );
  if (changed.length === 0) return;
  await settled(ec2, request, InstanceId, 'pending');
  await ec2.call('StopInstances', { InstanceIds: [InstanceId] }, scope);
  await settled(ec2, request, InstanceId, 'stopping');
  for (const name of changed) {
    const UserData = { Value: Buffer.from(textOf(after, 'UserData') ?? '', 'base64') };
    const change =
      name === 'UserData'
        ? { UserData }
        : name === 'InstanceType'
          ? { InstanceType: { Value: textOf(after, 'InstanceType') ?? 'm1.small' } }
          : { EbsOptimized: { Value: flagOf(after, 'EbsOptimized') ?? false } };
    await ec2.call('ModifyInstanceAttribute', { InstanceId, ...change }, scope);
  }
  await ec2.call('StartInstances', { InstanceIds: [InstanceId] }, scope);
  await settled(ec2, request, InstanceId, 'pending');
}

/** Access to the instance's metadata. */
export function metadataOf(properties: Properties) {
  const options = objectOf(properties, 'MetadataOptions');
  return (
    options && {
      HttpTokens: textOf(options, 'HttpTokens') as 'required' | undefined,
      HttpEndpoint: textOf(options, 'HttpEndpoint') as 'enabled' | undefined,
      HttpPutResponseHopLimit: numberOf(options, 'HttpPutResponseHopLimit'),
      InstanceMetadataTags: textOf(options, 'InstanceMetadataTags') as 'enabled' | undefined,
    }
  );
}

/** CPU credits. */
export function creditsOf(properties: Properties) {
  const CpuCredits = textOf(objectOf(properties, 'CreditSpecification') ?? {}, 'CPUCredits');
  return CpuCredits === undefined ? undefined : { CpuCredits };
}
