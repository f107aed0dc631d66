// Paths inside of an image's root, as its own programs see them: links lead to places inside of the root, whatever they
// say, and `..` ends at the root. The files are hostile, but nothing changes them meanwhile.

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** More links on the way to a file are a circle. Linux: the same number. */
const MOST_LINKS = 40;

/** A path that was followed. Relative to the root, without links; empty for the root itself. */
export interface Followed {
  path: string;
  /** What is there; `undefined` when there is nothing. */
  found: Stats | undefined;
}

/** How to follow a path. */
export interface FollowOptions {
  /** Whether a link at the very end is followed, too. True by default. */
  followsLast?: boolean;
  /** Called for a directory on the way that does not exist; afterwards it must. */
  makeDirectory?(path: string): void;
  /** Directories that are known to be real: spares looking at them again. */
  known?: Set<string>;
}

/**
 * Follows the path. Names that do not exist are kept as they are. Throws a RangeError for a circle of links, and a
 * TypeError when something on the way is no directory.
 */
export function followInside(root: string, path: string, options: FollowOptions = {}): Followed {
  const { followsLast = true, makeDirectory, known } = options;
  const ahead = path.split('/').reverse();
  let links = 0;
  let at = '';
  let found: Stats | undefined = known?.has('') ? undefined : lstatSync(root);
  while (ahead.length > 0) {
    const name = ahead.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
      found = undefined;
      continue;
    }
    const next = at === '' ? name : `${at}/${name}`;
    const isLast = !ahead.some((each) => each !== '' && each !== '.');
    if (!isLast && known?.has(next)) {
      at = next;
      continue;
    }
    found = lstatSync(join(root, next), { throwIfNoEntry: false });
    if (found?.isSymbolicLink() && (!isLast || followsLast)) {
      if (++links > MOST_LINKS) throw new RangeError(`/${path} leads in a circle of links`);
      const target = readlinkSync(join(root, next));
      if (target.startsWith('/')) at = '';
      ahead.push(...target.split('/').reverse());
      found = undefined;
      continue;
    }
    at = next;
    if (isLast) return { path: at, found };
    if (found && !found.isDirectory()) throw new TypeError(`/${at} is no directory`);
    if (!found) makeDirectory?.(at);
    if (found || makeDirectory) known?.add(at);
  }
  return { path: at, found: found ?? lstatSync(join(root, at), { throwIfNoEntry: false }) };
}
