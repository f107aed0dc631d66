// The directory of one node: its configuration, data, log, and the record by which a later Millpond recognises its
// process. Starts and ends nothing.

import {
  appendFileSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { copyFile, open, readdir, readFile, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DATA_FILE, LOG_FILE, NODES_FILE } from '../../engine/configuration.ts';
import type { EngineStart, RunFacts } from '../../engine/driver.ts';
import {
  lastServiceEndedCleanly,
  linesOfLastStart,
  refusedDump,
  startMark,
} from '../../engine/engine-log.ts';
import type { DumpFile, NodeSpec, StoredData } from '../../engine/fleet.ts';
import { assert } from '../../kernel/assert.ts';
import { NODE_DIRECTORY } from '../../kernel/data-layout.ts';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import { deleteOwn } from '../../kernel/own-files.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { InstalledEngine } from './binaries.ts';
import { describeDump } from './dump-file.ts';

/** The engine's configuration file in a node's directory. */
export const CONFIGURATION_FILE = 'engine.conf';
/** The temporary name of a dump while the engine writes it. */
const DRAFT = /^temp-.*\.rdb$/;
const RECORD_FILE = 'process.json';
const MAX_LOG_BYTES = 4 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
/** The number of old dumps to keep besides the current one. */
const MOST_SET_ASIDE = { damaged: 3, replaced: 1 };

/** The engine that runs, or ran last, in a node's directory. Written before the start, and again with the process. */
export interface NodeRecord extends RunFacts {
  key: string;
  binary: InstalledEngine;
  /**
   * The Unix socket, relative to the directory; absent for an engine that an earlier Millpond started without one.
   */
  socket?: string | undefined;
  process?: { pid: number; startTick: string };
}

/** The files of one node. */
export class NodeDirectory {
  readonly path: string;
  readonly dataFile: string;
  readonly logFile: string;
  readonly #root: string;

  /** `root` holds the directories of all nodes; a key is a relative path below it. */
  constructor(root: string, key: string) {
    assert(isNodeKey(key), `a node's key must be a safe path, not ${key}`);
    this.#root = root;
    this.path = join(root, key);
    this.dataFile = join(this.path, DATA_FILE);
    this.logFile = join(this.path, LOG_FILE);
  }

  /**
   * Writes the engine's files and prepares the data as the spec says. Throws DiskFull, StateUnreadable. Small files
   * are written synchronously, within a millisecond together: clients wait for a restarting node, and on a busy
   * machine each use of the thread pool takes ten.
   */
  async prepare({ spec, configuration, nodesFile }: EngineStart): Promise<void> {
    try {
      makeDirectory(this.path);
      this.rotateLog();
      appendFileSync(this.logFile, startMark(spec.binary));
      const leftovers = readdirSync(this.path).filter((name) => DRAFT.test(name));
      for (const name of leftovers) rmSync(join(this.path, name), { force: true });
      if (spec.data !== 'keep') await this.#placeData(spec.data);
      if (nodesFile) this.#placeNodesFile(nodesFile);
      replaceFile(join(this.path, CONFIGURATION_FILE), configuration);
    } catch (error) {
      throw asOperational(error, this.path);
    }
  }

  #placeNodesFile(made: NonNullable<EngineStart['nodesFile']>): void {
    const file = join(this.path, NODES_FILE);
    const found = contentOf(file);
    const { text, isDamaged } = made(found);
    if (isDamaged) renameSync(file, `${file}.damaged`);
    if (isDamaged || text !== found) replaceFile(file, text);
  }

  async #placeData(data: Exclude<NodeSpec['data'], 'keep'>): Promise<void> {
    await rm(join(this.path, 'appendonlydir'), { recursive: true, force: true });
    const dump = await this.#dump();
    if (dump && (dump.damage !== undefined || data !== 'discard')) await this.#setAside(dump);
    if (data === 'set-aside') return;
    if (data === 'discard' || data === 'new') return rm(this.dataFile, { force: true });
    const aside = join(this.path, 'temp-given.rdb');
    const given = new NodeDirectory(this.#root, data.from).dataFile;
    await copyFile(given, aside, constants.COPYFILE_FICLONE);
    await rename(aside, this.dataFile);
  }

  /** Throws DiskFull, StateUnreadable. */
  writeRecord(record: NodeRecord): void {
    try {
      replaceFile(join(this.path, RECORD_FILE), JSON.stringify(record));
    } catch (error) {
      throw asOperational(error, this.path);
    }
  }

  /** `undefined` when there is no readable record. */
  async readRecord(): Promise<NodeRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.path, RECORD_FILE), 'utf8')) as NodeRecord;
      const isWhole =
        typeof record.address === 'string' &&
        typeof record.port === 'number' &&
        typeof record.binary?.path === 'string';
      return isWhole ? record : undefined;
    } catch {
      return undefined;
    }
  }

  /** Rotates a large log. The engine may be running: it opens its log again for every line. */
  rotateLog(): void {
    const size = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_LOG_BYTES) renameSync(this.logFile, `${this.logFile}.1`);
  }

  /** The lines of the log since the last start; empty when there are none. */
  async lastLines(): Promise<string[]> {
    return linesOfLastStart(await readTail(this.logFile));
  }

  async stored(): Promise<StoredData> {
    try {
      const [dump, log] = await Promise.all([this.#dump(), readTail(this.logFile)]);
      return { ...(dump && { dump }), clean: lastServiceEndedCleanly(log) };
    } catch (error) {
      throw new OperationalError(
        'StateUnreadable',
        `The node's files in ${this.path} cannot be read.`,
        error,
      );
    }
  }

  /** The size so far of the dump that the engine is writing; 0 when it writes none. */
  async draftBytes(): Promise<number> {
    const drafts = (await readdir(this.path)).filter((name) => DRAFT.test(name));
    const sizes = drafts.map((name) =>
      stat(join(this.path, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  /** The free bytes of the directory's disk. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.path);
    return bavail * bsize;
  }

  /**
   * Moves foreign files out of the way of a new node, so that deleting that node does not delete them. Returns the
   * new path.
   */
  async moveForeignFiles(isUsed: () => boolean): Promise<string | undefined> {
    const dump = await this.#dump();
    const exists =
      dump !== undefined ||
      (await stat(this.path).then(
        () => true,
        () => false,
      ));
    if (!dump && !(exists && isUsed())) return undefined;
    const aside = `${this.path}.unknown-${timestamp()}`;
    await rename(this.path, aside);
    return aside;
  }

  async #dump(): Promise<DumpFile | undefined> {
    const dump = await describeDump(this.dataFile);
    if (!dump || dump.damage !== undefined) return dump;
    const refusal = refusedDump(await this.lastLines());
    return refusal !== undefined && !(await this.#isNewerThanLog())
      ? { ...dump, damage: `the engine says: ${refusal}` }
      : dump;
  }

  /** Whether the dump was put there after the engine refused another one, and so has not been tried yet. */
  async #isNewerThanLog(): Promise<boolean> {
    const [dump, log] = await Promise.all([stat(this.dataFile), stat(this.logFile)]);
    return dump.ctimeMs > log.mtimeMs;
  }

  async #setAside(dump: DumpFile): Promise<void> {
    const kind = dump.damage === undefined ? 'replaced' : 'damaged';
    const prefix = `${DATA_FILE}.${kind}-`;
    await rename(this.dataFile, join(this.path, prefix + timestamp()));
    const kept = (await readdir(this.path)).filter((name) => name.startsWith(prefix)).sort();
    for (const name of kept.slice(0, -MOST_SET_ASIDE[kind])) {
      await rm(join(this.path, name), { recursive: true, force: true });
    }
  }

  /** Deletes the files that Millpond and the engine made, and directories that become empty. */
  async remove(): Promise<void> {
    await deleteOwn(this.path, { as: NODE_DIRECTORY });
    for (let parent = this.path; parent.startsWith(`${this.#root}/`); parent = dirname(parent)) {
      const isGone = await rmdir(parent).then(
        () => true,
        (error) => systemCode(error) === 'ENOENT',
      );
      if (!isGone) return;
    }
  }
}

/** Tries twice, since the removal of another node may delete an empty parent meanwhile. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch {
    mkdirSync(path, { recursive: true });
  }
}

/** For file names; sorts by time. */
const timestamp = (): string => new Date().toISOString().replace(/[:.]/g, '-');

/** Whether a path relative to the root is safe as a node's key. */
export const isNodeKey = (key: string): boolean =>
  key.length < 512 && key.split('/').every((part) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part));

/** `undefined` when the file is missing or empty. */
const contentOf = (path: string): string | undefined =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0 ? readFileSync(path, 'utf8') : undefined;

async function readTail(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function asOperational(error: unknown, path: string): OperationalError {
  if (error instanceof OperationalError) return error;
  const full = systemCode(error) === 'ENOSPC' || systemCode(error) === 'EDQUOT';
  if (full)
    return new OperationalError('DiskFull', `There is no space left for the node's files in ${path}.`, error);
  return new OperationalError('StateUnreadable', `The node's files in ${path} cannot be written.`, error);
}
