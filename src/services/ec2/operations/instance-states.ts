// Starts, stops, reboots and terminates instances. Where an instance is a machine, its record gets the transitional
// state, and the controller does the rest; a record changes its state immediately, and only the response names the
// transitional state.

import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter } from '../faults.ts';
import { incorrectState, stopProtected, terminationProtected } from '../instance-faults.ts';
import { stateView } from '../instances.ts';
import { nextBoot } from '../machines/transition.ts';
import type { InstanceRecord, MachineRecord } from '../model.ts';
import { newPublicAddress } from '../public-addresses.ts';
import type { Operation } from '../sdk.ts';
import { volumesOf } from '../volumes.ts';
import { freed } from './addresses.ts';

/** Throws IncorrectInstanceState for an instance that is not stopped and does not run. */
export const StartInstances: Operation<'StartInstances'> = (ec2, input, context) => ({
  StartingInstances: change(ec2, context, input.InstanceIds, 'pending', (instance) => {
    const { instanceId, state } = instance;
    if (state === 'running' || state === 'pending') return instance;
    if (state !== 'stopped') throw incorrectState(instanceId, state, 'started');
    const publicIp = instance.wantsPublicIp && { publicIp: newPublicAddress(ec2, context) };
    const { stateReason: _, machine: __, ...rest } = instance;
    const machine = machineAgain(ec2, context, instance);
    return { ...rest, ...publicIp, ...(machine && { machine }), state: machine ? 'pending' : 'running' };
  }),
});

/** A record of times when no instance ran here becomes a machine, and the other way round. */
function machineAgain(
  ec2: Ec2,
  context: RequestContext,
  instance: InstanceRecord,
): MachineRecord | undefined {
  if (instance.machine) return ec2.machines.runHere ? nextBoot(instance.machine) : undefined;
  const key = instance.keyName && ec2.records.keyPairs.by(context, 'name', instance.keyName)[0];
  return ec2.machines.machineIn(ec2.records.subnets.existing(context, instance.subnetId), key || undefined);
}

/** The instance loses its own public address. Throws OperationNotPermitted if it is stop-protected. */
export const StopInstances: Operation<'StopInstances'> = (ec2, input, context) => ({
  StoppingInstances: change(ec2, context, input.InstanceIds, 'stopping', (instance) => {
    const { instanceId, state, machine } = instance;
    if (state === 'stopped' || state === 'stopping') return instance;
    if (state !== 'running') throw incorrectState(instanceId, state, 'stopped');
    if (instance.stopProtected) throw stopProtected(instanceId);
    const { publicIp: _, ...rest } = instance;
    if (!machine) return { ...rest, state: 'stopped' };
    return {
      ...instance,
      machine: { ...machine, ...(input.Force && { isForced: true }) },
      state: 'stopping',
    };
  }),
});

/** Throws IncorrectInstanceState for an instance that does not run. */
export const RebootInstances: Operation<'RebootInstances'> = (ec2, input, context) => {
  const { instances } = ec2.records;
  const ids = [...new Set(input.InstanceIds ?? [])];
  ec2.store.transaction(() => {
    for (const id of ids) {
      const instance = instances.existing(context, id);
      if (instance.state !== 'running') throw incorrectState(id, instance.state, 'rebooted');
      if (!instance.machine) continue;
      instances.put(context, { ...instance, machine: nextBoot(instance.machine) });
      ec2.machines.changed(context, id);
    }
  });
  return {};
};

/** Frees elastic addresses. Throws OperationNotPermitted if an instance is termination-protected. */
export const TerminateInstances: Operation<'TerminateInstances'> = (ec2, input, context) => ({
  TerminatingInstances: change(ec2, context, input.InstanceIds, 'shutting-down', (instance) => {
    const { state } = instance;
    if (state === 'terminated' || state === 'shutting-down') return instance;
    if (instance.terminationProtected) throw terminationProtected(instance.instanceId);
    for (const address of ec2.records.addresses.by(context, 'instance', instance.instanceId)) {
      ec2.records.addresses.put(context, freed(address));
    }
    // Tags of its volumes and interface are removed. Its own tags stay while lists show the instance.
    for (const { volumeId } of volumesOf(instance)) ec2.records.tags.remove(context, volumeId);
    ec2.records.tags.remove(context, instance.interfaceId);
    const { stateReason: _, ...rest } = instance;
    return { ...rest, state: instance.machine ? 'shutting-down' : 'terminated' };
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
      if (isChanged) {
        ec2.records.instances.put(context, { ...after, stateChangedAt: ec2.clock.now() });
        ec2.machines.changed(context, id);
      }
      return {
        InstanceId: id,
        PreviousState: stateView(before.state),
        CurrentState: stateView(isChanged ? transitional : before.state),
      };
    }),
  );
}
