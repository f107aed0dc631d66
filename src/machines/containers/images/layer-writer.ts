// Applies the entries of a layer to the root of an image: files, directories, links, and the names that say what of the
// lower layers is gone. An entry never reaches outside of the root. Devices and pipes are left out, and so are extended
// attributes, which Node cannot set.

import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '../../../kernel/errors.ts';
import { followInside } from './inside-root.ts';
import type { UnpackBounds } from './unpack-task.ts';

/** An entry of the archive, as its header describes it. */
export interface Entry {
  path: string;
  type: string;
  linkPath: string;
  mode: number;
  uid: number;
  gid: number;
  /** Milliseconds since the epoch; absent when the header has none. */
  modifiedAt?: number | undefined;
}

/** Takes the bytes of a file. */
export interface FileSink {
  write(bytes: Buffer): void;
  end(): void;
}

/** OCI image specification, "Whiteouts": the name marks what is deleted. */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** Files of the union file system that the names come from. */
const OF_AUFS = '.wh..wh.';
/** Images have ids below this: the container's range has no more. */
const MOST_IDS = 65_536;
const NOBODY = 65_534;
const LOOK_AT_DISK_EVERY = 64 * 1024 ** 2;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Writes one image. Its methods throw an OperationalError for what the image must not contain, else system errors. */
export class LayerWriter {
  readonly #root: string;
  readonly #firstId: number | undefined;
  readonly #bounds: UnpackBounds;
  /** Directories that are there and are no links. */
  readonly #known = new Set<string>();
  /** The paths of the current layer. */
  #ofLayer = new Set<string>();
  #untilLook = 0;
  bytes = 0;
  entries = 0;

  constructor(root: string, firstId: number | undefined, bounds: UnpackBounds) {
    this.#root = root;
    this.#firstId = firstId;
    this.#bounds = bounds;
    this.#own('', { uid: 0, gid: 0, mode: 0o755 });
  }

  beginLayer(): void {
    this.#ofLayer = new Set();
  }

  /** Counts bytes of the archive, whatever becomes of them. */
  count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#bounds.bytes) {
      throw refusal(`it has more than ${this.#bounds.bytes / 1024 ** 3} GiB`);
    }
    this.#untilLook -= bytes;
    if (this.#untilLook > 0) return;
    this.#untilLook = LOOK_AT_DISK_EVERY;
    const { bavail, bsize } = statfsSync(this.#root);
    if (bavail * bsize < this.#bounds.freeBytes) {
      throw new OperationalError('DiskFull', 'The image cannot be unpacked: the disk is nearly full.');
    }
  }

  /** Returns where the bytes of a file go; `undefined` for all other entries. */
  add(entry: Entry): FileSink | undefined {
    this.#countEntry();
    const names = entry.path.split('/').filter((name) => name !== '' && name !== '.');
    if (names.includes('..')) throw refusal(`it has a file with the path ${shown(entry.path)}`);
    const name = names.pop();
    if (name === undefined) {
      if (entry.type === 'Directory') this.#own('', entry);
      return undefined;
    }
    const parent = this.#directory(names.join('/'));
    if (name.startsWith(WHITEOUT)) {
      this.#whiteOut(parent, name);
      return undefined;
    }
    const path = parent === '' ? name : `${parent}/${name}`;
    this.#claim(path);
    switch (entry.type) {
      case 'File':
      case 'OldFile':
      case 'ContiguousFile':
        return this.#file(path, entry);
      case 'Directory':
      case 'GNUDumpDir':
        this.#makeDirectory(path, entry);
        return undefined;
      case 'SymbolicLink':
        this.#clear(path);
        symlinkSync(entry.linkPath, this.#at(path));
        this.#ownLink(path, entry);
        return undefined;
      case 'Link':
        this.#link(path, entry);
        return undefined;
      default:
        return undefined;
    }
  }

  /** The layer has this path, and so the directories that lead to it. */
  #claim(path: string): void {
    for (
      let at = path;
      at !== '' && !this.#ofLayer.has(at);
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
    ) {
      this.#ofLayer.add(at);
    }
  }

  #at = (path: string): string => join(this.#root, path);

  #countEntry(): void {
    if (++this.entries > this.#bounds.entries) {
      throw refusal(`it has more than ${this.#bounds.entries} files`);
    }
  }

  /** The real path of a directory, which is made where it is missing. */
  #directory(path: string): string {
    if (path === '' || this.#known.has(path)) return path;
    try {
      // Some name in it, so that it is a directory on the way.
      const { path: inner } = followInside(this.#root, `${path}/-`, {
        followsLast: false,
        known: this.#known,
        makeDirectory: (made) => {
          this.#countEntry();
          mkdirSync(this.#at(made), { mode: 0o755 });
          this.#own(made, { uid: 0, gid: 0, mode: 0o755 });
        },
      });
      return inner.slice(0, Math.max(0, inner.length - '/-'.length));
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) throw refusal(error.message);
      throw error;
    }
  }

  #whiteOut(parent: string, name: string): void {
    if (name === OPAQUE) this.#keepOfLayer(parent);
    if (name.startsWith(OF_AUFS)) return;
    const gone = name.slice(WHITEOUT.length);
    if (gone === '' || gone === '.' || gone === '..') throw refusal(`it has a file named ${shown(name)}`);
    const path = parent === '' ? gone : `${parent}/${gone}`;
    if (!this.#ofLayer.has(path)) this.#clear(path);
  }

  /** Deletes what lower layers put into the directory. */
  #keepOfLayer(directory: string): void {
    for (const entry of readdirSync(this.#at(directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (!this.#ofLayer.has(path)) this.#clear(path);
      else if (entry.isDirectory()) this.#keepOfLayer(path);
    }
  }

  /** Deletes whatever is there, without following it. */
  #clear(path: string): void {
    const at = this.#at(path);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (!found) return;
    if (found.isDirectory()) {
      this.#known.clear();
      rmSync(at, { recursive: true });
    } else unlinkSync(at);
  }

  #makeDirectory(path: string, entry: Entry): void {
    const found = lstatSync(this.#at(path), { throwIfNoEntry: false });
    if (!found?.isDirectory()) {
      this.#clear(path);
      mkdirSync(this.#at(path), { mode: 0o755 });
    }
    this.#own(path, entry);
    this.#known.add(path);
  }

  #file(path: string, entry: Entry): FileSink {
    this.#clear(path);
    const file = openSync(this.#at(path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    return {
      write: (bytes) => {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      },
      end: () => {
        const { owner, group } = this.#ownersOf(entry);
        if (owner !== undefined) fchownSync(file, owner, group!);
        // After the owner: changing that takes the bits away.
        fchmodSync(file, this.#modeOf(entry.mode, 0o400));
        if (entry.modifiedAt !== undefined)
          futimesSync(file, entry.modifiedAt / 1000, entry.modifiedAt / 1000);
        closeSync(file);
      },
    };
  }

  #link(path: string, entry: Entry): void {
    const names = entry.linkPath.split('/').filter((name) => name !== '' && name !== '.');
    const isInside = names.length > 0 && !names.includes('..');
    const source = isInside ? this.#existing(names) : undefined;
    if (source === undefined) {
      throw refusal(`${shown(path)} is a link to ${shown(entry.linkPath)}, which is no file in it`);
    }
    if (source === path) return;
    this.#clear(path);
    linkSync(this.#at(source), this.#at(path));
  }

  /** The real path of a file or link that is there. */
  #existing(names: readonly string[]): string | undefined {
    try {
      const { path, found } = followInside(this.#root, names.join('/'), { followsLast: false });
      return found && !found.isDirectory() ? path : undefined;
    } catch {
      return undefined;
    }
  }

  #own(path: string, entry: Pick<Entry, 'uid' | 'gid' | 'mode'>): void {
    const { owner, group } = this.#ownersOf(entry);
    if (owner !== undefined) lchownSync(this.#at(path), owner, group!);
    chmodSync(this.#at(path), this.#modeOf(entry.mode, 0o700));
  }

  #ownLink(path: string, entry: Entry): void {
    const { owner, group } = this.#ownersOf(entry);
    if (owner !== undefined) lchownSync(this.#at(path), owner, group!);
  }

  #ownersOf({ uid, gid }: Pick<Entry, 'uid' | 'gid'>): { owner?: number; group?: number } {
    if (this.#firstId === undefined) return {};
    const inRange = (id: number) => (id >= 0 && id < MOST_IDS ? id : NOBODY);
    return { owner: this.#firstId + inRange(uid), group: this.#firstId + inRange(gid) };
  }

  /** Where all users are one, a file cannot give another user's rights, and must be readable to be of use. */
  #modeOf(mode: number, least: number): number {
    return this.#firstId === undefined ? (mode & 0o1777) | least : mode & 0o7777;
  }
}

/** An image that is not what it must be. `what` is a clause. */
export const refusal = (what: string): OperationalError =>
  new OperationalError('ContainersUnavailable', `The image cannot be used: ${what}.`);

const MOST_SHOWN = 200;

const shown = (text: string): string =>
  text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text === '' ? 'without a name' : text;
