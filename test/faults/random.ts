// Chance that can be repeated: everything that a fault program draws comes from one seed, which it prints.
// `FAULT_SEED=… npm run test:faults` draws the same again.

export interface Random {
  /** From 0 up to and without `bound`, a whole number. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** The one given in the environment; else `fallback`; else another one every time. */
export function chosenSeed(fallback?: number): number {
  const given = Number(process.env.FAULT_SEED);
  return given || (fallback ?? Math.floor(Math.random() * 2 ** 31));
}

/** Mulberry32: small, and even enough to choose victims and moments. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const random: Random = {
    below: (bound) => Math.floor(next() * bound),
    pick: (items) => items[random.below(items.length)]!,
    shuffled(items) {
      const result = [...items];
      for (let i = result.length - 1; i > 0; i--) {
        const j = random.below(i + 1);
        [result[i], result[j]] = [result[j]!, result[i]!];
      }
      return result;
    },
  };
  return random;
}
