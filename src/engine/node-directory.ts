// The directory of one node: its configuration, data, log, and the record by which a later Millpond knows its
// process again. Starts and ends nothing.

import { constants } from 'node:fs';
import {
  appendFile,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert } from '../kernel/assert.ts';
import { NODE_DIRECTORY } from '../kernel/data-layout.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import { deleteOwn } from '../kernel/own-files.ts';
import { refreshAddresses, renderNodesFile } from './cluster-seed.ts';
import { DATA_FILE, LOG_FILE, NODES_FILE } from './configuration.ts';
import type { EngineBinary, NodeSpec } from './fleet.ts';

export const CONFIGURATION_FILE = 'engine.conf';
const RECORD_FILE = 'process.json';
const MAX_LOG_BYTES = 4 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;

/** What runs, or ran last, in a node's directory. Written before the start, and again with the process in it. */
export interface NodeRecord {
  key: string;
  address: string;
  port: number;
  binary: EngineBinary;
  /** The parameter `rename-commands`, as the process was started with it. */
  renameCommands?: string;
  process?: { pid: number; startTick: string };
}

export class NodeDirectory {
  readonly path: string;
  readonly dataFile: string;
  readonly logFile: string;
  readonly #root: string;

  /** `root` holds the directories of all nodes; a key is a relative path below it. */
  constructor(root: string, key: string) {
    assert(isSafeKey(key), `a node's key that is no safe path: ${key}`);
    this.#root = root;
    this.path = join(root, key);
    this.dataFile = join(this.path, DATA_FILE);
    this.logFile = join(this.path, LOG_FILE);
  }

  /** Writes all that the engine needs and treats the data as the spec says. Throws DiskFull, StateUnreadable. */
  async prepare(spec: NodeSpec, configuration: string): Promise<void> {
    try {
      // Twice, since the removal of a neighbour may take an empty parent away in between.
      await mkdir(this.path, { recursive: true }).catch(() => mkdir(this.path, { recursive: true }));
      await this.rotateLog();
      await appendFile(this.logFile, startMark(spec.binary));
      await this.#placeData(spec.data);
      if (spec.cluster) {
        const file = join(this.path, NODES_FILE);
        const kept = (await hasContent(file)) ? await readFile(file, 'utf8') : undefined;
        const text = kept ? refreshAddresses(kept, spec.cluster) : renderNodesFile(spec.cluster);
        if (text !== kept) await replaceFile(file, text);
      }
      await replaceFile(join(this.path, CONFIGURATION_FILE), configuration);
    } catch (error) {
      throw asOperational(error, this.path);
    }
  }

  async #placeData(data: NodeSpec['data']): Promise<void> {
    const leftovers = (await readdir(this.path)).filter((name) => /^temp-.*\.rdb$/.test(name));
    for (const name of leftovers) await rm(join(this.path, name), { force: true });
    if (data === 'keep') return;
    await rm(join(this.path, 'appendonlydir'), { recursive: true, force: true });
    if (data === 'discard') return rm(this.dataFile, { force: true });
    const aside = join(this.path, 'temp-given.rdb');
    await copyFile(data.from, aside, constants.COPYFILE_FICLONE);
    await rename(aside, this.dataFile);
  }

  async writeRecord(record: NodeRecord): Promise<void> {
    try {
      await replaceFile(join(this.path, RECORD_FILE), JSON.stringify(record));
    } catch (error) {
      throw asOperational(error, this.path);
    }
  }

  /** `undefined` when there is none that can be read. */
  async readRecord(): Promise<NodeRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.path, RECORD_FILE), 'utf8')) as NodeRecord;
      return typeof record.address === 'string' && typeof record.port === 'number' ? record : undefined;
    } catch {
      return undefined;
    }
  }

  /** Sets a log that has grown large aside; the engine opens its log anew for every line, so it may be running. */
  async rotateLog(): Promise<void> {
    const size = await stat(this.logFile).then(
      (found) => found.size,
      () => 0,
    );
    if (size > MAX_LOG_BYTES) await rename(this.logFile, `${this.logFile}.1`);
  }

  /** The last lines of the log that belong to the last start; empty when there are none. */
  async lastLines(): Promise<string[]> {
    const text = await readTail(this.logFile);
    // Without the mark the tail begins amid a line; either way the first line is none of the engine's.
    const start = Math.max(0, text.lastIndexOf(START_MARK));
    return text.slice(start).split('\n').slice(1).filter(Boolean);
  }

  async endedCleanly(): Promise<boolean> {
    return lastServiceEndedCleanly(await readTail(this.logFile));
  }

  /** Deletes what Millpond and the engine made in it, and the directories that thereby become empty. */
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

const START_MARK = '--- starting ';
const startMark = (binary: EngineBinary): string => `${START_MARK}${binary.engine} ${binary.version} ---\n`;

/**
 * Whether nothing was lost since clients were last served. A run that ended before it served anybody, while it loaded
 * its data, has changed nothing: then the one before it tells.
 */
export function lastServiceEndedCleanly(log: string): boolean {
  for (const run of log.split(START_MARK).reverse()) {
    const lines = run.split('\n').slice(1).filter(Boolean);
    if (tellsOfCleanEnd(lines)) return true;
    if (lines.some((line) => line.includes('Ready to accept connections'))) return false;
  }
  return false;
}

/**
 * Whether a run whose log ends so has saved everything: its very last word is its farewell, and shortly before
 * it stands that the data was written (Redis 7 and Valkey 8 share this wording but for their own name).
 */
export function tellsOfCleanEnd(lines: readonly string[]): boolean {
  const end = lines.slice(-6);
  const saved = end.findLastIndex((line) => line.endsWith('DB saved on disk'));
  return saved >= 0 && /\bis now ready to exit, bye bye\.\.\.$/.test(end.at(-1) ?? '');
}

const isSafeKey = (key: string): boolean =>
  key.length < 512 && key.split('/').every((part) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part));

// For the owner alone: the configuration holds secrets, and the rest is nobody else's business either.
async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  await writeFile(aside, text, { mode: 0o600 });
  await rename(aside, path);
}

const hasContent = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.size > 0,
    () => false,
  );

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
