// Looks at the alarms' metrics again and again, records what each alarm's state is, and tells topics when it has become
// another one. A change is recorded before it is told and forgotten afterwards: one that a kill interrupted is told again.

import type { Scope } from '../../../aws/scope.ts';
import type { Log } from '../../../kernel/log.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import type { Store } from '../../../store/store.ts';
import type { Client } from '../../../wire/client.ts';
import { metricData } from '../metric-data.ts';
import type { Metrics } from '../metrics.ts';
import type { AlarmRecord, Finding } from './model.ts';
import type { AlarmRecords } from './records.ts';
import { type Datapoint, findState, periodsLookedAt } from './state.ts';
import { notificationOf } from './view.ts';

export type SnsClient = Client<typeof import('@aws-sdk/client-sns')>;

export interface AlarmWatch {
  /** Looks at one alarm now, as after it was made. */
  look(scope: Scope, name: string): Promise<void>;
  /** Looks at all of them now, and from now on by itself as long as there are any. */
  lookAtAll(): Promise<void>;
  /** Records the finding inside a transaction; `tell` afterwards. */
  find(scope: Scope, name: string, finding: Finding): void;
  tell(scope: Scope, name: string): Promise<void>;
  stop(): Promise<void>;
}

interface Dependencies {
  metrics: Metrics;
  alarms: AlarmRecords;
  store: Store;
  sns: SnsClient | undefined;
  log: Log;
}

/** AWS: alarms of short periods are looked at every ten seconds, all others every minute. */
const SHORT_MS = 10_000;
const MINUTE_MS = 60_000;

export function createAlarmWatch({ metrics, alarms: records, store, sns, log }: Dependencies): AlarmWatch {
  const { clock } = metrics;
  let timer: NodeJS.Timeout | undefined;
  let passing: Promise<void> | undefined;
  let isStopped = false;

  function find(scope: Scope, name: string, finding: Finding): void {
    const alarm = records.existing(scope, name);
    const now = clock.now();
    const { toTell: _, ...rest } = alarm;
    const isChange = finding.state !== alarm.found.state;
    const isTold = isChange && alarm.actionsEnabled && alarm.actions[finding.state].length > 0;
    records.put(scope, {
      ...(isChange ? rest : alarm),
      ...{ found: finding, foundAt: now },
      ...(isChange && { changedAt: now }),
      ...(isTold && { toTell: alarm.found.state }),
    });
  }

  async function tell(scope: Scope, name: string): Promise<void> {
    const alarm = records.find(scope, name);
    if (alarm?.toTell === undefined) return;
    const notification = notificationOf(alarm, scope, alarm.toTell);
    for (const TopicArn of alarm.actions[alarm.found.state]) {
      await sns?.call('Publish', { TopicArn, ...notification }, scope).catch((error) => {
        log.warn({ err: error, alarm: name, topic: TopicArn }, 'an alarm could not tell its topic');
      });
    }
    store.transaction(() => {
      const told = records.find(scope, name);
      if (!told || told.changedAt !== alarm.changedAt) return;
      const { toTell: _, ...rest } = told;
      records.put(scope, rest);
    });
  }

  async function look(scope: Scope, name: string): Promise<void> {
    // Of a change before a kill.
    await tell(scope, name);
    const alarm = records.find(scope, name);
    if (!alarm || isStopped) return;
    const points = await valuesOf(alarm, scope);
    store.transaction(() => {
      const current = records.find(scope, name);
      // It may have been changed meanwhile, and is looked at again then.
      if (current?.configuredAt !== alarm.configuredAt || current.foundAt !== alarm.foundAt) return;
      const finding = findState(alarm, points, alarm.found.state, clock.now());
      // AWS: the reason is that of the last change.
      if (finding.state !== alarm.found.state) find(scope, name, finding);
    });
    await tell(scope, name);
  }

  /** Newest first. */
  async function valuesOf(alarm: AlarmRecord, scope: Scope): Promise<Datapoint[]> {
    const stepMs = Math.min(alarm.period * 1000, MINUTE_MS);
    const end = Math.floor(clock.now() / stepMs) * stepMs;
    const start = end - periodsLookedAt(alarm) * alarm.period * 1000;
    const { MetricDataResults: [result] = [] } = await metricData(
      metrics,
      {
        ...{ StartTime: new Date(start), EndTime: new Date(end), ScanBy: 'TimestampDescending' },
        MetricDataQueries: queriesOf(alarm),
        MaxDatapoints: undefined,
        NextToken: undefined,
        LabelOptions: undefined,
      },
      scope,
    );
    const { Timestamps = [], Values = [] } = result ?? {};
    return Timestamps.map((time, place) => ({ at: time.getTime(), value: Values[place]! }));
  }

  async function pass(): Promise<void> {
    const isWholeMinute = clock.now() % MINUTE_MS < SHORT_MS;
    for await (const batch of records.everywhere()) {
      for (const { scope, id } of batch) {
        if (isStopped) return;
        const alarm = records.find(scope, id);
        if (!alarm) continue;
        try {
          if (isWholeMinute || alarm.period < 60) await look(scope, id);
        } catch (error) {
          log.warn({ err: error, alarm: id }, 'an alarm could not be looked at');
        }
        await turnEnd();
      }
    }
  }

  function passOnce(): Promise<void> {
    passing ??= pass().finally(() => {
      passing = undefined;
    });
    return passing;
  }

  /** At the next tenth second of the clock, so that whole minutes are met. */
  function schedule(): void {
    if (isStopped || timer || !records.isAny()) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        passOnce().finally(schedule);
      },
      SHORT_MS - (clock.now() % SHORT_MS) + 1,
    ).unref();
  }

  return {
    find,
    tell,
    async look(scope, name) {
      schedule();
      await look(scope, name).catch((error) =>
        log.warn({ err: error, alarm: name }, 'an alarm could not be looked at'),
      );
    },
    async lookAtAll() {
      schedule();
      for await (const batch of records.everywhere()) {
        for (const { scope, id } of batch) await look(scope, id);
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await passing;
    },
  };
}

function queriesOf({ of, period }: AlarmRecord) {
  if ('queries' in of) return of.queries as never;
  const { namespace, name, dimensions, statistic, unit } = of;
  const Metric = { Namespace: namespace, MetricName: name, Dimensions: dimensions };
  return [
    { Id: 'm1', MetricStat: { Metric, Period: period, Stat: statistic, ...(unit && { Unit: unit }) } },
  ] as never;
}
