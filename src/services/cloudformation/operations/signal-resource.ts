// SignalResource, for resources with a creation policy. AWS: signals with the same UniqueId count once.

import { noSuchResource, validationError } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { stackNamed } from '../stack/lookup.ts';
import { changeStack, putResource } from '../stack/stacks.ts';

const MOST_SIGNALS = 1_000;

export const SignalResource: Operation<'SignalResource'> = (cf, input, context) => {
  const { LogicalResourceId: logicalId, UniqueId: uniqueId, Status: status } = input;
  const found = stackNamed(cf.records, context, input.StackName);
  changeStack(cf, found.stackId, (stack) => {
    const resource = cf.records.resources.get(stack.scope, stack.stackId, logicalId);
    if (!resource) throw noSuchResource(logicalId, stack.stackName);
    if (!resource.status.endsWith('_IN_PROGRESS')) {
      throw validationError(`Resource ${logicalId} is in ${resource.status} state and can not be signaled`);
    }
    if (resource.signals.length >= MOST_SIGNALS) throw validationError('Too many signals.');
    if (resource.signals.some((signal) => signal.uniqueId === uniqueId)) return;
    resource.signals.push({ uniqueId, status });
    putResource(cf, stack, resource, {
      status: resource.status,
      reason: `Received ${status} signal with UniqueId ${uniqueId}`,
    });
  });
  return {};
};
