// `millpond fault cut|list|clear`: faults of the network between zones, nodes and clients.

import { parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type Cut, describeCut } from '../network/cuts/cut.ts';
import { type CliContext, print } from './context.ts';
import type { DataDirFlags } from './flags.ts';
import { requestOwn } from './own-request.ts';
import { runningInstance } from './running.ts';

/** The flags of `fault cut`. */
export interface CutFlags extends DataDirFlags {
  from: string;
  to?: string;
  for?: string;
  oneWay?: boolean;
  delay?: string;
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Prints the id of the cut. Throws InvalidOption, or CommandFailed with Millpond's sentence. */
export async function cutNetwork(context: CliContext, flags: CutFlags): Promise<void> {
  const { from, to, oneWay } = flags;
  const forMs = flags.for === undefined ? undefined : durationOf('--for', flags.for);
  const delayMs = flags.delay === undefined ? undefined : durationOf('--delay', flags.delay);
  const body = { from, to, oneWay, forMs, delayMs };
  const cut = (await request(context, flags, 'POST', '', body)) as Cut;
  print(renderCut(cut, Date.now()));
}

/** Prints all cuts that hold. */
export async function listCuts(context: CliContext, flags: DataDirFlags & { json?: boolean }): Promise<void> {
  const { cuts } = (await request(context, flags, 'GET', '')) as { cuts: Cut[] };
  if (flags.json) return print(JSON.stringify(cuts, undefined, 2));
  if (cuts.length === 0) return print('Nothing is cut.');
  for (const cut of cuts) print(renderCut(cut, Date.now()));
}

/** Ends one cut, or all. Throws CommandFailed when there is none with this id. */
export async function clearCuts(context: CliContext, flags: DataDirFlags, id?: string): Promise<void> {
  const path = id === undefined ? '' : `/${encodeURIComponent(id)}`;
  const { cuts } = (await request(context, flags, 'DELETE', path)) as { cuts: Cut[] };
  if (cuts.length === 0) return print('Nothing was cut.');
  for (const cut of cuts) print(`${cut.id}   ended: ${describeCut(cut)}`);
}

/** A line of text. `now`: milliseconds since the epoch. */
export function renderCut(cut: Cut, now: number): string {
  const { id, until } = cut;
  const left = until === undefined ? 'until it is cleared' : `for another ${secondsOf(until - now)} s`;
  return `${id}   ${describeCut(cut)}   ${left}`;
}

/** With tenths below ten seconds. */
const secondsOf = (ms: number): string => (Math.max(0, ms) / 1000).toFixed(ms < 10_000 ? 1 : 0);

/** Milliseconds. Throws InvalidOption. */
export function durationOf(flag: string, text: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) {
    throw new OperationalError(
      'InvalidOption',
      `${flag} must be a time such as 500ms, 30s, 5m or 1h, not ${JSON.stringify(text)}.`,
    );
  }
  return Math.round(Number(number) * UNITS[unit]!);
}

async function request(
  context: CliContext,
  { dataDir }: DataDirFlags,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const instance = runningInstance(parseConfig({ dataDir }, context.env).dataDir);
  return requestFault(instance.listening.url, method, path, body);
}

/** Calls `/_millpond/faults` at this URL. Throws CommandFailed with the sentence of a refusal, or TimedOut. */
export const requestFault = (url: string, method: string, path: string, body?: unknown): Promise<unknown> =>
  requestOwn(url, method, `faults${path}`, body);
