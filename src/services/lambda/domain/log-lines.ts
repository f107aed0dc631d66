// The lines that Lambda itself puts around a function's output.

export interface Report {
  requestId: string;
  version: string;
  durationMs: number;
  initDurationMs?: number;
  memoryMegabytes: number;
  usedMegabytes: number;
  timedOut: boolean;
  /** Of what ended the function from outside of its handler. */
  errorType?: string;
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
    ...(report.timedOut ? ['Status: timeout'] : []),
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
