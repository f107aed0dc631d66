// The dashboards that are kept: a name and a text. Nothing draws them.

import { ofAccount, openRecords, type Records } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import { Fault } from '../../wire/fault.ts';

export interface DashboardRecord {
  name: string;
  /** JSON, as given. */
  body: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  tags: Record<string, string>;
}

export interface DashboardRecords extends Records<DashboardRecord> {
  collection: Collection<DashboardRecord>;
}

const COLLECTION = 'monitoring/dashboard';
const MOST = 500;

/** AWS: dashboards are an account's, in whichever region they are asked for. */
export function openDashboardRecords(store: Store): DashboardRecords {
  const records = openRecords<DashboardRecord>(store, {
    collection: COLLECTION,
    idOf: ({ name }) => name,
    placeOf: ofAccount,
    notFound: (name) => new Fault('DashboardNotFoundError', `Dashboard ${name.slice(0, 255)} does not exist`),
    quota: {
      most: MOST,
      exceeded: (most) => new Fault('DashboardInvalidInputError', `At most ${most} dashboards can be kept.`),
    },
  });
  return { ...records, collection: store.collection<DashboardRecord>(COLLECTION) };
}
