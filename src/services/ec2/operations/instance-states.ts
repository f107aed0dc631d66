// StartInstances, StopInstances, RebootInstances and TerminateInstances. States are reached at once; the answers name
// the states on the way, as AWS's do.

import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import { missingParameter } from '../faults.ts';
import { incorrectState, stopProtected, terminationProtected } from '../instance-faults.ts';
import { stateView } from '../instances.ts';
import type { Inventory } from '../inventory.ts';
import { newPublicAddress } from '../public-addresses.ts';
import type { InstanceRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';
import { volumesOf } from '../volumes.ts';
import { freed } from './addresses.ts';

export function startInstances(inventory: Inventory): HandlerOf<Ec2, 'StartInstances'> {
  return (input, context) => ({
    StartingInstances: change(inventory, context, input.InstanceIds, 'pending', (instance) => {
      if (instance.state === 'terminated')
        throw incorrectState(instance.instanceId, instance.state, 'started');
      if (instance.state === 'running') return instance;
      const publicIp = instance.wantsPublicIp && { publicIp: newPublicAddress(inventory, context) };
      return { ...instance, ...publicIp, state: 'running' };
    }),
  });
}

export function stopInstances(inventory: Inventory): HandlerOf<Ec2, 'StopInstances'> {
  return (input, context) => ({
    StoppingInstances: change(inventory, context, input.InstanceIds, 'stopping', (instance) => {
      if (instance.state === 'terminated')
        throw incorrectState(instance.instanceId, instance.state, 'stopped');
      if (instance.stopProtected && instance.state === 'running') throw stopProtected(instance.instanceId);
      const { publicIp: _, ...rest } = instance;
      return { ...rest, state: 'stopped' };
    }),
  });
}

/** There is no machine that could do it. */
export function rebootInstances(inventory: Inventory): HandlerOf<Ec2, 'RebootInstances'> {
  return (input, context) => {
    for (const id of input.InstanceIds ?? []) {
      const { state } = inventory.instances.existing(context, id);
      if (state !== 'running') throw incorrectState(id, state, 'rebooted');
    }
    return {};
  };
}

export function terminateInstances(inventory: Inventory): HandlerOf<Ec2, 'TerminateInstances'> {
  return (input, context) => ({
    TerminatingInstances: change(inventory, context, input.InstanceIds, 'shutting-down', (instance) => {
      if (instance.terminationProtected && instance.state !== 'terminated') {
        throw terminationProtected(instance.instanceId);
      }
      for (const address of inventory.addresses.by(context, 'instance', instance.instanceId)) {
        inventory.addresses.put(context, freed(address));
      }
      // What ends with it has no tags any more; its own are shown as long as it is.
      for (const { volumeId } of volumesOf(instance)) inventory.tags.remove(context, volumeId);
      inventory.tags.remove(context, instance.interfaceId);
      return { ...instance, state: 'terminated' };
    }),
  });
}

/** All of them, or none when one cannot be changed. */
function change(
  inventory: Inventory,
  context: RequestContext,
  ids: string[] | undefined,
  onTheWay: 'pending' | 'stopping' | 'shutting-down',
  changed: (instance: InstanceRecord) => InstanceRecord,
) {
  if (!ids?.length) throw missingParameter('InstanceId');
  return inventory.transaction(() =>
    [...new Set(ids)].map((id) => {
      const before = inventory.instances.existing(context, id);
      const after = changed(before);
      const isChanged = after.state !== before.state;
      if (isChanged) inventory.instances.put(context, { ...after, stateChangedAt: inventory.clock.now() });
      return {
        InstanceId: id,
        PreviousState: stateView(before.state),
        CurrentState: stateView(isChanged ? onTheWay : before.state),
      };
    }),
  );
}
