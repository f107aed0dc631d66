// What the address of a page says: which page, and how it is shown. Pure.

import { DASHBOARDS_PATH, placeIn } from '../../src/aws/console-address.ts';
import type { Zone } from '../text/format.ts';

/** A page of the console. */
export type Route =
  | { page: 'dashboards' }
  | { page: 'dashboard'; name: string }
  /** Another address takes its place. */
  | { page: 'elsewhere'; place: { region?: string; dashboard?: string } }
  /** A page of AWS's console that Millpond does not have. */
  | { page: 'unknown' };

/** The parts of `location` that matter. */
export interface Address {
  pathname: string;
  search: string;
  hash: string;
}

/** The page of an address. */
export function routeOf({ pathname, search, hash }: Address): Route {
  if (pathname === '/cloudwatch/home') {
    const place = placeIn(search, hash);
    return place ? { page: 'elsewhere', place } : { page: 'unknown' };
  }
  if (pathname === DASHBOARDS_PATH) return { page: 'dashboards' };
  const name = pathname.startsWith(`${DASHBOARDS_PATH}/`)
    ? pathname.slice(DASHBOARDS_PATH.length + 1)
    : undefined;
  if (!name || name.includes('/')) return { page: 'unknown' };
  try {
    return { page: 'dashboard', name: decodeURIComponent(name) };
  } catch {
    return { page: 'unknown' };
  }
}

/** How a dashboard is shown. Absent: as the dashboard says. */
export interface View {
  region?: string;
  account?: string;
  /** A duration before now such as `-PT3H`, or a time. */
  start?: string;
  end?: string;
  /** In seconds. */
  period?: number;
  /** In seconds; 0 for never. */
  refresh: number;
  zone: Zone;
}

/** Things happen fast here, so pages refresh themselves unless told not to. */
export const DEFAULT_REFRESH = 60;
export const REFRESHES = [0, 10, 60, 120, 300, 900];

/** The view in a query. */
export function viewOf(search: string): View {
  const query = new URLSearchParams(search);
  const text = (name: string) => query.get(name) ?? undefined;
  const refresh = Number(query.get('refresh') ?? DEFAULT_REFRESH);
  const period = Number(query.get('period') ?? Number.NaN);
  return {
    ...defined({ region: text('region'), account: text('account'), start: text('start'), end: text('end') }),
    ...(Number.isInteger(period) && period > 0 && { period }),
    refresh: REFRESHES.includes(refresh) ? refresh : DEFAULT_REFRESH,
    zone: query.get('zone') === 'utc' ? 'utc' : 'local',
  };
}

/** The query of a view, with its `?`; empty for the default. */
export function queryOf({ refresh, zone, period, ...texts }: Partial<View>): string {
  const query = new URLSearchParams(defined(texts) as Record<string, string>);
  if (period !== undefined) query.set('period', String(period));
  if (refresh !== undefined && refresh !== DEFAULT_REFRESH) query.set('refresh', String(refresh));
  if (zone === 'utc') query.set('zone', zone);
  return query.size > 0 ? `?${query}` : '';
}

const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;

/** The ranges that a click chooses. */
export const RANGES: { label: string; name: string; start: string; seconds: number }[] = [
  { label: '1h', name: '1 hour', start: '-PT1H', seconds: 3_600 },
  { label: '3h', name: '3 hours', start: '-PT3H', seconds: 3 * 3_600 },
  { label: '12h', name: '12 hours', start: '-PT12H', seconds: 12 * 3_600 },
  { label: '1d', name: '1 day', start: '-P1D', seconds: 86_400 },
  { label: '3d', name: '3 days', start: '-P3D', seconds: 3 * 86_400 },
  { label: '1w', name: '1 week', start: '-P1W', seconds: 7 * 86_400 },
];
