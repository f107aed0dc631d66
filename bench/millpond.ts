// Runs the real program in a separate process with its own data directory, driven over the API and queried through its
// DNS server.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord } from '../src/cli/data-directory.ts';
import { createFreshNames, type FreshNames } from '../src/cli/drill/fresh-names.ts';
import { ELASTICACHE, requestQuery } from '../src/cli/query-request.ts';
import { fetchStatus } from '../src/cli/running.ts';
import { until } from '../src/engine/testing/settle.ts';
import type { NetworkKind } from '../src/network/network.ts';
import type { GroupStatus, MemberStatus } from '../src/status.ts';
import { MILLPOND, runCommand, startCommand } from '../test/support/command.ts';
import { linkToNetwork } from '../test/support/networks.ts';
import type { Bench } from './context.ts';
import { ask } from './engines.ts';

/** A running Millpond of a benchmark. */
export interface BenchMillpond {
  readonly pid: number;
  /** The URL of its API. */
  readonly url: string;
  readonly names: FreshNames;
  /** Milliseconds from the start of the process to `ready`. */
  readonly readyAfterMs: number;
  request(action: string, parameters: Record<string, string>): Promise<void>;
  group(id: string): Promise<GroupStatus | undefined>;
  /** Resolves when the group is available, every member runs, and every replica is linked to its primary. */
  settled(id: string): Promise<GroupStatus>;
  delete(id: string): Promise<void>;
}

/**
 * Starts a Millpond. By default clients of a demoted primary are disconnected at once, since the grace period is not
 * Millpond's work.
 */
export async function startBenchMillpond(
  bench: Bench,
  options: { demotedGraceMs?: number; network?: NetworkKind } = {},
): Promise<BenchMillpond> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-bench-'));
  const startedAt = performance.now();
  const graceMs = `--demoted-grace-ms=${options.demotedGraceMs ?? 0}`;
  const network = `--network=${options.network ?? 'loopback'}`;
  const command = startCommand(MILLPOND, ['up', '--port', '0', '--data-dir', dataDir, graceMs, network]);
  bench.own({
    async stop() {
      await runCommand(MILLPOND, ['down', '--purge', '--data-dir', dataDir]);
      command.child.kill('SIGKILL');
      await command.ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
  await command.prints(/is ready/);
  const readyAfterMs = performance.now() - startedAt;
  const instance = readRecord(dataDir) as Required<NonNullable<ReturnType<typeof readRecord>>>;
  // Benchmarks of this network run in a namespace of their own: bench/networks.ts.
  if (options.network === 'subnets' && process.env.MILLPOND_TEST_NAMESPACE !== undefined)
    await linkToNetwork(instance.listening.url);
  const names = createFreshNames(instance.listening.dns);
  bench.own({ stop: () => names.cancel() });

  const group = async (id: string) => (await fetchStatus(instance)).groups.find((each) => each.id === id);
  const request = async (action: string, parameters: Record<string, string>) => {
    await requestQuery(instance.listening.url, ELASTICACHE, action, parameters);
  };
  return {
    pid: instance.pid,
    url: instance.listening.url,
    names,
    readyAfterMs,
    request,
    group,
    settled: (id) =>
      until(`${id} is settled`, async () => {
        const found = await group(id);
        if (found?.status !== 'available') return undefined;
        if (found.members.some(({ state }) => state !== 'running')) return undefined;
        return (await isLinked(found)) ? found : undefined;
      }),
    async delete(id) {
      await request('DeleteReplicationGroup', { ReplicationGroupId: id });
      await until(`${id} is gone`, async () => (await group(id)) === undefined);
    },
  };
}

/** The host of a `host:port` endpoint in the status. */
export function hostOf(endpoint: string | undefined): string {
  if (endpoint === undefined) throw new Error('the group has no such endpoint');
  return endpoint.slice(0, endpoint.lastIndexOf(':'));
}

/** The members of the group that are primaries. */
export function primariesOf(group: GroupStatus): MemberStatus[] {
  return group.members.filter(({ role }) => role === 'primary');
}

async function isLinked(group: GroupStatus): Promise<boolean> {
  const links = await Promise.all(
    group.members.map(async ({ address, role }) => {
      const info = String(await ask(address, 'INFO', 'replication'));
      return role === 'primary' ? /role:master/.test(info) : /master_link_status:up/.test(info);
    }),
  );
  return links.every(Boolean);
}
