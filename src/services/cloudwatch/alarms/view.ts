// AWS's views of an alarm: as DescribeAlarms returns it, and what topics and functions get of a state change. Pure.

import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { renderArn } from '../../../aws/arn.ts';
import { regionOf } from '../../../aws/regions.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { GivenQuery } from '../domain/metric-queries.ts';
import type { AlarmMetric, AlarmRecord, Finding } from './model.ts';
import { inZulu } from './state.ts';

/** The ARN of an alarm. */
export const alarmArn = (scope: Scope, name: string): string =>
  renderArn('cloudwatch', scope, `alarm:${name}`);

/** As DescribeAlarms returns it. */
export function viewAlarm(alarm: AlarmRecord, scope: Scope): MetricAlarm {
  const { of, found } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArn(scope, alarm.name),
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: found.state,
    StateReason: found.reason,
    StateReasonData: found.reasonData,
    StateUpdatedTimestamp: new Date(alarm.foundAt),
    StateTransitionedTimestamp: new Date(alarm.changedAt),
    ...('queries' in of
      ? { Metrics: of.queries as MetricAlarm['Metrics'] }
      : {
          MetricName: of.name,
          Namespace: of.namespace,
          [of.isExtended ? 'ExtendedStatistic' : 'Statistic']: of.statistic,
          Dimensions: of.dimensions,
          Period: alarm.period,
          Unit: of.unit as MetricAlarm['Unit'],
        }),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missing,
    EvaluateLowSampleCountPercentile: lowSamplesOf(alarm),
  };
}

const lowSamplesOf = ({ evaluatesLowSamples }: AlarmRecord) => (evaluatesLowSamples ? 'evaluate' : undefined);

/** AWS: a subject has at most 100 characters. */
const LONGEST_SUBJECT = 100;

// AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-notification-schema.html lists the members.
export function notificationOf(alarm: AlarmRecord, scope: Scope) {
  const { of, found } = alarm;
  const region = regionOf(scope.region)?.description ?? scope.region;
  const trigger =
    'queries' in of
      ? { Metrics: of.queries, Period: alarm.period }
      : {
          MetricName: of.name,
          Namespace: of.namespace,
          ...(of.isExtended
            ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: of.statistic }
            : { StatisticType: 'Statistic', Statistic: of.statistic.toUpperCase() }),
          Unit: of.unit ?? null,
          Dimensions: of.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
          Period: alarm.period,
        };
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: scope.accountId,
    AlarmConfigurationUpdatedTimestamp: inZulu(alarm.configuredAt),
    NewStateValue: found.state,
    NewStateReason: found.reason,
    StateChangeTime: inZulu(alarm.changedAt),
    Region: region,
    AlarmArn: alarmArn(scope, alarm.name),
    OldStateValue: alarm.toTell,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: {
      ...trigger,
      EvaluationPeriods: alarm.evaluationPeriods,
      ...(alarm.datapointsToAlarm !== undefined && { DatapointsToAlarm: alarm.datapointsToAlarm }),
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.missing ?? '',
      EvaluateLowSampleCountPercentile: lowSamplesOf(alarm) ?? '',
    },
  };
  const subject = `${found.state}: "${alarm.name}" in ${region}`;
  return { Subject: subject.slice(0, LONGEST_SUBJECT), Message: JSON.stringify(message) };
}

// AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html shows the event.
export function eventOf(alarm: AlarmRecord, scope: Scope) {
  const { name, description, of, period, found, changedAt, before } = alarm;
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarmArn(scope, name),
    accountId: scope.accountId,
    time: inZulu(changedAt),
    region: scope.region,
    alarmData: {
      alarmName: name,
      state: stateOf(found, changedAt),
      ...(before && { previousState: stateOf(before.found, before.at) }),
      configuration: {
        ...(description !== undefined && { description }),
        metrics: 'queries' in of ? of.queries.map(queryOf) : [{ id: 'm1', ...statOf(of, period) }],
      },
    },
  };
}

const stateOf = ({ state, reason, reasonData }: Finding, at: number) => ({
  ...{ value: state, reason },
  ...(reasonData !== undefined && { reasonData }),
  timestamp: inZulu(at),
});

const statOf = ({ namespace, name, dimensions, statistic, unit }: AlarmMetric, period: number) => ({
  metricStat: {
    metric: { namespace, name, dimensions: byName(dimensions) },
    ...{ period, stat: statistic },
    ...(unit !== undefined && { unit }),
  },
  returnData: true,
});

function queryOf({ Id, Expression, Label, MetricStat, ReturnData = true }: GivenQuery) {
  const { Metric, Period, Stat, Unit } = MetricStat ?? {};
  return {
    id: Id,
    ...(Expression !== undefined && { expression: Expression }),
    ...(Label !== undefined && { label: Label }),
    ...(Metric && {
      metricStat: {
        metric: {
          ...{ namespace: Metric.Namespace, name: Metric.MetricName },
          dimensions: byName(Metric.Dimensions ?? []),
        },
        ...{ period: Period, stat: Stat },
        ...(Unit !== undefined && { unit: Unit }),
      },
    }),
    returnData: ReturnData,
  };
}

const byName = (dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[]) =>
  Object.fromEntries(dimensions.map(({ Name = '', Value }) => [Name, Value]));
