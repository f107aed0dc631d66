// Periods of time: `5m`, `1h`, `1mo`, and the beginning of the period that a time is in. In UTC. Pure.

/** AWS's names of units; those of more than one letter may end in an s. */
const UNITS: readonly { names: readonly string[]; ms?: number; months?: number }[] = [
  { names: ['millisecond', 'ms', 'msec'], ms: 1 },
  { names: ['second', 's', 'sec'], ms: 1_000 },
  { names: ['minute', 'm', 'min'], ms: 60_000 },
  { names: ['hour', 'h', 'hr'], ms: 3_600_000 },
  { names: ['day', 'd'], ms: 86_400_000 },
  { names: ['week', 'w'], ms: 7 * 86_400_000 },
  { names: ['month', 'mo', 'mon'], months: 1 },
  { names: ['quarter', 'q', 'qtr'], months: 3 },
  { names: ['year', 'y', 'yr'], months: 12 },
];

/** A length of time: of milliseconds, or of calendar months. */
export interface Period {
  ms?: number;
  months?: number;
}

/** `undefined` for an unknown unit or an amount that is not positive. Months are whole. */
export function periodOf(amount: number, unit: string): Period | undefined {
  const found = UNITS.find(({ names }) =>
    names.some((name) => name === unit || (name.length > 1 && `${name}s` === unit)),
  );
  if (!found || !(amount > 0)) return undefined;
  if (found.ms !== undefined) return { ms: amount * found.ms };
  return Number.isInteger(amount) ? { months: amount * found.months! } : undefined;
}

/** The beginning of the period, in milliseconds since the epoch. */
export function floorTime(at: number, { ms, months }: Period): number {
  if (ms !== undefined) return Math.floor(at / ms) * ms;
  const date = new Date(at);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return monthStart(Math.floor(month / months!) * months!);
}

/** The beginning of the next period, or the time itself when a period begins there. */
export function ceilTime(at: number, period: Period): number {
  const floor = floorTime(at, period);
  if (floor === at) return at;
  if (period.ms !== undefined) return floor + period.ms;
  const date = new Date(floor);
  return monthStart(date.getUTCFullYear() * 12 + date.getUTCMonth() + period.months!);
}

function monthStart(months: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(months / 12), months % 12, 1);
  return date.getTime();
}
