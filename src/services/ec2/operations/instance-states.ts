// Starts, stops, reboots and terminates instances. The state changes immediately; the response names the transitional
// state, as AWS's does.

import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter } from '../faults.ts';
import { incorrectState, stopProtected, terminationProtected } from '../instance-faults.ts';
import { stateView } from '../instances.ts';
import type { InstanceRecord } from '../model.ts';
import { newPublicAddress } from '../public-addresses.ts';
import type { Operation } from '../sdk.ts';
import { volumesOf } from '../volumes.ts';
import { freed } from './addresses.ts';

/** Throws IncorrectInstanceState for a terminated instance. */
export const StartInstances: Operation<'StartInstances'> = (ec2, input, context) => ({
  StartingInstances: change(ec2, context, input.InstanceIds, 'pending', (instance) => {
    if (instance.state === 'terminated') throw incorrectState(instance.instanceId, instance.state, 'started');
    if (instance.state === 'running') return instance;
    const publicIp = instance.wantsPublicIp && { publicIp: newPublicAddress(ec2, context) };
    return { ...instance, ...publicIp, state: 'running' };
  }),
});

/** The instance loses its own public address. Throws OperationNotPermitted if it is stop-protected. */
export const StopInstances: Operation<'StopInstances'> = (ec2, input, context) => ({
  StoppingInstances: change(ec2, context, input.InstanceIds, 'stopping', (instance) => {
    if (instance.state === 'terminated') throw incorrectState(instance.instanceId, instance.state, 'stopped');
    if (instance.stopProtected && instance.state === 'running') throw stopProtected(instance.instanceId);
    const { publicIp: _, ...rest } = instance;
    return { ...rest, state: 'stopped' };
  }),
});

/** Checks that the instances run. No machine reboots. */
export const RebootInstances: Operation<'RebootInstances'> = (ec2, input, context) => {
  for (const id of input.InstanceIds ?? []) {
    const { state } = ec2.records.instances.existing(context, id);
    if (state !== 'running') throw incorrectState(id, state, 'rebooted');
  }
  return {};
};

/** Frees elastic addresses. Throws OperationNotPermitted if an instance is termination-protected. */
export const TerminateInstances: Operation<'TerminateInstances'> = (ec2, input, context) => ({
  TerminatingInstances: change(ec2, context, input.InstanceIds, 'shutting-down', (instance) => {
    if (instance.terminationProtected && instance.state !== 'terminated') {
      throw terminationProtected(instance.instanceId);
    }
    for (const address of ec2.records.addresses.by(context, 'instance', instance.instanceId)) {
      ec2.records.addresses.put(context, freed(address));
    }
    // Tags of its volumes and interface are removed. Its own tags stay while lists show the instance.
    for (const { volumeId } of volumesOf(instance)) ec2.records.tags.remove(context, volumeId);
    ec2.records.tags.remove(context, instance.interfaceId);
    return { ...instance, state: 'terminated' };
  }),
});

/** Changes all the instances, or none if one of them cannot be changed. */
function change(
  ec2: Ec2,
  context: RequestContext,
  ids: string[] | undefined,
  transitional: 'pending' | 'stopping' | 'shutting-down',
  changed: (instance: InstanceRecord) => InstanceRecord,
) {
  if (!ids?.length) throw missingParameter('InstanceId');
  return ec2.store.transaction(() =>
    [...new Set(ids)].map((id) => {
      const before = ec2.records.instances.existing(context, id);
      const after = changed(before);
      const isChanged = after.state !== before.state;
      if (isChanged) ec2.records.instances.put(context, { ...after, stateChangedAt: ec2.clock.now() });
      return {
        InstanceId: id,
        PreviousState: stateView(before.state),
        CurrentState: stateView(isChanged ? transitional : before.state),
      };
    }),
  );
}
