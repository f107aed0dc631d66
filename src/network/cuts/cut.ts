// What a cut is: which packets it drops, told by zones and nodes instead of addresses. Pure.

import { regionOf } from '../../aws/regions.ts';

/** Packets between two ends that are dropped for some time. */
export interface Cut {
  /** `cut-` and eight hexadecimal digits. */
  id: string;
  /** An end; see `isIn`. */
  from: string;
  /** The other end; absent for everything that `from` does not include. */
  to?: string;
  /** Only packets that go from `from` to `to` are dropped. */
  oneWay: boolean;
  /** Milliseconds since the epoch. */
  since: number;
  /** The cut ends by itself then; absent when it lasts until it is cleared. Milliseconds since the epoch. */
  until?: number;
}

/** Where packets come from and go to: a node, or the clients in a zone. */
export interface Spot {
  zone: string;
  node?: { id: string; groupId: string };
}

/** The end that includes everything that is not a node. */
export const CLIENTS = 'clients';

/** Whether the text is the name of a zone, such as `us-east-1a`. */
export const isZone = (text: string): boolean =>
  regionOf(text.slice(0, -1))?.zones.some(({ name }) => name === text) === true;

/** Whether the end includes the spot. An end is `clients`, a zone, a node's id or a group's id, which means its nodes. */
export function isIn(end: string, { zone, node }: Spot): boolean {
  if (end === CLIENTS) return node === undefined;
  if (isZone(end)) return zone === end;
  return node !== undefined && (node.id === end || node.groupId === end);
}

/** Whether the cut drops packets from `source` to `destination`. */
export function drops(cut: Cut, source: Spot, destination: Spot): boolean {
  return isFrom(cut, source, destination) || (!cut.oneWay && isFrom(cut, destination, source));
}

/** What both ends include belongs to `from`. */
function isFrom({ from, to }: Cut, source: Spot, destination: Spot): boolean {
  if (!isIn(from, source) || isIn(from, destination)) return false;
  return to === undefined || isIn(to, destination);
}

/**
 * Since when packets do not pass both ways between two spots; `undefined` while they do. Milliseconds since the epoch.
 */
export function separatedSince(cuts: readonly Cut[], a: Spot, b: Spot): number | undefined {
  let since: number | undefined;
  for (const cut of cuts) {
    if (!drops(cut, a, b) && !drops(cut, b, a)) continue;
    since = Math.min(since ?? cut.since, cut.since);
  }
  return since;
}

/** `us-east-1a and us-east-1b`, `from shop-001 to everything else`. */
export function describeCut({ from, to, oneWay }: Cut): string {
  const other = to ?? 'everything else';
  return oneWay ? `from ${from} to ${other}` : `${from} and ${other}`;
}
