// Which of several record sets of one name and type answer. Chance is an argument, and so is where Millpond claims to
// be; there are no health checks.

import type { RecordSet } from './record-set.ts';

const MOST_ANSWERS = 8;

export interface Asked {
  /** From 0 up to but not including 1. */
  random(): number;
  /** Taken to be nearest, for latency. */
  region: string;
}

/** All of `sets` have one name and one type; at least one. */
export function chooseSets(sets: readonly RecordSet[], { random, region }: Asked): readonly RecordSet[] {
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
      // AWS: `*` is for whoever is nowhere else, as every client of this machine is.
      return [
        sets.find(({ routing }) => routing?.kind === 'geolocation' && routing.country === '*') ?? first,
      ];
  }
}

function byWeight(sets: readonly RecordSet[], random: () => number): RecordSet {
  const weightOf = ({ routing }: RecordSet) => (routing?.kind === 'weighted' ? routing.weight : 0);
  const total = sets.reduce((sum, set) => sum + weightOf(set), 0);
  // AWS: where all weigh nothing, all weigh the same.
  if (total === 0) return sets[Math.floor(random() * sets.length)]!;
  let left = random() * total;
  return sets.find((set) => (left -= weightOf(set)) < 0) ?? sets.at(-1)!;
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all;
}
