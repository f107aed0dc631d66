// MonitorInstances and UnmonitorInstances: whether detailed monitoring is enabled. It is stored and returned, and has
// no effect.

import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import type { Operation } from '../sdk.ts';

export const MonitorInstances: Operation<'MonitorInstances'> = (ec2, input, context) =>
  change(ec2, context, input.InstanceIds, true);

export const UnmonitorInstances: Operation<'UnmonitorInstances'> = (ec2, input, context) =>
  change(ec2, context, input.InstanceIds, false);

function change(ec2: Ec2, context: RequestContext, ids: string[], monitored: boolean) {
  return ec2.store.transaction(() => ({
    InstanceMonitorings: [...new Set(ids)].map((InstanceId) => {
      ec2.records.instances.change(context, InstanceId, (instance) => ({ ...instance, monitored }));
      return { InstanceId, Monitoring: { State: monitored ? ('pending' as const) : ('disabling' as const) } };
    }),
  }));
}
