// A Millpond on a machine of the test's own (network-namespace.ts), driven by its command line and from other machines.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startTickOf } from '../../src/kernel/process-identity.ts';
import type { MillpondStatus } from '../../src/status.ts';
import { MILLPOND } from './command.ts';
import { atEnd, type Machine } from './network-namespace.ts';
import { eventually } from './replication-groups.ts';

const isRoot = process.getuid?.() === 0;

/** The command line of a Millpond on a data directory of its own, in a machine. */
export function millpondIn(t: TestContext, machine: Machine, uid = process.getuid!()) {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-host-'));
  const dataDir = join(parent, 'state');
  chmodSync(parent, 0o755);
  if (isRoot) chownSync(parent, uid, uid);
  const tryRun = (command: string, ...words: string[]) =>
    machine.tryRun(process.execPath, ...MILLPOND, command, '--data-dir', dataDir, ...words);
  const run = (command: string, ...words: string[]) => {
    const { code, stdout, stderr } = tryRun(command, ...words);
    assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
    return stdout;
  };
  atEnd(t, () => {
    tryRun('down', '--purge');
    rmSync(parent, { recursive: true, force: true });
  });
  return {
    dataDir,
    run,
    tryRun,
    up: (...words: string[]) => run('up', '--detach', '--port', '0', ...words),
    status: () => JSON.parse(run('status', '--json')) as MillpondStatus,
    async kill() {
      const { pid } = this.status();
      process.kill(pid, 'SIGKILL');
      await eventually('Millpond has ended', () => startTickOf(pid) === undefined);
    },
  };
}

/** Calls ElastiCache, or another service that speaks the query protocol, from a machine. */
export function call(
  from: Machine,
  api: string,
  action: string,
  input: Record<string, string>,
  service = { name: 'elasticache', version: '2015-02-02' },
): string {
  const body = new URLSearchParams({ Action: action, Version: service.version, ...input });
  const scope = `Credential=test/20260101/us-east-1/${service.name}/aws4_request`;
  const headers = ['-H', `Authorization: AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=00`];
  return from.run('curl', '-sS', '--fail-with-body', '--max-time', '20', ...headers, '-d', String(body), api);
}

/**
 * Creates a group from a machine, of two nodes unless `size` says otherwise, and waits until it is available. Returns the
 * name of its primary, in cluster mode that of its configuration endpoint.
 */
export async function createGroup(
  from: Machine,
  api: string,
  size: Record<string, string> = { NumCacheClusters: '2' },
): Promise<string> {
  call(from, api, 'CreateReplicationGroup', {
    ...{ ReplicationGroupId: 'shop', ReplicationGroupDescription: 'shop', ...size },
    ...{ AutomaticFailoverEnabled: 'true', Engine: 'redis' },
  });
  let answer = '';
  const isAvailable = () => {
    answer = call(from, api, 'DescribeReplicationGroups', { ReplicationGroupId: 'shop' });
    const states = [...answer.matchAll(/<Status>(.*?)</g)].map(([, state]) => state);
    return states.length > 0 && states.every((state) => state === 'available');
  };
  await eventually('the group is available', isAvailable);
  return /<(?:Primary|Configuration)Endpoint>.*?<Address>(.*?)<\/Address>/s.exec(answer)![1]!;
}

export const redis = (from: Machine, host: string, ...words: string[]) =>
  from.run('timeout', '10', 'redis-cli', '-h', host, ...words).trim();

/** The addresses and blocks that a Millpond took of this machine. */
export const taken = (machine: Machine): string[] =>
  machine
    .run('ip', 'route', 'show', 'table', 'local', 'proto', '196')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[1]!);

/** The pids of all processes that run on the machine, in whatever network, but the one that holds it. */
function processesIn({ pid }: Machine): string[] {
  const namespace = readlinkSync(`/proc/${pid}/ns/mnt`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== pid)
    .filter((name) => {
      try {
        return readlinkSync(`/proc/${name}/ns/mnt`) === namespace;
      } catch {
        return false;
      }
    });
}

export async function assertNothingLeft(machine: Machine): Promise<void> {
  assert.deepEqual(taken(machine), []);
  await eventually('no process is left', () => processesIn(machine).length === 0);
}
