// CreationPolicy: the creation of a resource completes only after the number of signals that its template asks for.

import { ResourceFailure } from '../../../control/resource-failure.ts';
import type { Value } from '../../../control/resource-type.ts';
import type { MadeResource, ResourceRecord } from '../stack/model.ts';
import { getStack } from '../stack/stacks.ts';
import type { Run } from './act.ts';

/** AWS: PT5M. */
export const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** Waits for the signals. Rejects with a ResourceFailure after a failure signal or the timeout. */
export async function awaitSignals(
  run: Run,
  resource: ResourceRecord,
  made: MadeResource,
  isRetry: boolean,
): Promise<void> {
  const policy = resourceSignal(made.creationPolicy);
  if (!policy) return;
  const { cf, stack } = run;
  const since = isRetry ? resource.action!.since : cf.clock.now();
  const outcome = await cf.notices.until(
    stack.stackId,
    () => {
      if (!getStack(cf, stack.stackId)) return 'gone';
      const { signals = [] } = cf.records.resources.get(stack.scope, stack.stackId, resource.logicalId) ?? {};
      resource.signals = signals;
      if (signals.some(({ status }) => status === 'FAILURE')) return 'failed';
      return signals.length >= policy.count ? 'enough' : undefined;
    },
    { signal: run.signal, deadline: since + policy.timeoutMs, now: cf.clock.now },
  );
  if (outcome === 'enough') return;
  const received = resource.signals.length;
  throw new ResourceFailure(
    outcome === 'failed'
      ? `Received ${resource.signals.filter(({ status }) => status === 'FAILURE').length} FAILURE signal(s) out of ${policy.count}.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement`
      : `Failed to receive ${policy.count - received} resource signal(s) within the specified duration`,
    made.physicalId ?? '',
  );
}

function resourceSignal(policy: Value | undefined): { count: number; timeoutMs: number } | undefined {
  const { ResourceSignal } = (typeof policy === 'object' && policy !== null ? policy : {}) as {
    ResourceSignal?: { Count?: unknown; Timeout?: unknown };
  };
  if (!ResourceSignal) return undefined;
  const timeoutMs = durationMs(String(ResourceSignal.Timeout ?? 'PT5M'));
  return {
    count: Math.max(0, Number(ResourceSignal.Count ?? 1)),
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
}

/** Parses an ISO 8601 duration of hours, minutes and seconds: `PT1H30M`. `undefined`: it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?$/.exec(text);
  if (!found) return undefined;
  const [, hours = 0, minutes = 0, seconds = 0] = found;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
}
