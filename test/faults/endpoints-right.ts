// Whether every endpoint name leads to a live node of the right role, asked of Millpond's own DNS server and of the
// nodes themselves. Gives true, or a sentence on the first name that does not.

import type { Resolver } from 'node:dns/promises';
import type { GroupStatus } from '../../src/status.ts';
import { openSession } from './session.ts';

export interface EngineView {
  role: 'primary' | 'replica';
  /** A replica's to its primary. */
  linked: boolean;
  primaryAddress?: string;
  loading: boolean;
}

export async function viewOf(address: string, port: number): Promise<EngineView> {
  const session = await openSession(address, port);
  try {
    const [role, info] = await session.send(['ROLE'], ['INFO', 'persistence']);
    if (!Array.isArray(role)) throw role;
    const isReplica = role[0] !== 'master';
    return {
      role: isReplica ? 'replica' : 'primary',
      linked: isReplica && role[3] === 'connected',
      ...(isReplica && { primaryAddress: String(role[1]) }),
      loading: !String(info).includes('\nloading:0'),
    };
  } finally {
    session.close();
  }
}

export const hostOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'));
export const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));

export async function endpointsAreRight(group: GroupStatus, resolver: Resolver): Promise<true | string> {
  const port = portOf(group.members[0]!.endpoint);
  const views = new Map<string, EngineView>();
  for (const { address, endpoint } of group.members) {
    const found = await resolver.resolve4(hostOf(endpoint));
    if (found.join() !== address) return `${endpoint} leads to ${found}, not to ${address}`;
    views.set(address, await viewOf(address, port));
  }
  const { primary, reader, configuration } = group.endpoints;
  if (primary) {
    const [address = ''] = await resolver.resolve4(hostOf(primary));
    if (views.get(address)?.role !== 'primary') return `the primary endpoint leads to ${address}, no primary`;
  }
  if (reader) return await readerIsRight(group, resolver, hostOf(reader), views);
  if (configuration) return await configurationIsRight(resolver, hostOf(configuration), views);
  return true;
}

async function readerIsRight(
  group: GroupStatus,
  resolver: Resolver,
  host: string,
  views: Map<string, EngineView>,
): Promise<true | string> {
  const seen = new Set<string>();
  for (let turn = 0; turn < 2 * group.members.length; turn++) {
    for (const address of await resolver.resolve4(host)) seen.add(address);
  }
  const replicas = [...views].filter(([, view]) => view.role === 'replica').map(([address]) => address);
  const expected = replicas.length > 0 ? replicas : [...views.keys()];
  if ([...seen].sort().join() !== expected.sort().join())
    return `the reader endpoint leads to ${[...seen]}, not to ${expected}`;
  for (const address of seen) {
    const view = views.get(address)!;
    if (view.loading || (view.role === 'replica' && !view.linked))
      return `the reader endpoint leads to ${address}, which is not in sync`;
  }
  return true;
}

async function configurationIsRight(
  resolver: Resolver,
  host: string,
  views: Map<string, EngineView>,
): Promise<true | string> {
  const found = await resolver.resolve4(host);
  if ([...found].sort().join() !== [...views.keys()].sort().join())
    return `the configuration endpoint leads to ${found}, not to ${[...views.keys()]}`;
  const primaries = [...views.values()].filter((view) => view.role === 'primary').length;
  const first = found.slice(0, primaries).map((address) => views.get(address)!.role);
  return first.every((role) => role === 'primary') || `the configuration endpoint begins with ${first}`;
}
