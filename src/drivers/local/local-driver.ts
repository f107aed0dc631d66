// The driver of nodes that are processes of this machine: keeps their places, and finds engines that outlived an
// earlier Millpond. One place is local-place.ts.

import { mkdirSync, realpathSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createAdminConnection } from '../../engine/admin-connection.ts';
import { DATA_FILE } from '../../engine/configuration.ts';
import type { Driver, FoundEngine } from '../../engine/driver.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { turnEnd } from '../../kernel/turn.ts';
import { noNetwork } from '../../network/loopback/loopback-network.ts';
import type { Network } from '../../network/network.ts';
import type { InstalledEngine } from './binaries.ts';
import { createChannel } from './channel.ts';
import { runName } from './engine-process.ts';
import { type EngineGroup, findEngines, programNames, resolved } from './find-engines.ts';
import { LocalPlace } from './local-place.ts';
import { recordFromConfiguration } from './lost-record.ts';
import { isNodeKey, NodeDirectory, type NodeRecord } from './node-directory.ts';
import { endGroup, endGroupGracefully } from './process-group.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';

/** What the driver works with. */
export interface LocalDriverOptions {
  /** Nodes are below `nodes/` in this directory. The caller makes sure that only one Millpond uses it. */
  dataDir: string;
  binaries: readonly InstalledEngine[];
  log: Log;
  /** None by default. */
  network?: Network;
  processTable?: ProcessTable;
}

/** A `Driver` that also tells pids. */
export interface LocalDriver extends Driver {
  /** The pid of the engine that runs under the key. */
  pid(key: string): number | undefined;
}

const LOG_CHECK_MS = 60_000;

/** Throws StateUnreadable when the data directory cannot be used. */
export function createLocalDriver(options: LocalDriverOptions): LocalDriver {
  const { log, binaries, network = noNetwork } = options;
  const table = options.processTable ?? createProcessTable();
  const root = nodesRoot(options.dataDir);
  const programs = programNames(binaries);
  const places = new Map<string, LocalPlace>();
  const logTimer = setInterval(() => void rotateLogs(places.values(), log), LOG_CHECK_MS);
  logTimer.unref();

  function place(key: string): LocalPlace {
    let found = places.get(key);
    if (!found) places.set(key, (found = new LocalPlace({ root, table, log, network, binaries }, key)));
    return found;
  }

  async function describe(group: EngineGroup): Promise<FoundEngine> {
    const { key, groupId: pid, directory, leader } = group;
    const record = group.record ?? (await rebuild(group));
    return {
      ...{ key, name: runName(pid), isRemnant: !leader, isRecorded: group.record !== undefined },
      ...(record && { facts: record }),
      isSameEngine: (info) => Number(info.get('process_id')) === pid,
      admin(access) {
        const open = createChannel({ pid, directory, record: record! });
        return createAdminConnection(key, () => ({ ...access, open }));
      },
      take: (facts) =>
        place(key).take(
          { ...record!, ...facts, binary: { ...record!.binary, ...facts.binary } },
          { pid, startTick: leader?.startTick ?? '' },
        ),
      end: () => endGroup(table, pid, directory),
      endGracefully: () =>
        endGroupGracefully(table, pid, directory, () => new NodeDirectory(root, key).draftBytes()),
    };
  }

  /** Rebuilds a lost record from the node's directory, as far as possible. */
  async function rebuild({ key, directory, executable }: EngineGroup): Promise<NodeRecord | undefined> {
    if (!isNodeKey(key)) return undefined;
    const installed = binaries.find(({ path }) => resolved(path) === executable);
    const engine = basename(executable).startsWith('valkey') ? 'valkey' : 'redis';
    const binary = installed ?? { engine, version: '0.0.0', path: executable };
    return recordFromConfiguration(key, directory, binary);
  }

  return {
    binaries,
    addresses: network,
    place,
    find: async () => Promise.all((await findEngines(table, root, programs)).map(describe)),
    keysWithData: () => keysWithData(root),
    pid: (key) => places.get(key)?.pid,
    async close() {
      clearInterval(logTimer);
    },
  };
}

async function keysWithData(root: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const file of glob(`*/*/*/${DATA_FILE}`, { cwd: root })) keys.push(dirname(file));
  return keys.sort();
}

/** The real path, since the process table shows working directories without links. */
function nodesRoot(dataDir: string): string {
  const root = join(dataDir, 'nodes');
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    return realpathSync(root);
  } catch (error) {
    throw new OperationalError('StateUnreadable', `The data directory ${dataDir} cannot be used.`, error);
  }
}

async function rotateLogs(places: Iterable<LocalPlace>, log: Log): Promise<void> {
  for (const { key, directory } of places) {
    await turnEnd();
    try {
      directory.rotateLog();
    } catch (error) {
      log.warn({ key, err: error }, 'the log of a node cannot be rotated');
    }
  }
}
