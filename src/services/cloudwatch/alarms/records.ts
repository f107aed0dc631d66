// The collection of alarms. Names are unique within an account and region.

import { openRecords, type Records } from '../../../aws/records.ts';
import type { Store } from '../../../store/store.ts';
import { Fault } from '../../../wire/fault.ts';
import type { AlarmRecord } from './model.ts';

const COLLECTION = 'monitoring/alarm';
/** AWS: 5,000. */
const MOST = 1_000;

/** The collection of alarms. Keys are names. */
export interface AlarmRecords extends Records<AlarmRecord> {
  isAny(): boolean;
}

/** Opens the collection of alarms in the store. */
export function openAlarmRecords(store: Store): AlarmRecords {
  const records = openRecords<AlarmRecord>(store, {
    collection: COLLECTION,
    idOf: ({ name }) => name,
    notFound: (name) => noSuchAlarm(name),
    quota: {
      most: MOST,
      exceeded: (most) =>
        new Fault('LimitExceededFault', `The maximum number of ${most} alarms has been reached.`),
    },
  });
  return { ...records, isAny: () => store.holdsAny(COLLECTION) };
}

/** For an unknown alarm; ResourceNotFound. */
export const noSuchAlarm = (name: string): Fault =>
  new Fault('ResourceNotFound', `There is no alarm with the name ${name.slice(0, 255)}.`);
