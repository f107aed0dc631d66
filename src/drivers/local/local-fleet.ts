// The fleet of nodes that are processes of this machine: the list of them, and finding again those that outlived
// an earlier Millpond. What one node does is local-node.ts's.

import { mkdirSync, realpathSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { DATA_FILE } from '../../engine/configuration.ts';
import type { EngineBinary, Fleet, Moved, NodeSpec, Stranger } from '../../engine/fleet.ts';
import { createHealthWatch } from '../../engine/health-watch.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { LocalNode } from './local-node.ts';
import { confirmRecord, recordFromConfiguration } from './lost-record.ts';
import { NodeDirectory, type NodeRecord } from './node-directory.ts';
import { endGroup, endGroupInOrder } from './process-group.ts';
import { createProcessTable, type ProcessLook, type ProcessTable } from './process-table.ts';

export interface LocalFleetOptions {
  /** Nodes live below `nodes/` in it. One Millpond a directory; somebody else sees to that. */
  dataDir: string;
  /** See instance-secret.ts. */
  secret: string;
  binaries: readonly EngineBinary[];
  /** How long an engine may be silent and without progress before it counts as hung; 2,000 unless told. */
  failureDetectionMs?: number;
  log: Log;
  processTable?: ProcessTable;
}

const LOG_CHECK_MS = 60_000;

export function createLocalFleet(options: LocalFleetOptions): Fleet {
  const { log } = options;
  const table = options.processTable ?? createProcessTable();
  const watch = createHealthWatch();
  const root = nodesRoot(options.dataDir);
  const programs = programNames(options.binaries);
  const nodes = new Map<string, LocalNode>();
  const listeners = new Set<(key: string) => void>();
  const context = {
    root,
    secret: options.secret,
    table,
    watch,
    failureDetectionMs: options.failureDetectionMs ?? 2_000,
    rejectedDirectives: new Set<string>(),
    log,
    onChange(key: string) {
      for (const listener of listeners) listener(key);
    },
  };
  const logTimer = setInterval(() => void rotateLogs(nodes.values(), log), LOG_CHECK_MS);
  logTimer.unref();

  function node(key: string): LocalNode {
    let found = nodes.get(key);
    if (!found) nodes.set(key, (found = new LocalNode(context, key)));
    return found;
  }

  /**
   * An engine that finds no primary to link with tries again a second later. So a replica whose primary is being
   * started here waits until that one listens, or has failed to.
   */
  const starts = new Map<string, Promise<unknown>>();
  async function start(spec: NodeSpec): Promise<Moved | undefined> {
    const primary = spec.replicaOf && starts.get(`${spec.replicaOf.address}:${spec.replicaOf.port}`);
    const started = (primary ?? Promise.resolve()).then(
      () => node(spec.key).start(spec),
      () => node(spec.key).start(spec),
    );
    const at = `${spec.address}:${spec.port}`;
    starts.set(at, started);
    try {
      return await started;
    } finally {
      if (starts.get(at) === started) starts.delete(at);
    }
  }

  /** Resolves with the group when it is no known node's. */
  async function adoptGroup(group: EngineGroup, known: ReadonlySet<string>): Promise<Stranger | undefined> {
    const { key, groupId: pid, directory } = group;
    const running = nodes.get(key)?.status().pid;
    if (running === pid) return undefined;
    const recorded = isKey(key) ? await new NodeDirectory(root, key).readRecord() : undefined;
    const rebuilt = recorded ? undefined : await rebuild(group);
    const record = recorded ?? rebuilt;
    if (!known.has(key)) {
      log.warn(
        { key, pid },
        'an engine process runs that belongs to no node of the state; it is left as it is',
      );
      return { pid, key, directory, ...(record && { address: record.address }) };
    }
    if (!group.leader || running !== undefined) {
      log.warn({ key, pid }, 'ending an engine process that is left of a node');
      await endGroup(table, pid, directory);
      return undefined;
    }
    const adopted = recorded ?? (rebuilt && (await confirmRecord(rebuilt, pid, options.secret)));
    if (adopted) {
      if (recorded) log.info({ key, pid }, 'adopting a node that runs');
      else log.warn({ key, pid }, 'adopting a node that runs; the record of its process was lost');
      await node(key).adopt(adopted, { pid, startTick: group.leader.startTick });
    } else {
      log.warn({ key, pid }, 'ending an engine process of a node, its data saved: it cannot be talked to');
      await endGroupInOrder(table, pid, directory, () => new NodeDirectory(root, key).draftBytes());
    }
    return undefined;
  }

  /** The record of a process whose file is lost, as far as its directory tells. */
  async function rebuild({ key, directory, executable }: EngineGroup): Promise<NodeRecord | undefined> {
    if (!isKey(key)) return undefined;
    const installed = options.binaries.find(({ path }) => resolved(path) === executable);
    const engine = basename(executable).startsWith('valkey') ? 'valkey' : 'redis';
    const binary = installed ?? { engine, version: '0.0.0', path: executable };
    return recordFromConfiguration(key, directory, binary);
  }

  return {
    binaries: options.binaries,
    async adopt(known) {
      const strangers: Stranger[] = [];
      for (const group of await findEngines(table, root, programs)) {
        const stranger = await adoptGroup(group, known);
        if (stranger) strangers.push(stranger);
      }
      return strangers;
    },
    unknownData: async (known) => (await keysWithData(root)).filter((key) => !known.has(key)),
    endStranger: ({ pid, directory }) => endGroup(table, pid, directory),
    start,
    ready: (key, signal) => node(key).ready(signal),
    status: (key) => nodes.get(key)?.status() ?? { state: 'absent' },
    admin: (key) => node(key).admin,
    kill: (key) => node(key).kill(),
    stop: (key, how) => node(key).stop(how),
    remove: (key) => node(key).remove(),
    dataFile: (key) => node(key).directory.dataFile,
    stored: (key) => node(key).stored(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      clearInterval(logTimer);
      listeners.clear();
      watch.close();
      await Promise.all([...nodes.values()].map((each) => each.close()));
    },
  };
}

async function keysWithData(root: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const file of glob(`*/*/*/${DATA_FILE}`, { cwd: root })) keys.push(dirname(file));
  return keys.sort();
}

/** Resolved, since the process table shows working directories without links. */
function nodesRoot(dataDir: string): string {
  const root = join(dataDir, 'nodes');
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    return realpathSync(root);
  } catch (error) {
    throw new OperationalError('StateUnreadable', `The data directory ${dataDir} cannot be used.`, error);
  }
}

/** Engine processes that share a group: one node's, or what is left of it. */
interface EngineGroup {
  groupId: number;
  key: string;
  directory: string;
  /** The engine itself; absent when only what it forked is left. */
  leader: ProcessLook | undefined;
  executable: string;
}

/** By working directory: start ticks are shared, command lines blanked, and a record may never have been written. */
async function findEngines(
  table: ProcessTable,
  root: string,
  programs: ReadonlySet<string>,
): Promise<EngineGroup[]> {
  const groups = new Map<number, EngineGroup>();
  for (const { pid, directory, executable } of table.workingBelow(root)) {
    const look = table.look(pid);
    if (!look || look.state === 'dead' || !isEngine(executable, programs)) continue;
    const key = relative(root, directory);
    const { groupId } = look;
    const group = groups.get(groupId) ?? { groupId, key, directory, executable, leader: undefined };
    if (pid === look.groupId) group.leader = look;
    groups.set(look.groupId, group);
  }
  const found = [...groups.values()];
  const recorded = new Map<string, NodeRecord | undefined>();
  for (const { key } of found) {
    if (isKey(key)) recorded.set(key, await new NodeDirectory(root, key).readRecord());
  }
  // Should two work in one directory, the recorded one is adopted first and the other one ended.
  const isRecorded = (group: EngineGroup): boolean =>
    recorded.get(group.key)?.process?.pid === group.groupId &&
    recorded.get(group.key)?.process?.startTick === group.leader?.startTick;
  return found.sort((a, b) => Number(isRecorded(b)) - Number(isRecorded(a)));
}

// Debian's server is a link to its checker. Somebody's shell or pager may stand in the directory too.
const isEngine = (executable: string, programs: ReadonlySet<string>): boolean =>
  programs.has(basename(executable)) || /^(redis|valkey)-/.test(basename(executable));

function programNames(binaries: readonly EngineBinary[]): Set<string> {
  return new Set(binaries.map(({ path }) => basename(resolved(path) ?? path)));
}

function resolved(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const isKey = (key: string): boolean => key !== '' && !key.startsWith('..');

async function rotateLogs(nodes: Iterable<LocalNode>, log: Log): Promise<void> {
  for (const node of nodes) {
    await node.directory.rotateLog().catch((error: unknown) => {
      log.warn({ key: node.key, err: error }, 'the log of a node cannot be set aside');
    });
  }
}
