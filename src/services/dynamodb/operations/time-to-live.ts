// UpdateTimeToLive and DescribeTimeToLive.

import { tableBusy } from '../faults/tables.ts';
import { invalid } from '../faults/validation.ts';
import type { Operation } from '../sdk.ts';
import { tableFor } from '../table-names.ts';

export const UpdateTimeToLive: Operation<'UpdateTimeToLive'> = ({ storage, lifecycle }, input, context) => {
  const { AttributeName: attribute, Enabled } = input.TimeToLiveSpecification;
  const table = tableFor(storage.tables, context, input.TableName);
  const { record } = table;
  if (record.status !== 'ACTIVE' && record.status !== 'UPDATING') throw tableBusy(record.name, record.status);
  const { timeToLive } = record;
  if (timeToLive && timeToLive.status !== 'ENABLED') {
    throw invalid('Time to live has been modified multiple times within a fixed interval');
  }
  if (Enabled && timeToLive) {
    if (timeToLive.attribute === attribute) throw invalid('TimeToLive is already enabled');
    throw invalid(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${timeToLive.attribute}`,
    );
  }
  if (!Enabled && !timeToLive) throw invalid('TimeToLive is already disabled');
  if (!Enabled && timeToLive!.attribute !== attribute) {
    throw invalid(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${timeToLive!.attribute}`,
    );
  }
  storage.transaction(() =>
    storage.tables.put(
      table,
      Enabled
        ? {
            ...record,
            timeToLive: { attribute: attribute!, status: 'ENABLING', index: record.nextIndex },
            nextIndex: record.nextIndex + 1,
          }
        : { ...record, timeToLive: { ...timeToLive!, status: 'DISABLING' } },
    ),
  );
  lifecycle.advance(table);
  return { TimeToLiveSpecification: input.TimeToLiveSpecification };
};

export const DescribeTimeToLive: Operation<'DescribeTimeToLive'> = ({ storage }, input, context) => {
  const { timeToLive } = tableFor(storage.tables, context, input.TableName).record;
  return {
    TimeToLiveDescription: timeToLive
      ? { TimeToLiveStatus: timeToLive.status, AttributeName: timeToLive.attribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
};
