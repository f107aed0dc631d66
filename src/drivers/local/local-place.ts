// The place of one node on this machine: its directory and the process that works in it.

import { relative } from 'node:path';
import type { Access } from '../../engine/access.ts';
import type { AdminConnection } from '../../engine/admin.ts';
import { createAdminConnection } from '../../engine/admin-connection.ts';
import { RENAME_COMMANDS } from '../../engine/configuration.ts';
import type { EngineStart, Place } from '../../engine/driver.ts';
import type { EngineBinary, Moved, StoredData } from '../../engine/fleet.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Network } from '../../network/network.ts';
import type { InstalledEngine } from './binaries.ts';
import { CHANNEL_DIRECTIVES, SOCKET_FILE } from './channel.ts';
import { EngineProcess, runName } from './engine-process.ts';
import { spawnEngine } from './local-process.ts';
import { NodeDirectory, type NodeRecord } from './node-directory.ts';
import type { ProcessTable } from './process-table.ts';

/** What all places of a driver share. */
export interface LocalPlaceContext {
  /** Holds the directories of all nodes. */
  root: string;
  table: ProcessTable;
  log: Log;
  binaries: readonly InstalledEngine[];
  network: Network;
}

/** A `Place` that is a directory. */
export class LocalPlace implements Place {
  readonly key: string;
  readonly directory: NodeDirectory;
  readonly #context: LocalPlaceContext;
  #running: EngineProcess | undefined;

  constructor(context: LocalPlaceContext, key: string) {
    this.#context = context;
    this.key = key;
    this.directory = new NodeDirectory(context.root, key);
  }

  /** The pid of the running engine; `undefined` while none runs. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  async start(start: EngineStart): Promise<EngineProcess> {
    const { address, port, directives } = start.spec;
    const binary = this.#installed(start.spec.binary);
    await this.#withdrawUnless(address);
    await this.#context.network.ensure(address);
    await this.#context.network.assertFree(address, port);
    await this.directory.prepare({ ...start, configuration: start.configuration + CHANNEL_DIRECTIVES });
    const record: NodeRecord = {
      ...{ key: this.key, address, port, binary, socket: SOCKET_FILE },
      renameCommands: directives[RENAME_COMMANDS],
    };
    this.directory.writeRecord(record);
    const child = await spawnEngine(binary, this.directory, this.#context.network);
    const pid = child.pid!;
    const startTick = this.#context.table.look(pid)?.startTick ?? '';
    this.#writeRecord({ ...record, process: { pid, startTick } });
    return this.#follow({ pid, startTick, record, child });
  }

  #installed({ engine, version }: EngineBinary): InstalledEngine {
    const found = this.#context.binaries.find((each) => each.engine === engine && each.version === version);
    if (!found) throw new OperationalError('EngineMissing', `${engine} ${version} is not installed here.`);
    return found;
  }

  /** Takes over a running process. */
  async take(record: NodeRecord, process: { pid: number; startTick: string }): Promise<EngineProcess> {
    const { pid, startTick } = process;
    const running = this.#follow({ pid, startTick, record });
    if (record.process?.pid === pid && record.process.startTick === startTick) return running;
    this.#writeRecord({ ...record, process });
    return running;
  }

  /** Never throws: without the record, the process is found by its working directory, even on a full disk. */
  #writeRecord(record: NodeRecord): void {
    try {
      this.directory.writeRecord(record);
    } catch (error) {
      const facts = { key: this.key, err: error };
      this.#context.log.warn(facts, 'the record of a running node cannot be written');
    }
  }

  #follow(process: Omit<ConstructorParameters<typeof EngineProcess>[0], 'directory' | 'table' | 'log'>) {
    const { table, log } = this.#context;
    const running = new EngineProcess({ ...process, directory: this.directory.path, table, log });
    this.#running = running;
    void running.ended.then(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return running;
  }

  async moveForeignFiles(): Promise<Moved | undefined> {
    const { root, table, log } = this.#context;
    const { path } = this.directory;
    const pids = table.workingBelow(path).map(({ pid }) => pid);
    const to = await this.directory.moveForeignFiles(() => pids.length > 0);
    if (to === undefined || pids.length === 0) return undefined;
    log.warn(
      { pids, to },
      `unknown engines run in ${path}; the directory moved to ${to} to make room for a new node`,
    );
    return { to: relative(root, to), runs: pids.map(runName) };
  }

  admin(access: () => Access | undefined): AdminConnection {
    return createAdminConnection(this.key, () => {
      const how = access();
      const running = this.#running;
      return how && running && { ...how, open: running.open };
    });
  }

  lastLines = (): Promise<string[]> => this.directory.lastLines();

  stored = (): Promise<StoredData> => this.directory.stored();

  savedBytes = (): Promise<number> => this.directory.draftBytes();

  async freeSpace(): Promise<{ bytes: number; where: string }> {
    return { bytes: await this.directory.freeBytes(), where: `the disk of ${this.directory.path}` };
  }

  async remove(): Promise<void> {
    await this.#withdrawUnless(undefined);
    await this.directory.remove();
  }

  /** Gives back the address of the last run, unless the next one has it, too. */
  async #withdrawUnless(next: string | undefined): Promise<void> {
    const { network } = this.#context;
    if (!network.withdraw) return;
    const last = (await this.directory.readRecord())?.address;
    if (last !== undefined && last !== next) await network.withdraw(last);
  }
}
