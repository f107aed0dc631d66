// Reads and checks the input of PutMetricAlarm. Features that Millpond does not have are refused by name.

import { parseArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import { readUnit } from '../domain/datum.ts';
import { checkMetricName, checkNamespace, readDimensions, renderDimensions } from '../domain/identity.ts';
import { type GivenQuery, readQueries } from '../domain/metric-queries.ts';
import { isPeriod } from '../domain/period.ts';
import { basicStatistic, extendedStatistic } from '../domain/statistic.ts';
import { bothGiven, invalid, invalidStatistic, required, wrongPeriod } from '../faults.ts';
import type { Input } from '../sdk.ts';
import { ACTION_SERVICES } from './actions.ts';
import type { AlarmConfiguration, AlarmMetric, Missing } from './model.ts';
import { isComparison } from './state.ts';

type PutMetricAlarm = Input<'PutMetricAlarm'>;

const MISSING: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const DAY = 86_400;
const HOUR = 3_600;
const MOST_ACTIONS = 5;
const MOST_QUERIES = 20;

// AWS: the code is one of the common errors. The model declares only LimitExceeded.
const wrong = (message: string): Fault => new Fault('ValidationError', message, { status: 400 });
const unsupported = (what: string): Fault => wrong(`Millpond does not support ${what}.`);

/** Throws InvalidParameterValue, InvalidParameterCombination, MissingParameter or ValidationError. */
export function readConfiguration(input: PutMetricAlarm, scope: Scope): AlarmConfiguration {
  refuse(input);
  const { of, period } = input.Metrics?.length ? queriesOf(input, input.Metrics, scope) : metricOf(input);
  const { EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData } = input;
  if (EvaluationPeriods === undefined) throw required('EvaluationPeriods');
  if (Threshold === undefined) throw required('Threshold');
  if (ComparisonOperator === undefined) throw required('ComparisonOperator');
  if (!isComparison(ComparisonOperator)) throw unsupported(`the comparison ${ComparisonOperator}`);
  if (EvaluationPeriods < 1) throw invalid(EvaluationPeriods, 'EvaluationPeriods');
  if (DatapointsToAlarm !== undefined && (DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods))
    throw wrong('DatapointsToAlarm must be at least 1 and at most EvaluationPeriods.');
  const longest = period < HOUR ? DAY : 7 * DAY;
  if (EvaluationPeriods * period > longest) {
    throw wrong(
      `Metrics cannot be checked across more than ${longest === DAY ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${longest}).`,
    );
  }
  if (TreatMissingData !== undefined && !MISSING.includes(TreatMissingData))
    throw invalid(TreatMissingData, 'TreatMissingData');
  return {
    name: input.AlarmName,
    ...(input.AlarmDescription !== undefined && { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: {
      OK: actionsOf(input.OKActions, scope),
      ALARM: actionsOf(input.AlarmActions, scope),
      INSUFFICIENT_DATA: actionsOf(input.InsufficientDataActions, scope),
    },
    ...{ of, period, threshold: Threshold, comparison: ComparisonOperator },
    evaluationPeriods: EvaluationPeriods,
    ...(DatapointsToAlarm !== undefined && { datapointsToAlarm: DatapointsToAlarm }),
    ...(TreatMissingData !== undefined && { missing: TreatMissingData as Missing }),
    ...(input.EvaluateLowSampleCountPercentile !== undefined && { evaluatesLowSamples: true }),
  };
}

function refuse(input: PutMetricAlarm): void {
  if (input.ThresholdMetricId !== undefined) throw unsupported('alarms with anomaly detection');
  const { EvaluateLowSampleCountPercentile: lowSamples = 'evaluate' } = input;
  if (lowSamples === 'ignore') throw unsupported('EvaluateLowSampleCountPercentile=ignore');
  if (lowSamples !== 'evaluate') throw invalid(lowSamples, 'EvaluateLowSampleCountPercentile');
  const { EvaluationCriteria, EvaluationInterval, EvaluationWindow } = input as Record<string, unknown>;
  if (EvaluationCriteria !== undefined || EvaluationInterval !== undefined)
    throw unsupported('alarms with PromQL');
  if (EvaluationWindow !== undefined) throw unsupported('alarms with an evaluation window');
  const { WarmUpConfiguration, ActionConfiguration } = input as Record<string, unknown>;
  if (WarmUpConfiguration !== undefined) throw unsupported('alarms with a warm-up period');
  if (ActionConfiguration !== undefined) throw unsupported('the action configuration of alarms');
}

function metricOf(input: PutMetricAlarm): { of: AlarmMetric; period: number } {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Period: period, Unit } = input;
  if (MetricName === undefined) throw required('MetricName');
  if (Namespace === undefined) throw required('Namespace');
  if (period === undefined) throw required('Period');
  if (!isPeriod(period)) throw wrongPeriod('Period');
  if (Statistic !== undefined && ExtendedStatistic !== undefined)
    throw bothGiven('Statistic', 'ExtendedStatistic');
  const statistic = Statistic ?? ExtendedStatistic;
  if (statistic === undefined) throw required('Statistic');
  const isExtended = Statistic === undefined;
  const isKnown = (isExtended ? extendedStatistic : basicStatistic)(statistic) !== undefined;
  if (!isKnown) throw invalidStatistic(statistic, isExtended ? 'ExtendedStatistic' : 'Statistic');
  if (Unit !== undefined) readUnit(Unit);
  const dimensions = renderDimensions(readDimensions(input.Dimensions));
  return {
    of: {
      namespace: checkNamespace(Namespace),
      name: checkMetricName(MetricName),
      ...{ dimensions, statistic, isExtended },
      ...(Unit && { unit: Unit }),
    },
    period,
  };
}

function queriesOf(input: PutMetricAlarm, queries: GivenQuery[], { accountId }: Scope) {
  for (const other of ['MetricName', 'Namespace', 'Period', 'Statistic', 'ExtendedStatistic'] as const)
    if (input[other] !== undefined) throw bothGiven('Metrics', other);
  if (queries.length > MOST_QUERIES) throw wrong(`An alarm may have at most ${MOST_QUERIES} metrics.`);
  const read = readQueries(queries, accountId);
  const returned = read.filter(({ isReturned }) => isReturned);
  if (returned.length !== 1) throw wrong('Exactly one element of the metrics list should return data.');
  const periods = [
    ...new Set(read.flatMap(({ of }) => (of.kind === 'metric' ? [of.period] : []))),
    ...queries.flatMap(({ Period }) => (Period === undefined ? [] : [Period])),
  ];
  if (new Set(periods).size > 1) throw wrong('All metrics of an alarm must have the same period.');
  if (periods.length === 0) throw required('Metrics.member.1.MetricStat');
  return { of: { queries }, period: periods[0]! };
}

/** AWS: other actions stop or scale something, or open an incident. */
function actionsOf(given: readonly string[] = [], scope: Scope): string[] {
  if (given.length > MOST_ACTIONS)
    throw wrong(`An alarm may have at most ${MOST_ACTIONS} actions of a kind.`);
  for (const action of given) {
    const arn = parseArn(action);
    if (!arn) throw wrong(`Invalid ARN: ${action.slice(0, 200)}`);
    if (!ACTION_SERVICES.includes(arn.service))
      throw unsupported(`alarm actions of ${arn.service}; it supports topics of SNS and functions of Lambda`);
    if (arn.service === 'lambda' && !arn.resource.startsWith('function:'))
      throw wrong(`Invalid ARN: ${action.slice(0, 200)}`);
    if (arn.region !== scope.region)
      throw wrong(`Invalid region ${arn.region} specified. Only ${scope.region} is supported.`);
  }
  return [...new Set(given)];
}
