// The state of an alarm, decided from the newest values of its metric. Pure.
//
// AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html. AWS reads some
// periods more than the alarm has, so that late values fill gaps. The number is not published; here it is two, as in
// the guide's example.

import type { AlarmConfiguration, AlarmState, Comparison, Finding } from './model.ts';

const FURTHER_PERIODS = 2;

/** The number of periods that an evaluation reads. */
export const periodsRead = ({ evaluationPeriods }: AlarmConfiguration): number =>
  evaluationPeriods + FURTHER_PERIODS;

/** The value of one period. */
export interface Datapoint {
  /** The beginning of the period, in milliseconds since the epoch. */
  at: number;
  value: number;
}

/** `points`: the existing datapoints of the periods read, newest first. `now` is in milliseconds since the epoch. */
export function findState(
  alarm: AlarmConfiguration,
  points: readonly Datapoint[],
  before: AlarmState,
  now: number,
): Finding {
  const { evaluationPeriods: wanted, datapointsToAlarm: enough = wanted, missing = 'missing' } = alarm;
  const looked = points.slice(0, wanted);
  const breaching = looked.filter(({ value }) => breaches(alarm, value));
  const lacking = wanted - looked.length;
  const counted = missing === 'breaching' ? breaching.length + lacking : breaching.length;
  const areAllBreaching = looked.length > 0 && breaching.length === looked.length;
  const found = (state: AlarmState) => finding(alarm, state, looked, breaching, lacking, now);

  if (counted >= enough) return found('ALARM');
  if (lacking === 0 || missing === 'breaching' || missing === 'notBreaching') return found('OK');
  if (looked.length === 0) return found(missing === 'ignore' ? before : 'INSUFFICIENT_DATA');
  if (!areAllBreaching) return found('OK');
  return found(missing === 'ignore' ? before : 'ALARM');
}

const breaches = ({ comparison, threshold }: AlarmConfiguration, value: number): boolean =>
  COMPARED[comparison].by(value, threshold);

const COMPARED: Record<Comparison, { words: string; by(value: number, threshold: number): boolean }> = {
  GreaterThanOrEqualToThreshold: { words: 'greater than or equal to', by: (a, b) => a >= b },
  GreaterThanThreshold: { words: 'greater than', by: (a, b) => a > b },
  LessThanThreshold: { words: 'less than', by: (a, b) => a < b },
  LessThanOrEqualToThreshold: { words: 'less than or equal to', by: (a, b) => a <= b },
};

/** Whether Millpond supports the comparison. */
export const isComparison = (text: string): text is Comparison => Object.hasOwn(COMPARED, text);

const MOST_SHOWN = 5;

// AWS: the wording is that of its notifications in public examples.
function finding(
  alarm: AlarmConfiguration,
  state: AlarmState,
  looked: readonly Datapoint[],
  breaching: readonly Datapoint[],
  lacking: number,
  now: number,
): Finding {
  const { threshold, period, of, evaluationPeriods: wanted, datapointsToAlarm: enough = wanted } = alarm;
  const reasonData = JSON.stringify({
    version: '1.0',
    queryDate: inZulu(now),
    ...(looked.length > 0 && { startDate: inZulu(looked.at(-1)!.at) }),
    ...('queries' in of ? {} : { statistic: of.statistic }),
    period,
    recentDatapoints: looked.map(({ value }) => value).reverse(),
    threshold,
    evaluatedDatapoints: looked.map(({ at, value }) => ({ timestamp: inZulu(at), value })),
  });
  if (looked.length === 0) {
    const some = `${count(lacking)} ${lacking === 1 ? 'was' : 'were'}`;
    if (state === 'INSUFFICIENT_DATA')
      return { state, reason: `Insufficient Data: ${some} unknown.`, reasonData };
    const taken =
      alarm.missing === 'ignore' ? 'ignored' : `treated as [${state === 'OK' ? 'Non' : ''}Breaching]`;
    return {
      state,
      reason: `Threshold Crossed: no datapoints were received for ${lacking} period${plural(lacking)} and ${some} ${taken}.`,
      reasonData,
    };
  }
  const { words } = COMPARED[alarm.comparison];
  const shown = (points: readonly Datapoint[]) =>
    `[${points.slice(0, MOST_SHOWN).map(one).join(', ')}]${points.length > MOST_SHOWN ? ' and others' : ''}`;
  const side = `the threshold (${decimal(threshold)})`;
  if (state === 'ALARM') {
    const minimum = `(minimum ${count(enough)} for OK -> ALARM transition)`;
    const were = breaching.length === 1 ? 'was' : 'were';
    return {
      state,
      reason: `Threshold Crossed: ${breaching.length} out of the last ${count(looked.length)} ${shown(breaching)} ${were} ${words} ${side} ${minimum}.`,
      reasonData,
    };
  }
  const others = looked.filter((point) => !breaching.includes(point));
  const were = others.length === 1 ? 'was' : 'were';
  return {
    state,
    reason: `Threshold Crossed: ${count(others.length)} ${shown(others)} ${were} not ${words} ${side}.`,
    reasonData,
  };
}

const plural = (number: number): string => (number === 1 ? '' : 's');
const count = (number: number): string => `${number} datapoint${plural(number)}`;
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
const one = ({ at, value }: Datapoint): string => `${decimal(value)} (${inDays(at)})`;
/** `2026-11-30T12:00:00.000+0000`. */
export const inZulu = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');
/** `30/11/26 12:00:00`. */
const inDays = (at: number): string => {
  const [year, month, day, time] = new Date(at).toISOString().split(/[-T.]/);
  return `${day}/${month}/${year!.slice(2)} ${time}`;
};
