// A Millpond as a process of its own, started as a user starts it, so that it can be killed as nothing in this
// process can: on a data directory of its own that outlives every kill.

import { Resolver } from 'node:dns/promises';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import type { NetworkKind } from '../../src/network/network.ts';
import type { Group } from '../../src/services/elasticache/clusters/domain/model.ts';
import type { ObservedMember } from '../../src/services/elasticache/clusters/domain/observation.ts';
import type { GroupStatus, MemberStatus, MillpondStatus } from '../../src/status.ts';
import { type Ending, MILLPOND, type RunningCommand, runCommand, startCommand } from '../support/command.ts';
import { linkToNetwork, TEST_NETWORK } from '../support/networks.ts';
import { processesBelow, signal } from './node-processes.ts';

export interface Why {
  desired: Group;
  observed: Record<string, ObservedMember>;
  plan: string[];
  waits: string[];
  events: string[];
}

export interface MillpondProcess {
  /** Without symbolic links, as the system shows it. */
  readonly dataDir: string;
  readonly pid: number;
  readonly isRunning: boolean;
  /** Of its API, in the present run. */
  readonly url: string;
  /** Both of the present run. */
  readonly elasticache: ElastiCacheClient;
  readonly resolver: Resolver;
  /** After `kill9` or `down`. Resolves when it is ready. */
  start(): Promise<void>;
  /** Resolves when it is gone; its nodes run on. */
  kill9(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  down(...flags: string[]): Promise<Ending>;
  status(): Promise<MillpondStatus>;
  /** The group's part of `status`; rejects when there is none. */
  group(id: string): Promise<GroupStatus>;
  member(groupId: string, memberId: string): Promise<MemberStatus>;
  /** `undefined` when there is no such resource. */
  why(resource: string): Promise<Why | undefined>;
  /** Every line of the log so far, over all runs. */
  logLines(): { msg: string; [field: string]: unknown }[];
  /** Ends everything of it whatever state it is in. Keeps the directory if `keep`. */
  destroy(options: { keep: boolean }): Promise<void>;
}

export interface MillpondProcessOptions {
  dataDir?: string;
  /** Clients of a demoted primary are dropped at once unless `--demoted-grace-ms` is among them. */
  flags?: string[];
  /** `TEST_NETWORK` by default. With another one, the test itself does not reach the nodes. */
  network?: NetworkKind;
  /** Further variables of its environment. */
  env?: Record<string, string>;
}

export async function startMillpondProcess(options: MillpondProcessOptions = {}): Promise<MillpondProcess> {
  const dataDir = options.dataDir ?? realpathSync(mkdtempSync(join(tmpdir(), 'millpond-faults-')));
  const directory = ['--data-dir', dataDir];
  let command: RunningCommand | undefined;
  let url = '';
  let elasticache: ElastiCacheClient | undefined;
  let resolver = new Resolver();

  async function start(): Promise<void> {
    const network = `--network=${options.network ?? TEST_NETWORK}`;
    const flags = ['--port=0', '--log-level=debug', network, ...graceFlags(options.flags), ...directory];
    command = startCommand(MILLPOND, ['up', ...flags], { env: { ...process.env, ...options.env } });
    await command.prints(/Millpond is ready/);
    const record = JSON.parse(readFileSync(join(dataDir, 'millpond.json'), 'utf8'));
    url = record.listening.url;
    if (TEST_NETWORK === 'subnets') await linkToNetwork(url);
    // Another one, since the servers of one that waits for an answer cannot be changed.
    resolver = new Resolver({ timeout: 1_000, tries: 1 });
    resolver.setServers([`${record.listening.dns.address}:${record.listening.dns.port}`]);
    elasticache?.destroy();
    elasticache = new ElastiCacheClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  async function get<T>(path: string): Promise<T | undefined> {
    const response = await fetch(`${url}/_millpond/${path}`, { signal: AbortSignal.timeout(10_000) });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  const isRunning = () =>
    command !== undefined && command.child.exitCode === null && command.child.signalCode === null;

  const millpond: MillpondProcess = {
    dataDir,
    get pid() {
      return command!.child.pid!;
    },
    get isRunning() {
      return isRunning();
    },
    get url() {
      return url;
    },
    get elasticache() {
      return elasticache!;
    },
    get resolver() {
      return resolver;
    },
    start,
    async kill9() {
      command!.child.kill('SIGKILL');
      await command!.ended;
    },
    signal: (name) => void command!.child.kill(name),
    async down(...flags) {
      const ending = await runCommand(MILLPOND, ['down', ...flags, ...directory]);
      await command?.ended;
      return ending;
    },
    status: async () => (await get<MillpondStatus>('status'))!,
    async group(id) {
      const found = (await millpond.status()).groups.find((group) => group.id === id);
      if (!found) throw new Error(`no group ${id}`);
      return found;
    },
    async member(groupId, memberId) {
      const found = (await millpond.group(groupId)).members.find((member) => member.id === memberId);
      if (!found) throw new Error(`no member ${memberId}`);
      return found;
    },
    why: (resource) => get<Why>(`why?resource=${encodeURIComponent(resource)}`),
    logLines: () => readLog(join(dataDir, 'millpond.log')),
    async destroy({ keep }) {
      elasticache?.destroy();
      resolver.cancel();
      for (const { pid } of processesBelow(dataDir)) signal(pid, 'SIGKILL');
      if (isRunning()) await millpond.kill9();
      // What it may still have started before it was killed.
      for (const { pid } of processesBelow(dataDir)) signal(pid, 'SIGKILL');
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await millpond.destroy({ keep: true });
    throw error;
  }
  return millpond;
}

/** A grace would only make what is about something else slower. */
const graceFlags = (flags: string[] = []): string[] =>
  flags.some((flag) => flag.startsWith('--demoted-grace-ms')) ? flags : [...flags, '--demoted-grace-ms=0'];

function readLog(file: string) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return []; // The last line may be cut short by a kill.
      }
    });
}
