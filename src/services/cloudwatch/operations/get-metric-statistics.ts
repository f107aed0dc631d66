// GetMetricStatistics: statistics of one metric, period by period.

import { readUnit } from '../domain/datum.ts';
import { checkMetricName, checkNamespace, identityKey, readDimensions } from '../domain/identity.ts';
import { gather, isPeriod, rangeOf } from '../domain/period.ts';
import { type Aggregate, UNITS } from '../domain/point.ts';
import { type BASIC, basicStatistic, extendedStatistic, type Statistic } from '../domain/statistic.ts';
import {
  invalidStatistic,
  noStatistic,
  startNotBeforeEnd,
  tooManyDatapoints,
  wrongPeriod,
} from '../faults.ts';
import { nowOf } from '../metrics.ts';
import type { Operation } from '../sdk.ts';

const MOST_DATAPOINTS = 1_440;

/** An unknown metric has no datapoints. Throws InvalidParameterCombination for more than 1,440 datapoints. */
export const GetMetricStatistics: Operation<'GetMetricStatistics'> = async (cloudwatch, input, context) => {
  const statistics = readStatistics(input.Statistics ?? [], input.ExtendedStatistics ?? []);
  const namespace = checkNamespace(input.Namespace);
  const name = checkMetricName(input.MetricName);
  const dimensions = readDimensions(input.Dimensions);
  const unit = input.Unit === undefined ? undefined : readUnit(input.Unit);
  const { Period: period, StartTime, EndTime } = input;
  if (!isPeriod(period)) throw wrongPeriod('Period');
  if (StartTime.getTime() >= EndTime.getTime()) throw startNotBeforeEnd();
  const now = nowOf(cloudwatch);
  const range = rangeOf(StartTime.getTime(), EndTime.getTime(), period, now);
  const asked = Math.ceil((range.to - range.from) / period);
  if (asked > MOST_DATAPOINTS) throw tooManyDatapoints(asked, MOST_DATAPOINTS);
  const metric = cloudwatch.index.find(context, identityKey({ namespace, name, dimensions }));
  if (!metric) return { Label: name, Datapoints: [] };
  const points = (await cloudwatch.points.read([metric.id], range.from, range.to)).get(metric.id)!;
  // AWS: values of different units are not aggregated.
  const byUnit = Map.groupBy(points, (point) => point.unit);
  const datapoints = [...byUnit]
    .filter(([own]) => unit === undefined || own === unit)
    .flatMap(([own, ofUnit]) =>
      [...gather(ofUnit, range, period, now)].map(([at, aggregate]) => ({
        Timestamp: new Date(at * 1000),
        ...render(aggregate, statistics),
        Unit: UNITS[own],
      })),
    )
    .filter((datapoint) => Object.keys(datapoint).length > 2)
    .sort((a, b) => a.Timestamp.getTime() - b.Timestamp.getTime());
  return { Label: name, Datapoints: datapoints };
};

interface Wanted {
  basic: [name: string, of: Statistic][];
  extended: [name: string, of: Statistic][];
}

function readStatistics(basic: readonly string[], extended: readonly string[]): Wanted {
  if (basic.length + extended.length === 0) throw noStatistic();
  return {
    basic: basic.map((name, place) => [
      name,
      known(basicStatistic(name), name, `Statistics.member.${place + 1}`),
    ]),
    extended: extended.map((name, place) => [
      name,
      known(extendedStatistic(name), name, `ExtendedStatistics.member.${place + 1}`),
    ]),
  };
}

function known(found: Statistic | undefined, name: string, parameter: string): Statistic {
  if (!found) throw invalidStatistic(name, parameter);
  return found;
}

/** Leaves out the statistics that the aggregate does not have. */
function render(aggregate: Aggregate, { basic, extended }: Wanted) {
  const valuesOf = (statistics: Wanted['basic']) =>
    Object.fromEntries(
      statistics.map(([name, of]) => [name, of(aggregate)]).filter(([, value]) => value !== undefined),
    ) as Record<string, number>;
  const percentiles = valuesOf(extended);
  return {
    ...(valuesOf(basic) as Partial<Record<keyof typeof BASIC, number>>),
    ...(Object.keys(percentiles).length > 0 && { ExtendedStatistics: percentiles }),
  };
}
