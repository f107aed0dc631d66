// DescribeAlarmHistory: what happened to alarms, including deleted ones.

import { pagesOf } from '../../../aws/pages.ts';
import type { EventPlace, LoggedEvent } from '../../../control/event-log.ts';
import type { HistoryItem } from '../alarms/history.ts';
import { invalidNextToken } from '../faults.ts';
import type { Input, Operation } from '../sdk.ts';

const PAGE = 100;
const pages = pagesOf({ list: 'cloudwatch alarm history', invalidToken: invalidNextToken });

/** Newest first unless asked otherwise. Throws InvalidNextToken. */
export const DescribeAlarmHistory: Operation<'DescribeAlarmHistory'> = async (
  { history },
  input,
  context,
) => {
  const { AlarmTypes, StartDate, EndDate, MaxRecords = PAGE } = input;
  // Only metric alarms exist, and none of them has contributors.
  if (input.AlarmContributorId !== undefined) return { AlarmHistoryItems: [] };
  if (AlarmTypes?.length && !AlarmTypes.includes('MetricAlarm')) return { AlarmHistoryItems: [] };
  const place = placeOf(input.NextToken);
  const isAscending = input.ScanBy === 'TimestampAscending';
  const from = StartDate?.getTime() ?? 0;
  const to = EndDate?.getTime() ?? Number.MAX_SAFE_INTEGER - 1;
  let found: LoggedEvent<HistoryItem>[] = [];
  for await (const batch of history.batches(context, from, to, isAscending ? undefined : place)) {
    const isPast = (event: EventPlace) => isAscending && place !== undefined && !isAfter(event, place);
    found.push(...batch.filter((event) => !isPast(event) && isWanted(event.value, input)));
    // The log is read from its newest event: the oldest of those found are the first of an ascending page.
    if (isAscending) found = found.slice(-(MaxRecords + 1));
    else if (found.length > MaxRecords) break;
    if (isPast(batch.at(-1)!)) break;
  }
  if (isAscending) found.reverse();
  const shown = found.slice(0, MaxRecords);
  const last = shown.at(-1);
  return {
    AlarmHistoryItems: shown.map(({ at, value }) => ({
      ...{ AlarmName: value.alarm, AlarmType: 'MetricAlarm' as const, Timestamp: new Date(at) },
      ...{ HistoryItemType: value.type, HistorySummary: value.summary, HistoryData: value.data },
    })),
    NextToken:
      last && found.length > shown.length ? pages.tokenFor(`${last.at} ${last.sequence}`) : undefined,
  };
};

function placeOf(token: string | undefined): EventPlace | undefined {
  const [at, sequence] = pages.keyOf(token)?.split(' ').map(Number) ?? [];
  return at === undefined || sequence === undefined ? undefined : { at, sequence };
}

const isAfter = (event: EventPlace, place: EventPlace): boolean =>
  event.at > place.at || (event.at === place.at && event.sequence > place.sequence);

const isWanted = (
  item: HistoryItem,
  { AlarmName, HistoryItemType }: Input<'DescribeAlarmHistory'>,
): boolean =>
  (AlarmName === undefined || AlarmName === item.alarm) &&
  (HistoryItemType === undefined || HistoryItemType === item.type);
