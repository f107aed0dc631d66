// The rows of a benchmark: figures, each next to a baseline or a peer of the same run, and their targets.

export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The figure of the baseline or the peer in the same run; `null` when there is none. */
  floor: number | null;
  /** value / floor. */
  ratio: number | null;
}

export interface JudgedRow extends Row {
  /** The target as text; empty for a figure that is only shown for comparison. */
  target: string;
  met: boolean;
}

/** The target of a figure. */
export type Target =
  | { atMost: number }
  | { atLeast: number }
  | { ratioAtMost: number }
  | { ratioAtLeast: number };

/** A row, with its ratio to the baseline. */
export function row(
  name: string,
  value: number,
  unit: string,
  options: { floor?: number; target?: Target } = {},
): JudgedRow {
  const floor = options.floor ?? null;
  const ratio =
    floor === null ? null : floor === 0 ? (value === 0 ? 1 : Number.POSITIVE_INFINITY) : value / floor;
  return judged({ name, value, unit, floor, ratio }, options.target);
}

/** The row with its target and whether it is met. */
export function judged(measured: Row, target?: Target): JudgedRow {
  if (!target) return { ...measured, target: '', met: true };
  const ratio = measured.ratio ?? Number.NaN;
  if ('atMost' in target)
    return verdict(`≤ ${target.atMost} ${measured.unit}`, measured.value <= target.atMost);
  if ('atLeast' in target)
    return verdict(`≥ ${target.atLeast} ${measured.unit}`, measured.value >= target.atLeast);
  if ('ratioAtMost' in target) return verdict(`≤ ${target.ratioAtMost} ×`, ratio <= target.ratioAtMost);
  return verdict(`≥ ${target.ratioAtLeast} ×`, ratio >= target.ratioAtLeast);

  function verdict(text: string, met: boolean): JudgedRow {
    return { ...measured, target: text, met };
  }
}

export const p50 = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor((samples.length - 1) / 2)] ?? Number.NaN;

export const worst = (samples: readonly number[]): number => Math.max(...samples);

/** The best throughput is the one least disturbed by other load. */
export const best = worst;
