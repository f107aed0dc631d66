// Reads and changes this host's routes with `ip`. All routes that it adds have Millpond's number, and it deletes no
// others.

import { runTool, tool } from '../subnets/tools.ts';
import { type HostNetwork, ROUTE_PROTOCOL, type Route } from './choose-block.ts';

/** The fields of `ip -j` that are used. */
interface JsonRoute {
  dst: string;
  dev?: string;
  protocol?: string;
  type?: string;
}
interface JsonInterface {
  ifname: string;
  addr_info?: { family?: string; local?: string; prefixlen?: number; scope?: string }[];
}

const read = async (...words: string[]) => JSON.parse((await runTool([tool('ip'), ...words])) || '[]');

/** The IPv4 routes of all tables, and the addresses of all interfaces but loopback. Rejects with CommandFailed. */
export async function readHostNetwork(): Promise<HostNetwork> {
  const [routes, interfaces] = (await Promise.all([readRoutes(), read('-j', '-4', 'address', 'show')])) as [
    Route[],
    JsonInterface[],
  ];
  const addresses = interfaces.flatMap(({ ifname, addr_info = [] }) =>
    addr_info.flatMap(({ local, prefixlen, family }) =>
      ifname !== 'lo' && family === 'inet' && local !== undefined && prefixlen !== undefined
        ? [{ device: ifname, address: local, prefixLength: prefixlen }]
        : [],
    ),
  );
  return { routes, addresses };
}

/** The IPv4 routes of all tables, with numbers for protocols and types. Rejects with CommandFailed. */
export async function readRoutes(): Promise<Route[]> {
  const routes = (await read('-N', '-j', '-4', 'route', 'show', 'table', 'all')) as JsonRoute[];
  return routes.map(({ dst, dev, protocol, type }) => ({ destination: dst, device: dev, protocol, type }));
}

const localRoute = (range: string) => [
  'local',
  range,
  'dev',
  'lo',
  'table',
  'local',
  'proto',
  ROUTE_PROTOCOL,
];

/** Makes every address of the range one of this host's. Rejects with CommandFailed when there is such a route already. */
export const addLocalRoute = (range: string): Promise<string> =>
  runTool([tool('ip'), 'route', 'add', ...localRoute(range)]);

/** Deletes those routes of these ranges that `addLocalRoute` made. Rejects with CommandFailed. */
export async function deleteLocalRoutes(ranges: readonly string[]): Promise<void> {
  const present = new Set((await readRoutes()).filter(isOwnRoute).map(({ destination }) => destination));
  const deletions = ranges
    .filter((range) => present.has(range.replace(/\/32$/, '')))
    .map((range) => `route del ${localRoute(range).join(' ')}\n`);
  if (deletions.length > 0) await runTool([tool('ip'), '-force', '-batch', '-'], deletions.join(''));
}

/** Whether a Millpond made the route. */
export const isOwnRoute = ({ protocol, device }: Route): boolean =>
  protocol === ROUTE_PROTOCOL && device === 'lo';
