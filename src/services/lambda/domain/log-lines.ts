// The log of an invocation in plain text: the function's output between Lambda's own lines. Pure.

/** One line of a log, without its line break. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** Why an environment failed to start; a timeout has no `errorType`. */
interface InitFailure {
  status: 'error' | 'timeout';
  errorType?: string;
}

/** The numbers of one invocation. */
export interface Report {
  requestId: string;
  version: string;
  durationMs: number;
  initDurationMs?: number;
  memoryMegabytes: number;
  usedMegabytes: number;
  status: 'success' | 'error' | 'timeout';
  /** The type of an error outside of the handler. */
  errorType?: string;
}

/** Everything that the log of one invocation contains. */
export interface LogParts {
  report: Report;
  /** Present when its environment was started for this invocation. */
  init: { durationMs: number; log: readonly LogLine[]; failure?: InitFailure } | undefined;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  /** The function's own output. */
  said: readonly LogLine[];
  /** Lambda's line about an error outside of the handler. */
  fault: string | undefined;
}

/** Renders the log. */
export function textLog(
  { report, init, startedAt, endedAt, said, fault }: LogParts,
  timeoutMs: number,
): LogLine[] {
  const endedText = new Date(endedAt).toISOString();
  return [
    ...(init?.log ?? []),
    ...(init?.failure ? [{ at: startedAt, text: initReportLine(init.durationMs, init.failure) }] : []),
    { at: startedAt, text: startLine(report) },
    ...said,
    ...(report.status === 'timeout'
      ? [{ at: endedAt, text: timeoutLine(report, endedText, timeoutMs) }]
      : []),
    ...(fault === undefined ? [] : [{ at: endedAt, text: fault }]),
    { at: endedAt, text: endLine(report) },
    { at: endedAt, text: reportLine(report) },
  ];
}

export const startLine = ({ requestId, version }: Report): string =>
  `START RequestId: ${requestId} Version: ${version}`;

export const endLine = ({ requestId }: Report): string => `END RequestId: ${requestId}`;

export const timeoutLine = ({ requestId }: Report, at: string, timeoutMs: number): string =>
  `${at} ${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds\n`;

/** AWS: tabs separate the fields and end the line. */
export function reportLine(report: Report): string {
  const { durationMs, initDurationMs, memoryMegabytes, usedMegabytes } = report;
  return [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initDurationMs ?? 0))} ms`,
    `Memory Size: ${memoryMegabytes} MB`,
    `Max Memory Used: ${Math.min(usedMegabytes, memoryMegabytes)} MB`,
    ...(initDurationMs === undefined ? [] : [`Init Duration: ${initDurationMs.toFixed(2)} ms`]),
    ...(report.status === 'timeout' ? ['Status: timeout'] : []),
    ...(report.errorType === undefined ? [] : ['Status: error', `Error Type: ${report.errorType}`]),
    '',
  ].join('\t');
}

/**
 * AWS: this line comes before START when an environment failed to start. AWS writes two, since it tries again within
 * the invocation (`Phase: invoke`); Millpond tries once.
 */
export const initReportLine = (
  durationMs: number,
  { status, errorType }: { status: 'error' | 'timeout'; errorType?: string },
): string =>
  [
    `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`,
    'Phase: init',
    `Status: ${status}`,
    ...(errorType === undefined ? [] : [`Error Type: ${errorType}`]),
  ].join('\t');
