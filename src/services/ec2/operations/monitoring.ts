// MonitorInstances and UnmonitorInstances: whether detailed monitoring was asked for, kept and shown.

import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import type { Inventory } from '../inventory.ts';
import type { Ec2 } from '../service.ts';

export const monitorInstances =
  (inventory: Inventory): HandlerOf<Ec2, 'MonitorInstances'> =>
  (input, context) =>
    change(inventory, context, input.InstanceIds, true);

export const unmonitorInstances =
  (inventory: Inventory): HandlerOf<Ec2, 'UnmonitorInstances'> =>
  (input, context) =>
    change(inventory, context, input.InstanceIds, false);

function change(inventory: Inventory, context: RequestContext, ids: string[], monitored: boolean) {
  return inventory.transaction(() => ({
    InstanceMonitorings: [...new Set(ids)].map((InstanceId) => {
      inventory.instances.put(context, { ...inventory.instances.existing(context, InstanceId), monitored });
      return { InstanceId, Monitoring: { State: monitored ? ('pending' as const) : ('disabling' as const) } };
    }),
  }));
}
