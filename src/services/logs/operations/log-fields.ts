// The fields of events: GetLogRecord and GetLogGroupFields.

import { invalid, noSuchRecord } from '../faults.ts';
import { readPointer } from '../insights/pointer.ts';
import { groupNameOf } from '../names.ts';
import { within } from '../records.ts';
import type { Operation } from '../sdk.ts';

const MINUTE_MS = 60_000;
/** AWS: eight minutes around the given time, else the last fifteen. */
const AROUND_MS = 8 * MINUTE_MS;
const LATEST_MS = 15 * MINUTE_MS;

/** Throws InvalidParameter for a text that is no pointer, ResourceNotFound for an event that is gone. */
export const GetLogRecord: Operation<'GetLogRecord'> = async (logs, input, context) => {
  const text = input.logRecordPointer!;
  const pointer = readPointer(text);
  if (!pointer) throw invalid('The specified logRecordPointer is invalid.');
  const group = logs.records.groups.find(context, pointer.group);
  const stream = logs.records.streams.find(context, within(pointer.group, pointer.stream));
  if (!group || !stream) throw noSuchRecord();
  const source = logs.logStore.source(context, group, { from: pointer.at, to: pointer.at + 1 }, [stream]);
  const logRecord = await logs.readers.ask({ kind: 'record', source, pointer: text }).answer;
  if (!logRecord) throw noSuchRecord();
  return { logRecord };
};

/** The most frequent fields first. */
export const GetLogGroupFields: Operation<'GetLogGroupFields'> = async (logs, input, context) => {
  const group = logs.records.groups.existing(context, groupNameOf(input));
  const { time } = input;
  const now = logs.clock.now();
  const range =
    time === undefined
      ? { from: now - LATEST_MS, to: now + 1 }
      : { from: time * 1000 - AROUND_MS, to: time * 1000 + AROUND_MS + 1 };
  const source = logs.logStore.source(context, group, range);
  const { events, fields } = await logs.readers.ask({ kind: 'fields', source, ...range }).answer;
  const shares = [...fields].map(([name, count]) => ({ name, percent: Math.round((100 * count) / events) }));
  return { logGroupFields: shares.sort((a, b) => b.percent - a.percent || (a.name < b.name ? -1 : 1)) };
};
