// The time range of a dashboard or widget: `start` and `end`, each an ISO 8601 time or a duration before now, such as
// `-PT3H`. Pure.

/** Milliseconds since the epoch. */
export interface TimeSpan {
  start: number;
  end: number;
  /** Whether the range moves with the time, so that a page has to refresh it. */
  isLive: boolean;
}

/** AWS: a dashboard without `start` shows three hours. */
const DEFAULT_START = '-PT3H';
const DURATION =
  /^-P(?!T?$)(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Whether a text is a time or a duration before now. */
export const isTime = (text: string): boolean => momentOf(text, 0) !== undefined;

/** In milliseconds since the epoch; `undefined` for any other text. */
export function momentOf(text: string, now: number): number | undefined {
  const duration = DURATION.exec(text);
  if (duration) {
    const [months, weeks, days, hours, minutes, seconds] = duration.slice(1).map((part) => Number(part ?? 0));
    const moment = new Date(now);
    moment.setUTCMonth(moment.getUTCMonth() - months!);
    const dayCount = weeks! * 7 + days!;
    return moment.getTime() - (((dayCount * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
  }
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The range of texts that `isTime` accepts; an empty one is as long as a minute. `now` is in milliseconds. */
export function spanOf(given: { start?: string; end?: string }, now: number): TimeSpan {
  const end = (given.end === undefined ? undefined : momentOf(given.end, now)) ?? now;
  const start = momentOf(given.start ?? DEFAULT_START, now) ?? end;
  const isLive = given.end === undefined || given.end.startsWith('-');
  return { start: Math.min(start, end - 60_000), end, isLive };
}
