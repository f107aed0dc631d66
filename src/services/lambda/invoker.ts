// Runs one invocation of a function: concurrency limits, the sandbox, the log and the metrics. The API, function URLs
// and the event queue all call this.

import type { LogLine, Outcome } from '../../machines/functions/function.ts';
import { keyOf, type Lambda, logGroupOf, logStreamOf, retire, specOf, whenReady } from './context.ts';
import { jsonLog } from './domain/json-log.ts';
import { type Report, textLog } from './domain/log-lines.ts';
import { functionArn, LATEST } from './domain/names.ts';
import { throttled, tooManyAtOnce } from './faults.ts';
import type { Call, Invoked, Invoker } from './invocation.ts';
import type { LogWriter } from './log-writer.ts';
import type { InvocationMetrics } from './metrics.ts';
import { codeOf } from './records.ts';

/** See `Invoker`. */
export function createInvoker(lambda: Lambda, logs: LogWriter, metrics: InvocationMetrics): Invoker {
  const running = new Map<string, number>();

  /**
   * A call that outlives its version may start an environment after the version's environments were ended. End it
   * too.
   */
  function retireOutlived({ scope, record, version }: Call): void {
    const current = lambda.records.snapshot(scope, record.name);
    if (current === record) return;
    const same = version.version === LATEST ? current?.latest : current?.versions[version.version];
    if (same?.revisionId !== version.revisionId) retire(lambda, [keyOf(scope, record.name, version)]);
  }

  async function run(call: Call): Promise<Invoked> {
    const { scope, record, version } = call;
    await whenReady(lambda, scope, record.name, version);
    const outcome = await lambda.functions.invoke(specOf(lambda, scope, record.name, version), {
      requestId: call.requestId,
      functionArn: call.arn,
      event: call.event,
      ...(call.clientContext !== undefined && { clientContext: call.clientContext }),
    });
    if (!outcome) throw refused(call, tooManyAtOnce());
    metrics.ended(calledAs(call), {
      durationMs: outcome.durationMs,
      isError: outcome.status !== 'succeeded',
    });
    const lines = logOf(call, outcome, lambda.clock.now());
    logs.write(scope, logGroupOf(record.name, version), logStreamOf(version, outcome.environment), lines);
    return { ...outcome, lines };
  }

  function refused(call: Call, fault: Error): Error {
    metrics.throttled(calledAs(call));
    return fault;
  }

  return {
    async invoke(call) {
      const key = functionArn(call.scope, call.record.name);
      const now = running.get(key) ?? 0;
      if (call.record.reservedConcurrency !== undefined && now >= call.record.reservedConcurrency)
        throw refused(call, throttled());
      running.set(key, now + 1);
      // Hold the code until an environment does: the function may be deleted while its runtime is prepared.
      const releaseCode = lambda.code.hold(codeOf(call.version));
      metrics.began(calledAs(call), now + 1);
      try {
        return await run(call);
      } finally {
        releaseCode();
        retireOutlived(call);
        const left = running.get(key)! - 1;
        if (left > 0) running.set(key, left);
        else running.delete(key);
      }
    },
  };
}

/** The function as the caller named it: `name` or `name:alias`. */
const calledAs = ({ scope, record, arn }: Call) => ({
  scope,
  functionName: record.name,
  resource: arn.slice(arn.lastIndexOf(':function:') + ':function:'.length),
});

function logOf({ requestId, version }: Call, outcome: Outcome, now: number): LogLine[] {
  const { init, fault } = outcome;
  const report: Report = {
    requestId,
    version: version.version,
    durationMs: outcome.durationMs,
    ...(init && !init.failure && { initDurationMs: init.durationMs }),
    memoryMegabytes: version.memoryMegabytes,
    usedMegabytes: Math.ceil(outcome.memoryBytes / 2 ** 20),
    status: outcome.status === 'timed out' ? 'timeout' : fault ? 'error' : 'success',
    ...(fault && { errorType: fault.errorType }),
  };
  const startedAt = Math.round(now - outcome.durationMs);
  const parts = { report, init, startedAt, endedAt: now, said: outcome.log, fault: fault?.text };
  return version.logging
    ? jsonLog(parts, { level: version.logging.systemLevel, runtime: version.runtime })
    : textLog(parts, version.timeoutSeconds * 1000);
}
