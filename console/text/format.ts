// Numbers and times as texts. Pure.

/** How times are shown. */
export type Zone = 'utc' | 'local';

const UNITS: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A number in a few characters: `1.23k`, `0.0042`, `12`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '–';
  const [unit, letter] = UNITS.find(([least]) => size >= least * 0.9995) ?? [1, ''];
  if (size > 0 && size < 0.001) return value.toExponential(1).replace('e-', 'e−').replace(/^-/, '−');
  const text = String(Number((value / unit).toPrecision(3)));
  return `${text.replace('-', '−')}${letter}`;
}

/** A number with all digits that a reader may want. */
export function fullNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) < 1e6 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 0 };
  return value.toLocaleString('en', digits);
}

const zoneOf = (zone: Zone): { timeZone?: string } => (zone === 'utc' ? { timeZone: 'UTC' } : {});

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/** `30 Nov, 18:05:30`, of seconds since the epoch. */
export const momentText = (seconds: number, zone: Zone): string =>
  new Date(seconds * 1000).toLocaleString('en-GB', { ...DAY, ...CLOCK, second: '2-digit', ...zoneOf(zone) });

/** `18:05`, of milliseconds since the epoch. */
export const clockText = (milliseconds: number, zone: Zone): string =>
  new Date(milliseconds).toLocaleTimeString('en-GB', { ...CLOCK, second: '2-digit', ...zoneOf(zone) });

/** The label of a time axis whose marks are `step` seconds apart. */
export function axisTime(seconds: number, step: number, zone: Zone): string {
  const date = new Date(seconds * 1000);
  const midnight = clockText(date.getTime(), zone) === '00:00:00';
  if (step >= 86_400 || midnight) return date.toLocaleDateString('en-GB', { ...DAY, ...zoneOf(zone) });
  const second = step < 60 ? ({ second: '2-digit' } as const) : {};
  return date.toLocaleTimeString('en-GB', { ...CLOCK, ...second, ...zoneOf(zone) });
}

/** `5 minutes ago`; `now` and `then` are in milliseconds. */
export function agoText(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 60) return 'just now';
  const [size, word] =
    seconds < 3_600 ? [60, 'minute'] : seconds < 86_400 ? [3_600, 'hour'] : ([86_400, 'day'] as const);
  const count = Math.floor(seconds / (size as number));
  return `${count} ${word}${count === 1 ? '' : 's'} ago`;
}

/** The name of the zone: `UTC`, or the browser's. */
export function zoneName(zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(new Date());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local';
}
