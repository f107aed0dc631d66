// Routing policies: which of several record sets with one name and type answer. Random numbers and Millpond's region
// are arguments. There are no health checks. Pure.

import type { RecordSet } from './record-set.ts';

const MOST_ANSWERS = 8;

/** The inputs of a routing decision. */
export interface RoutingInputs {
  /** A random number, at least 0 and less than 1. */
  random(): number;
  /** The region that latency routing prefers. */
  region: string;
}

/** The record sets that answer. `sets` is not empty; all have the same name and type. */
export function chooseSets(
  sets: readonly RecordSet[],
  { random, region }: RoutingInputs,
): readonly RecordSet[] {
  const first = sets[0]!;
  switch (first.routing?.kind) {
    case undefined:
      return [first];
    case 'weighted':
      return [byWeight(sets, random)];
    case 'multivalue':
      return shuffled(sets, random).slice(0, MOST_ANSWERS);
    case 'latency':
      return [sets.find(({ routing }) => routing?.kind === 'latency' && routing.region === region) ?? first];
    case 'failover':
      return [
        sets.find(({ routing }) => routing?.kind === 'failover' && routing.role === 'PRIMARY') ?? first,
      ];
    case 'geolocation':
      // AWS: `*` is for clients without a known location; all clients of this machine are such.
      return [
        sets.find(({ routing }) => routing?.kind === 'geolocation' && routing.country === '*') ?? first,
      ];
  }
}

function byWeight(sets: readonly RecordSet[], random: () => number): RecordSet {
  const weightOf = ({ routing }: RecordSet) => (routing?.kind === 'weighted' ? routing.weight : 0);
  const total = sets.reduce((sum, set) => sum + weightOf(set), 0);
  // AWS: if all weights are zero, all record sets are equally likely.
  if (total === 0) return sets[Math.floor(random() * sets.length)]!;
  let left = random() * total;
  return sets.find((set) => (left -= weightOf(set)) < 0) ?? sets.at(-1)!;
}

/** The items in random order. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all;
}
