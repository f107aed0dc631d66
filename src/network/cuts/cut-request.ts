// Reads a request for a cut. Pure.

import { CLIENTS, type Cut, isZone } from './cut.ts';

/** A request that was understood. */
export interface CutRequest extends Pick<Cut, 'from' | 'to' | 'oneWay'> {
  /** How long the cut lasts; absent until it is cleared. Milliseconds. */
  forMs?: number;
}

/** A delay in place of a cut. */
export interface DelayRequest {
  delayMs: number;
}

/** What was asked for, or the sentence that says what is wrong with it. */
export type ReadRequest = { cut: CutRequest } | { delay: DelayRequest } | { problem: string };

const LEAST_MS = 100;
const MOST_MS = 24 * 60 * 60 * 1000;
const MOST_DELAY_MS = 60_000;
const MEMBERS = ['from', 'to', 'oneWay', 'forMs', 'delayMs'];

/** `isKnown`: whether the text is the id of a node or a group. */
export function readCutRequest(body: unknown, isKnown: (id: string) => boolean): ReadRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return problem('A cut is a JSON object with from, to, oneWay and forMs.');
  }
  const given = body as Record<string, unknown>;
  const foreign = Object.keys(given).find((name) => !MEMBERS.includes(name));
  if (foreign !== undefined) return problem(`A cut has no member ${JSON.stringify(foreign.slice(0, 50))}.`);
  const { oneWay = false, forMs, delayMs } = given;
  if (typeof oneWay !== 'boolean') return problem('oneWay must be true or false.');
  if (forMs !== undefined && !isWhole(forMs, LEAST_MS, MOST_MS)) {
    return problem('A cut lasts from 100 milliseconds to 24 hours (forMs, a whole number).');
  }
  if (delayMs !== undefined && !isWhole(delayMs, 1, MOST_DELAY_MS)) {
    return problem('A delay is a whole number of milliseconds from 1 to 60000 (delayMs).');
  }
  const from = endOf(given.from, isKnown);
  const to = given.to === undefined ? undefined : endOf(given.to, isKnown);
  for (const [name, end] of Object.entries({ from, to })) {
    if (end?.problem !== undefined) return problem(`${name} ${end.problem}`);
  }
  if (from?.end === to?.end) return problem('The two ends of a cut must differ.');
  if (delayMs !== undefined) return { delay: { delayMs: delayMs as number } };
  return {
    cut: {
      ...{ from: from!.end!, oneWay },
      ...(to && { to: to.end! }),
      ...(forMs !== undefined && { forMs: forMs as number }),
    },
  };
}

const problem = (sentence: string): ReadRequest => ({ problem: sentence });

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function endOf(value: unknown, isKnown: (id: string) => boolean): { end?: string; problem?: string } {
  const what = 'must be a zone such as us-east-1a, the id of a node or of a group, or clients';
  if (typeof value !== 'string' || value === '') return { problem: `${what}.` };
  const end = value.toLowerCase();
  if (end === CLIENTS || isZone(end) || isKnown(end)) return { end };
  return { problem: `${what}; there is no ${JSON.stringify(value.slice(0, 100))}.` };
}
