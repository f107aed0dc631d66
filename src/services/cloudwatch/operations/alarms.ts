// Alarms: put, describe, delete, set the state, and enable and disable their actions.

import { pagesOf } from '../../../aws/pages.ts';
import { readConfiguration } from '../alarms/configuration.ts';
import { configured, deleted } from '../alarms/history.ts';
import type { AlarmRecord } from '../alarms/model.ts';
import { noSuchAlarm } from '../alarms/records.ts';
import { viewAlarm } from '../alarms/view.ts';
import { checkMetricName, checkNamespace, identityKey, readDimensions } from '../domain/identity.ts';
import { bothGiven, invalidNextToken } from '../faults.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from './tags.ts';

const PAGE = 100;
const pages = pagesOf({ list: 'cloudwatch alarms', invalidToken: invalidNextToken });

/** AWS: replaces an alarm of the same name except for its tags, and keeps its state until the next evaluation. */
export const PutMetricAlarm: Operation<'PutMetricAlarm'> = (
  { clock, alarms: records, history, watch, transaction },
  input,
  context,
) => {
  const configuration = readConfiguration(input, context);
  const now = clock.now();
  transaction(() => {
    const held = records.find(context, configuration.name);
    const record: AlarmRecord = {
      ...configuration,
      configuredAt: now,
      ...(held
        ? {
            ...{ found: held.found, foundAt: held.foundAt, changedAt: held.changedAt, tags: held.tags },
            ...(held.before && { before: held.before }),
            ...(held.toTell && { toTell: held.toTell }),
          }
        : {
            found: { state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation' },
            ...{ foundAt: now, changedAt: now, tags: tagging.add({}, input.Tags, context) },
          }),
    };
    if (held) records.put(context, record);
    else records.add(context, record);
    history.append(context, now, configured(record, context, held));
  });
  // Not awaited. It never rejects; it logs its failures.
  void watch.evaluate({ accountId: context.accountId, region: context.region }, configuration.name);
  return {};
};

/** Throws InvalidParameterCombination for names and a prefix together. */
export const DescribeAlarms: Operation<'DescribeAlarms'> = async ({ alarms: records }, input, context) => {
  const { AlarmNames, AlarmNamePrefix, StateValue, ActionPrefix, AlarmTypes, MaxRecords, NextToken } = input;
  if (AlarmNames?.length && AlarmNamePrefix !== undefined) throw bothGiven('AlarmNames', 'AlarmNamePrefix');
  const none = { MetricAlarms: [], CompositeAlarms: [] };
  // There are no composite alarms, so no alarm has parents or children.
  const isOfOthers = input.ParentsOfAlarmName !== undefined || input.ChildrenOfAlarmName !== undefined;
  if (isOfOthers || (AlarmTypes?.length && !AlarmTypes.includes('MetricAlarm'))) return none;
  const isWanted = (alarm: AlarmRecord) =>
    (StateValue === undefined || alarm.found.state === StateValue) &&
    (ActionPrefix === undefined ||
      Object.values(alarm.actions).some((arns) => arns.some((arn) => arn.startsWith(ActionPrefix))));
  const request = { limit: MaxRecords ?? PAGE, token: NextToken };
  const named = [...new Set(AlarmNames)].sort().flatMap((name) => records.find(context, name) ?? []);
  const { items, token } = AlarmNames?.length
    ? pages.ofSorted(named.filter(isWanted), ({ name }) => name, request)
    : await pages.ofCollection(records, context, {
        ...request,
        ...(AlarmNamePrefix !== undefined && { prefix: AlarmNamePrefix }),
        wanted: isWanted,
      });
  return { ...none, MetricAlarms: items.map((one) => viewAlarm(one, context)), NextToken: token };
};

/** AWS: only alarms of one metric; alarms with queries are never listed. */
export const DescribeAlarmsForMetric: Operation<'DescribeAlarmsForMetric'> = async (
  { alarms: records },
  input,
  context,
) => {
  const wanted = identityKey({
    namespace: checkNamespace(input.Namespace),
    name: checkMetricName(input.MetricName),
    dimensions: readDimensions(input.Dimensions),
  });
  const found: AlarmRecord[] = [];
  for await (const batch of records.batches(context)) {
    for (const { value: alarm } of batch) {
      const { of, period } = alarm;
      if ('queries' in of) continue;
      const key = identityKey({ ...of, dimensions: readDimensions(of.dimensions) });
      const statistic = input.Statistic ?? input.ExtendedStatistic;
      const fits =
        key === wanted &&
        (statistic === undefined || statistic === of.statistic) &&
        (input.Period === undefined || input.Period === period) &&
        (input.Unit === undefined || input.Unit === of.unit);
      if (fits) found.push(alarm);
    }
  }
  return { MetricAlarms: found.map((one) => viewAlarm(one, context)) };
};

/** Throws ResourceNotFound for an unknown alarm, after the others are deleted. */
export const DeleteAlarms: Operation<'DeleteAlarms'> = (cloudwatch, input, context) => {
  const { alarms: records, clock, history, transaction } = cloudwatch;
  const unknown = input.AlarmNames.find((name) => !records.find(context, name));
  transaction(() => {
    for (const name of input.AlarmNames) {
      const alarm = records.find(context, name);
      if (!alarm) continue;
      records.remove(context, name);
      history.append(context, clock.now(), deleted(alarm, context));
    }
  });
  // AWS: the alarms with correct names are deleted all the same.
  if (unknown !== undefined) throw noSuchAlarm(unknown);
  return {};
};

/** AWS: the state lasts until the next evaluation. Throws ResourceNotFound. */
export const SetAlarmState: Operation<'SetAlarmState'> = async ({ watch, transaction }, input, context) => {
  const { AlarmName, StateValue: state, StateReason: reason, StateReasonData: reasonData } = input;
  transaction(() => {
    watch.record(context, AlarmName, { state, reason, ...(reasonData && { reasonData }) });
  });
  await watch.tell(context, AlarmName);
  return {};
};

const switchActions =
  (actionsEnabled: boolean): Operation<'EnableAlarmActions'> =>
  ({ alarms, transaction }, input, context) => {
    transaction(() => {
      for (const name of input.AlarmNames) {
        const alarm = alarms.find(context, name);
        if (alarm) alarms.put(context, { ...alarm, actionsEnabled });
      }
    });
    return {};
  };

/** AWS: ignores names of unknown alarms, like DisableAlarmActions. */
export const EnableAlarmActions: Operation<'EnableAlarmActions'> = switchActions(true);
/** AWS: ignores names of unknown alarms. */
export const DisableAlarmActions: Operation<'DisableAlarmActions'> = switchActions(false);
