// The log of an invocation in JSON: the function's output between Lambda's own events, whose form is in the guide to
// the Telemetry API. Pure.

import type { LogLine, LogParts } from './log-lines.ts';

type Level = 'DEBUG' | 'INFO' | 'WARN';

const LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARN'];

/** Renders the log; events below `level` are left out. AWS: the guide to log levels has the level of each event. */
export function jsonLog(parts: LogParts, { level, runtime }: { level: string; runtime: string }): LogLine[] {
  const { report, init, startedAt, endedAt, said, fault } = parts;
  const { requestId, status, errorType } = report;
  const failed = { status, ...(errorType !== undefined && { errorType }) };
  const outcomeLevel = (usual: Level): Level => (status === 'success' ? usual : 'WARN');
  const isShown = (own: Level) => LEVELS.indexOf(own) >= LEVELS.indexOf(level);
  const event = (own: Level, at: number, type: string, record: object): LogLine[] =>
    isShown(own)
      ? [{ at, text: JSON.stringify({ time: new Date(at).toISOString(), type: `platform.${type}`, record }) }]
      : [];
  return [
    ...(init ? event('INFO', startedAt, 'initStart', { ...INIT, runtimeVersion: runtime }) : []),
    ...(init?.log ?? []),
    ...(init ? initReport(init, startedAt, event) : []),
    ...event('INFO', startedAt, 'start', { requestId, version: report.version }),
    ...said,
    ...(fault === undefined ? [] : [{ at: endedAt, text: fault }]),
    ...event(outcomeLevel('DEBUG'), endedAt, 'runtimeDone', {
      requestId,
      ...failed,
      metrics: { durationMs: rounded(report.durationMs) },
    }),
    ...event(outcomeLevel('INFO'), endedAt, 'report', { requestId, metrics: metricsOf(report), ...failed }),
  ];
}

const INIT = { initializationType: 'on-demand', phase: 'init' };

function initReport(
  { durationMs, failure }: NonNullable<LogParts['init']>,
  at: number,
  event: (level: Level, at: number, type: string, record: object) => LogLine[],
): LogLine[] {
  return event(failure ? 'WARN' : 'DEBUG', at, 'initReport', {
    ...INIT,
    status: failure?.status ?? 'success',
    ...(failure?.errorType !== undefined && { errorType: failure.errorType }),
    metrics: { durationMs: rounded(durationMs) },
  });
}

function metricsOf({ durationMs, initDurationMs, memoryMegabytes, usedMegabytes }: LogParts['report']) {
  return {
    durationMs: rounded(durationMs),
    billedDurationMs: Math.ceil(durationMs + (initDurationMs ?? 0)),
    memorySizeMB: memoryMegabytes,
    maxMemoryUsedMB: Math.min(usedMegabytes, memoryMegabytes),
    ...(initDurationMs !== undefined && { initDurationMs: rounded(initDurationMs) }),
  };
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
