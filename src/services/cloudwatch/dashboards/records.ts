// The records of dashboards: a name and a JSON text. Millpond does not draw them.

import { ofAccount, openRecords, type RecordKind, type Records } from '../../../aws/records.ts';
import { partitionOf, type Scope } from '../../../aws/scope.ts';
import type { Store } from '../../../store/store.ts';
import { Fault } from '../../../wire/fault.ts';

/** A dashboard. */
export interface DashboardRecord {
  name: string;
  /** JSON, as the client sent it. */
  body: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  tags: Record<string, string>;
}

/** The collection of dashboards. Keys are names. */
export type DashboardRecords = Records<DashboardRecord>;

const MOST = 500;

/** AWS: dashboards belong to an account, not to a region. */
const DASHBOARD: RecordKind<DashboardRecord> = {
  collection: 'monitoring/dashboard',
  idOf: ({ name }) => name,
  placeOf: ofAccount,
  notFound: (name) => new Fault('DashboardNotFoundError', `Dashboard ${name.slice(0, 255)} does not exist`),
  quota: {
    most: MOST,
    exceeded: (most) => new Fault('DashboardInvalidInputError', `At most ${most} dashboards can be kept.`),
  },
};

/** Opens the collection of dashboards in the store. */
export const openDashboardRecords = (store: Store): DashboardRecords => openRecords(store, DASHBOARD);

/** AWS: the ARN has no region. */
export const dashboardArn = ({ accountId, region }: Scope, name: string): string =>
  `arn:${partitionOf(region)}:cloudwatch::${accountId}:dashboard/${name}`;
