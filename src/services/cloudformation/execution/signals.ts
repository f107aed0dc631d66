// CreationPolicy: a resource counts as made only when it was signalled as often as its template says.

import { ResourceFailure } from '../../../control/resource-failure.ts';
import type { Value } from '../../../control/resource-type.ts';
import type { MadeResource, ResourceRecord } from '../stack/model.ts';
import { getStack } from '../stack/stacks.ts';
import type { Run } from './act.ts';

export const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** Rejects when a failure is signalled or the time is over. */
export async function awaitSignals(
  run: Run,
  resource: ResourceRecord,
  made: MadeResource,
  isRetry: boolean,
): Promise<void> {
  const wish = resourceSignal(made.creationPolicy);
  if (!wish) return;
  const { cf, stack } = run;
  const since = isRetry ? resource.action!.since : cf.clock.now();
  const outcome = await cf.notices.until(
    stack.stackId,
    () => {
      if (!getStack(cf, stack.stackId)) return 'gone';
      const { signals = [] } = cf.records.resources.get(stack.scope, stack.stackId, resource.logicalId) ?? {};
      resource.signals = signals;
      if (signals.some(({ status }) => status === 'FAILURE')) return 'failed';
      return signals.length >= wish.count ? 'enough' : undefined;
    },
    { signal: run.signal, deadline: since + wish.timeoutMs, now: cf.clock.now },
  );
  if (outcome === 'enough') return;
  const received = resource.signals.length;
  throw new ResourceFailure(
    outcome === 'failed'
      ? `Received ${resource.signals.filter(({ status }) => status === 'FAILURE').length} FAILURE signal(s) out of ${wish.count}.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement`
      : `Failed to receive ${wish.count - received} resource signal(s) within the specified duration`,
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

/** ISO 8601, as far as hours: `PT1H30M`. */
export function durationMs(text: string): number | undefined {
  const found = /^PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?$/.exec(text);
  if (!found) return undefined;
  const [, hours = 0, minutes = 0, seconds = 0] = found;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
}
