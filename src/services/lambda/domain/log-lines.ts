// The log of an invocation as plain text: the lines that Lambda itself puts around a function's output. Pure.

export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** Why a process did not come up; without a type for a timeout. */
interface InitFailure {
  status: 'error' | 'timeout';
  errorType?: string;
}

export interface Report {
  requestId: string;
  version: string;
  durationMs: number;
  initDurationMs?: number;
  memoryMegabytes: number;
  usedMegabytes: number;
  status: 'success' | 'error' | 'timeout';
  /** Of what ended the function from outside of its handler. */
  errorType?: string;
}

/** What there is to be logged of one invocation. */
export interface LogParts {
  report: Report;
  /** Where its process was begun for it. */
  init: { durationMs: number; log: readonly LogLine[]; failure?: InitFailure } | undefined;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  /** By the function. */
  said: readonly LogLine[];
  /** What Lambda says of what ended the function from outside of its handler. */
  fault: string | undefined;
}

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

/** AWS: fields are parted, and the line ended, by tabs. */
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
 * AWS: stands before START where a process did not come up. There are two on AWS, which tries once more within the
 * invocation (`Phase: invoke`); here it is tried once.
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
