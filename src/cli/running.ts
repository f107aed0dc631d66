// Finds and queries the Millpond that runs on a data directory.

import { commandOn } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { EndpointNames, MillpondStatus, WhyReport } from '../status.ts';
import { type InstanceRecord, isHeld, readRecord } from './data-directory.ts';

/** Where a Millpond answers. */
export type Listening = { pid: number; listening: { url: string } };

const ANSWER_TIMEOUT_MS = 10_000;

/** Throws NotRunning when none runs or it is still starting. */
export function runningInstance(dataDir: string): Required<InstanceRecord> {
  if (!isHeld(dataDir)) {
    throw new OperationalError(
      'NotRunning',
      `Millpond is not running on ${dataDir}; start it with \`${commandOn(dataDir, 'up')}\`.`,
    );
  }
  const record = readRecord(dataDir);
  if (!record?.listening) {
    throw new OperationalError(
      'NotRunning',
      `The Millpond on ${dataDir} is still starting; try again in a moment.`,
    );
  }
  return record as Required<InstanceRecord>;
}

/** Throws TimedOut or CommandFailed. */
export async function fetchStatus(instance: Listening): Promise<MillpondStatus> {
  return (await get(instance, '/_millpond/status')) as MillpondStatus;
}

/** `undefined` for an unknown resource. Throws TimedOut or CommandFailed. */
export async function fetchWhy(
  instance: Required<InstanceRecord>,
  resource: string,
): Promise<WhyReport | undefined> {
  return (await get(instance, `/_millpond/why?${new URLSearchParams({ resource })}`)) as
    | WhyReport
    | undefined;
}

/** Every endpoint name with its current address. Throws TimedOut or CommandFailed. */
export async function fetchNames(instance: Required<InstanceRecord>): Promise<EndpointNames> {
  return ((await get(instance, '/_millpond/names')) ?? {}) as EndpointNames;
}

/** The answer's JSON, `undefined` for 404. Throws TimedOut or CommandFailed. */
export async function get(instance: Listening, path: string): Promise<unknown> {
  const { url } = instance.listening;
  let answer: Response;
  try {
    answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw new OperationalError(
      'TimedOut',
      `The Millpond at ${url} (pid ${instance.pid}) does not answer.`,
      error,
    );
  }
  if (answer.status === 404) return undefined;
  throw new OperationalError('CommandFailed', `The Millpond at ${url} answered ${answer.status} to ${path}.`);
}
