// The lines that Lambda itself puts around a function's output.

export interface Report {
  requestId: string;
  version: string;
  durationMs: number;
  initDurationMs?: number;
  memoryMegabytes: number;
  usedMegabytes: number;
  timedOut: boolean;
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
    '',
  ].join('\t');
}
