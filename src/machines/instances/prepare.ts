// Makes files and directories in a tree that an instance's users have written to. Nothing of the instance runs meanwhile,
// but every link in the tree may lead anywhere on this host, so no link is followed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { asContainerRoot, type Identities } from '../containers/identities.ts';

/**
 * What is to be at a path, which is relative: `d` a directory, `f` a file, each kept where it is one; `l` a link to
 * `target` where nothing is; `w` the mark of an overlay that says that a file below is gone; `r` nothing.
 */
export interface Wanted {
  kind: 'd' | 'f' | 'l' | 'w' | 'r';
  path: string;
  target?: string;
}

/** Each is three lines: kind, path, target. Argument: the owner of what is made, or nothing. */
const SCRIPT = `
umask 022
owner=$1
give() { [ -z "$owner" ] || chown -h "$owner:$owner" "$1" || exit 1; }
directory() {
  at= rest=$1/
  while [ "$rest" ]; do
    at=$at\${rest%%/*} rest=\${rest#*/}
    if [ -L "$at" ] || [ ! -d "$at" ]; then
      rm -rf --one-file-system -- "$at" && mkdir -- "$at" && give "$at" || exit 1
    fi
    at=$at/
  done
}
while IFS= read -r kind && IFS= read -r path && IFS= read -r target; do
  case $kind in
  d) directory "$path"; continue ;;
  esac
  case $path in
  */*) directory "\${path%/*}" ;;
  esac
  case $kind in
  f) if [ -L "$path" ] || [ ! -f "$path" ]; then rm -rf --one-file-system -- "$path" && : >"$path" && give "$path" || exit 1; fi ;;
  l) [ -L "$path" ] || [ -e "$path" ] || { ln -s -- "$target" "$path" && give "$path"; } || exit 1 ;;
  r) rm -rf --one-file-system -- "$path" || exit 1 ;;
  w) [ -L "$path" ] || [ -e "$path" ] || mknod -- "$path" c 0 0 || exit 1 ;;
  esac
done
`;

/** Rejects with what the first failing program said. */
export async function prepare(
  directory: string,
  wanted: readonly Wanted[],
  identities: Identities,
): Promise<void> {
  for (const { path, target = '' } of wanted) {
    if (/[\n\0]/.test(path + target) || path.startsWith('/') || path.split('/').includes('..')) {
      throw new TypeError(`${path} is no path in an instance`);
    }
  }
  const [program, ...args] = asContainerRoot(identities, [
    ...(['/bin/sh', '-c', SCRIPT, 'millpond-prepare', `${identities.firstId ?? ''}`] as [
      string,
      ...string[],
    ]),
  ]);
  const child = spawn(program, args, {
    ...{ cwd: directory, stdio: ['pipe', 'ignore', 'pipe'], env: { PATH: SYSTEM_PATH, LC_ALL: 'C' } },
  });
  const ended = once(child, 'close');
  const errors = text(child.stderr!);
  child.stdin!.on('error', () => {});
  child.stdin!.end(wanted.map(({ kind, path, target = '' }) => `${kind}\n${path}\n${target}\n`).join(''));
  const [code] = (await ended) as [number | null];
  if (code !== 0)
    throw new Error((await errors).trim().split('\n')[0] || `its files cannot be prepared (${code})`);
}
