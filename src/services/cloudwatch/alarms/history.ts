// The history of alarms: changes of their configuration and state, and their actions. It outlives the alarms.
//
// AWS: the summaries and the shape of the data are those of the examples of `aws cloudwatch describe-alarm-history`.

import type { Scope } from '../../../aws/scope.ts';
import { createEventLog, type EventLog } from '../../../control/event-log.ts';
import type { Store } from '../../../store/store.ts';
import type { AlarmRecord, Finding } from './model.ts';
import { inZulu } from './state.ts';
import { viewAlarm } from './view.ts';

/** AWS: 30 days. */
const KEPT_MS = 30 * 86_400_000;

/** One item of the history. */
export interface HistoryItem {
  /** The alarm's name. */
  alarm: string;
  type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  summary: string;
  /** JSON. */
  data: string;
}

/** The log of all alarms. Items are appended in the transaction of the change. */
export type AlarmHistory = EventLog<HistoryItem>;

/** Opens the history in the store. */
export const openAlarmHistory = (store: Store): AlarmHistory => createEventLog(store, 'monitoring', KEPT_MS);

/** An alarm was created or changed; `before` is the alarm that it replaces. */
export function configured(alarm: AlarmRecord, scope: Scope, before: AlarmRecord | undefined): HistoryItem {
  const data = before
    ? { type: 'Update', updatedAlarm: inCamelCase(viewAlarm(alarm, scope)) }
    : { type: 'Create', createdAlarm: inCamelCase(viewAlarm(alarm, scope)) };
  return configuration(alarm.name, before ? 'updated' : 'created', data);
}

/** An alarm was deleted. */
export const deleted = (alarm: AlarmRecord, scope: Scope): HistoryItem =>
  configuration(alarm.name, 'deleted', {
    type: 'Delete',
    deletedAlarm: inCamelCase(viewAlarm(alarm, scope)),
  });

const configuration = (alarm: string, what: string, data: object): HistoryItem => ({
  ...{ alarm, type: 'ConfigurationUpdate', summary: `Alarm "${alarm}" ${what}` },
  data: JSON.stringify({ ...data, version: '1.0' }),
});

/** The state changed. */
export const stateChanged = (alarm: string, before: Finding, after: Finding): HistoryItem => ({
  ...{ alarm, type: 'StateUpdate', summary: `Alarm updated from ${before.state} to ${after.state}` },
  data: JSON.stringify({ version: '1.0', oldState: stateOf(before), newState: stateOf(after) }),
});

function stateOf({ state, reason, reasonData }: Finding): object {
  return {
    stateValue: state,
    stateReason: reason,
    ...(reasonData !== undefined && { stateReasonData: parsed(reasonData) }),
  };
}

/** SetAlarmState takes any text. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** An action was carried out or failed; `error` is what made it fail. */
export function acted(alarm: AlarmRecord, action: string, error?: unknown): HistoryItem {
  const reason = error === undefined ? undefined : error instanceof Error ? error.message : String(error);
  return {
    ...{ alarm: alarm.name, type: 'Action' },
    summary:
      reason === undefined ? `Successfully executed action ${action}` : `Failed to execute action ${action}`,
    data: JSON.stringify({
      actionState: reason === undefined ? 'Succeeded' : 'Failed',
      stateUpdateTimestamp: alarm.changedAt,
      notificationResource: action,
      error: reason ?? null,
    }),
  };
}

/** AWS: the members of the API in camel case; `OKActions` is `okactions`. */
function inCamelCase(value: unknown): unknown {
  if (value instanceof Date) return inZulu(value.getTime());
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name === 'OKActions' ? 'okactions' : name.charAt(0).toLowerCase() + name.slice(1),
      inCamelCase(member),
    ]),
  );
}
