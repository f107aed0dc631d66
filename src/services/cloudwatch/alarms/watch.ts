// Evaluates the alarms periodically, records their states, and carries out their actions. A change is recorded as
// untold first and cleared after its actions, so the actions of a change that a kill interrupts are repeated.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { Log } from '../../../kernel/log.ts';
import { turnEnd } from '../../../kernel/turn.ts';
import type { Store } from '../../../store/store.ts';
import { metricData } from '../metric-data.ts';
import type { Metrics } from '../metrics.ts';
import { type ActionTargets, act } from './actions.ts';
import { type AlarmHistory, acted, type HistoryItem, stateChanged } from './history.ts';
import type { AlarmRecord, Finding } from './model.ts';
import type { AlarmRecords } from './records.ts';
import { type Datapoint, findState, periodsRead } from './state.ts';

/** Evaluates alarms. */
export interface AlarmWatch {
  /** Evaluates one alarm now. Never rejects: failures are logged. */
  evaluate(scope: Scope, name: string): Promise<void>;
  /** Evaluates all alarms now, and then periodically as long as there are any. */
  evaluateAll(): Promise<void>;
  /** Records the finding. Throws ResourceNotFound. Call it within a transaction, and `tell` afterwards. */
  record(scope: Scope, name: string, finding: Finding): void;
  /** Carries out the actions of the recorded change, if they have not been. Failures are logged. */
  tell(scope: Scope, name: string): Promise<void>;
  stop(): Promise<void>;
}

interface Dependencies {
  metrics: Metrics;
  alarms: AlarmRecords;
  store: Store;
  history: AlarmHistory;
  targets: ActionTargets;
  log: Log;
}

/** AWS: alarms with periods under a minute are evaluated every ten seconds, all others every minute. */
const SHORT_MS = 10_000;
const MINUTE_MS = 60_000;

/** Evaluates nothing until `evaluate` or `evaluateAll` is called. */
export function createAlarmWatch(dependencies: Dependencies): AlarmWatch {
  const { metrics, alarms: records, history, store, targets, log } = dependencies;
  const { clock } = metrics;
  /** Scope and name of an alarm -> its actions that are being carried out. */
  const telling = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let passing: Promise<void> | undefined;
  let isStopped = false;

  function record(scope: Scope, name: string, finding: Finding): void {
    const alarm = records.existing(scope, name);
    const now = clock.now();
    const { toTell: _, ...rest } = alarm;
    const isChange = finding.state !== alarm.found.state;
    const isTold = isChange && alarm.actionsEnabled && alarm.actions[finding.state].length > 0;
    records.put(scope, {
      ...(isChange ? rest : alarm),
      ...{ found: finding, foundAt: now },
      ...(isChange && { changedAt: now, before: { found: alarm.found, at: alarm.foundAt } }),
      ...(isTold && { toTell: alarm.found.state }),
    });
    if (isChange) history.append(scope, now, stateChanged(name, alarm.found, finding));
  }

  /** One after the other, so that no change is told twice. */
  function tell(scope: Scope, name: string): Promise<void> {
    const key = `${scopeKey(scope)} ${name}`;
    const told = (telling.get(key) ?? Promise.resolve()).then(() => tellOnce(scope, name));
    telling.set(key, told);
    const forget = () => telling.get(key) === told && telling.delete(key);
    told.then(forget, forget);
    return told;
  }

  async function tellOnce(scope: Scope, name: string): Promise<void> {
    const alarm = records.find(scope, name);
    if (alarm?.toTell === undefined) return;
    const items: HistoryItem[] = [];
    for (const action of alarm.actions[alarm.found.state]) {
      try {
        await act(targets, alarm, scope, action);
        items.push(acted(alarm, action));
      } catch (error) {
        log.warn({ err: error, alarm: name, action }, 'an action of an alarm failed');
        items.push(acted(alarm, action, error));
      }
    }
    store.transaction(() => {
      for (const item of items) history.append(scope, clock.now(), item);
      const told = records.find(scope, name);
      if (!told || told.changedAt !== alarm.changedAt) return;
      const { toTell: _, ...rest } = told;
      records.put(scope, rest);
    });
  }

  async function evaluateOne(scope: Scope, name: string): Promise<void> {
    // The actions of a change that was recorded before a kill may be missing.
    await tell(scope, name);
    const alarm = records.find(scope, name);
    if (!alarm || isStopped) return;
    const points = await valuesOf(alarm, scope);
    store.transaction(() => {
      const current = records.find(scope, name);
      // The alarm was changed in the meantime, and that change evaluates it again.
      if (current?.configuredAt !== alarm.configuredAt || current.foundAt !== alarm.foundAt) return;
      const finding = findState(alarm, points, alarm.found.state, clock.now());
      // AWS: the reason stays that of the last state change.
      if (finding.state !== alarm.found.state) record(scope, name, finding);
    });
    await tell(scope, name);
  }

  /** Newest first. */
  async function valuesOf(alarm: AlarmRecord, scope: Scope): Promise<Datapoint[]> {
    const stepMs = Math.min(alarm.period * 1000, MINUTE_MS);
    const end = Math.floor(clock.now() / stepMs) * stepMs;
    const start = end - periodsRead(alarm) * alarm.period * 1000;
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
          if (isWholeMinute || alarm.period < 60) await evaluateOne(scope, id);
        } catch (error) {
          log.warn({ err: error, alarm: id }, 'an alarm could not be evaluated');
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

  /** Runs at the next multiple of ten seconds of the clock, so that one run falls on each whole minute. */
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
    record,
    tell,
    async evaluate(scope, name) {
      schedule();
      await evaluateOne(scope, name).catch((error) =>
        log.warn({ err: error, alarm: name }, 'an alarm could not be evaluated'),
      );
    },
    async evaluateAll() {
      schedule();
      for await (const batch of records.everywhere()) {
        for (const { scope, id } of batch) await evaluateOne(scope, id);
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
