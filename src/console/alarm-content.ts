// The contents of an alarm widget, and the alarms of metric widgets, by DescribeAlarms.

import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../aws/scope.ts';
import type { DrawnWidget } from '../services/cloudwatch/dashboards/drawing.ts';
import type { AlarmState, AlarmsContent } from './contract.ts';
import { reasonOf, type Sources } from './sources.ts';

/** Alarms that were found by ARN. */
export interface NamedAlarms {
  states: AlarmState[];
  metricAlarms: { alarm: MetricAlarm; scope: Scope }[];
  problems: string[];
}

const ARN = /^arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):(\d{12}):alarm:(.+)$/s;

/** Rejects only with bugs. */
export async function alarmContent(
  sources: Sources,
  page: Scope,
  { alarms, sortBy, states: wanted }: Extract<DrawnWidget, { kind: 'alarms' }>,
): Promise<AlarmsContent> {
  const { states, problems } = await alarmsNamed(sources, page, alarms);
  const shown = wanted.length === 0 ? states : states.filter(({ state }) => wanted.includes(state));
  return { kind: 'alarms', alarms: shown.toSorted(sortBy === 'default' ? bySeverity : byTime), problems };
}

const SEVERITY: AlarmState['state'][] = ['ALARM', 'INSUFFICIENT_DATA', 'OK', 'MISSING'];

/** AWS: alarms in ALARM come first; by name within a state. */
const bySeverity = (a: AlarmState, b: AlarmState): number =>
  SEVERITY.indexOf(a.state) - SEVERITY.indexOf(b.state) || (a.name < b.name ? -1 : 1);

const byTime = (a: AlarmState, b: AlarmState): number => b.updatedAt - a.updatedAt;

/** In the order of the ARNs. An unknown alarm is `MISSING`. Rejects only with bugs. */
export async function alarmsNamed(
  { monitoring }: Sources,
  page: Scope,
  arns: readonly string[],
): Promise<NamedAlarms> {
  const problems: string[] = [];
  const places = arns.flatMap((arn) => {
    const [, region, accountId, name] = ARN.exec(arn) ?? [];
    if (name === undefined) problems.push(`${arn.slice(0, 300)} is not the ARN of an alarm.`);
    return name === undefined ? [] : [{ region: region!, accountId: accountId!, name }];
  });
  const found = new Map<string, { alarm: MetricAlarm; scope: Scope; isMetric: boolean }>();
  const key = (scope: Scope, name: string | undefined) => `${scope.accountId}/${scope.region}/${name}`;
  for (const own of Map.groupBy(places, (place) => key(place, '')).values()) {
    const scope = { accountId: own[0]!.accountId, region: own[0]!.region };
    try {
      const { MetricAlarms = [], CompositeAlarms = [] } = await monitoring.call(
        'DescribeAlarms',
        { AlarmNames: own.map(({ name }) => name), AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
        scope,
      );
      for (const alarm of MetricAlarms)
        found.set(key(scope, alarm.AlarmName), { alarm, scope, isMetric: true });
      for (const alarm of CompositeAlarms)
        found.set(key(scope, alarm.AlarmName), { alarm, scope, isMetric: false });
    } catch (error) {
      problems.push(reasonOf(error));
    }
  }
  const pageRegion = (region: string) => (region === page.region ? '' : region);
  return {
    states: places.map((place): AlarmState => {
      const one = found.get(key(place, place.name));
      return one
        ? stateOf(one.alarm, pageRegion(place.region))
        : {
            ...{ name: place.name, region: pageRegion(place.region), state: 'MISSING' },
            ...{ reason: 'There is no such alarm.', condition: '', updatedAt: 0 },
          };
    }),
    metricAlarms: places.flatMap((place) => {
      const one = found.get(key(place, place.name));
      return one?.isMetric ? [{ alarm: one.alarm, scope: one.scope }] : [];
    }),
    problems,
  };
}

const COMPARISONS: Record<string, string> = {
  GreaterThanOrEqualToThreshold: '≥',
  GreaterThanThreshold: '>',
  LessThanOrEqualToThreshold: '≤',
  LessThanThreshold: '<',
};

/** An alarm as the page shows it. `region` is empty for the page's own. */
export function stateOf(alarm: MetricAlarm, region: string): AlarmState {
  const { AlarmName = '', StateValue = 'INSUFFICIENT_DATA', StateReason = '', ComparisonOperator } = alarm;
  const { Threshold, EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, Period } = alarm;
  const comparison = COMPARISONS[ComparisonOperator ?? ''];
  const values = `${DatapointsToAlarm} of ${EvaluationPeriods} values`;
  return {
    ...{ name: AlarmName, region, state: StateValue, reason: StateReason },
    condition:
      comparison === undefined
        ? ''
        : `${alarm.MetricName ?? 'expression'} ${comparison} ${Threshold}, ${values}${Period ? ` of ${Period} s` : ''}`,
    updatedAt: alarm.StateUpdatedTimestamp?.getTime() ?? 0,
  };
}
