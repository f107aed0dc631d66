// The fields that CloudWatch Logs Insights discovers in a log event: the members of JSON, and what Lambda's own lines
// say. Pure. AWS: "Supported logs and discovered fields" of the CloudWatch Logs user guide lists them.

/** A discovered value. AWS: true and false are 1 and 0 in queries (`filter cold_start = 1`, AWS's own samples). */
export type FieldValue = number | string;

/** Receives each discovered field of one event; a name may come more than once, then the first value counts. */
export type Visit = (name: string, value: FieldValue) => void;

/** AWS: at most 200 fields of a JSON event are discovered. */
const MOST_FIELDS = 200;
const DEEPEST = 50;
/** A longer name is not discovered. AWS does not document a limit. */
const LONGEST_NAME = 512;
/** AWS: sizes of memory are in bytes, and a megabyte has 1,000,000 (`max(@memorySize / 1000 / 1000)`, samples). */
const MEGABYTE = 1_000_000;

const MESSAGE_LINE = /^\S{20,40}\t([0-9a-f-]{36})\t/;
const START_OR_END = /^(START|END|REPORT) RequestId: ([0-9a-f-]{36})/;

/** The fields of Lambda's REPORT line: the name in the line, the discovered field, its factor. */
const REPORT_FIELDS: readonly [label: string, field: string, factor: number][] = [
  ['Duration', '@duration', 1],
  ['Billed Duration', '@billedDuration', 1],
  ['Memory Size', '@memorySize', MEGABYTE],
  ['Max Memory Used', '@maxMemoryUsed', MEGABYTE],
  ['Init Duration', '@initDuration', 1],
];
const XRAY_FIELDS: readonly [label: string, field: string][] = [
  ['XRAY TraceId', '@xrayTraceId'],
  ['SegmentId', '@xraySegmentId'],
];

/** Visits the fields of a message. `isLambda`: the log group is a function's. */
export function discover(message: string, isLambda: boolean, visit: Visit): void {
  if (isLambda) visitLambda(message, visit);
  const json = isLambda ? firstJson(message) : message.trimStart().startsWith('{') ? message : undefined;
  if (json === undefined) return;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return;
  }
  flatten(value, visit);
}

function visitLambda(message: string, visit: Visit): void {
  const platform = START_OR_END.exec(message);
  if (!platform) {
    const requestId = MESSAGE_LINE.exec(message)?.[1];
    if (requestId) visit('@requestId', requestId);
    return;
  }
  visit('@type', platform[1]!);
  visit('@requestId', platform[2]!);
  if (platform[1] !== 'REPORT') return;
  for (const part of message.split('\t')) {
    const colon = part.indexOf(': ');
    const label = part.slice(0, colon).trim();
    const text = part.slice(colon + 2).trim();
    const numeric = REPORT_FIELDS.find(([name]) => name === label);
    const number = Number.parseFloat(text);
    if (numeric && Number.isFinite(number)) visit(numeric[1], number * numeric[2]);
    const textual = XRAY_FIELDS.find(([name]) => name === label);
    if (textual) visit(textual[1], text);
  }
}

/** AWS: in Lambda's logs the first JSON fragment counts, wherever it begins. */
function firstJson(message: string): string | undefined {
  const start = message.indexOf('{');
  if (start < 0) return undefined;
  if (start === 0 && message.trimEnd().endsWith('}')) return message;
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < message.length; at++) {
    const char = message.charCodeAt(at);
    if (isQuoted) {
      if (char === 0x5c) at++;
      else if (char === 0x22) isQuoted = false;
    } else if (char === 0x22) isQuoted = true;
    else if (char === 0x7b) depth++;
    else if (char === 0x7d && --depth === 0) return message.slice(start, at + 1);
  }
  return undefined;
}

/** AWS: nested names are joined by dots, list items have their index as name: `items.0.id`. */
function flatten(root: unknown, visit: Visit): void {
  let count = 0;
  const walk = (value: unknown, name: string, depth: number): void => {
    if (count >= MOST_FIELDS || name.length > LONGEST_NAME) return;
    if (typeof value === 'object' && value !== null) {
      if (depth >= DEEPEST) return;
      for (const key of Object.keys(value)) {
        const member = (value as Record<string, unknown>)[key];
        walk(member, name === '' ? key : `${name}.${key}`, depth + 1);
        if (count >= MOST_FIELDS) return;
      }
    } else if (name !== '' && value !== null) {
      count++;
      visit(name, typeof value === 'boolean' ? Number(value) : (value as FieldValue));
    }
  };
  walk(root, '', 0);
}
