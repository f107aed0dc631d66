// The programs that run inside of a container's root before its own program does: they take the root apart from this
// host and drop privileges. An image has no such programs, or hostile ones. So they are copied with their libraries
// into one directory, from where they run without anything else of this host.

import { execFile } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { OperationalError } from '../../kernel/errors.ts';
import { isExecutable, SYSTEM_PATH, toolAt } from '../../kernel/programs.ts';

const COPIED = ['setpriv', 'umount', 'env'];
/** Run outside of the container's root. `env` must be GNU's, for `--split-string`. */
const NEEDED = [...COPIED, 'unshare', 'nsenter', 'mount', 'pivot_root', 'prlimit', 'mkfifo', 'split'];
export const LOADER = 'ld.so';

/** The line that begins a command of the directory, which must be the working directory. */
export type ToolLine = (name: 'setpriv' | 'umount' | 'env') => string[];

/** The first needed program that is missing. */
export const missingTool = (): string | undefined =>
  NEEDED.find((name) => !isExecutable(toolAt(name, { PATH: SYSTEM_PATH })));

/** Makes the directory anew. Throws an OperationalError when a program cannot be copied so that it runs. */
export async function makeTools(directory: string): Promise<ToolLine> {
  const draft = `${directory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o755 });
  let loader: string | undefined;
  try {
    for (const name of COPIED) {
      const program = toolAt(name, { PATH: SYSTEM_PATH });
      copy(program, join(draft, name));
      const own = interpreterOf(program);
      if (own === undefined) continue;
      loader = own;
      for (const library of await librariesOf(own, program)) copy(library, join(draft, basename(library)));
    }
    if (loader !== undefined) copy(loader, join(draft, LOADER));
    // Without a list of mounts, even an empty one, `umount` does nothing.
    mkdirSync(join(draft, 'proc/self'), { recursive: true });
    writeFileSync(join(draft, 'proc/self/mountinfo'), '');
    for (const name of ['', 'proc', 'proc/self', 'proc/self/mountinfo']) chmodSync(join(draft, name), 0o755);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const reason = `This machine's ${COPIED.join(', ')} cannot be copied: ${(error as Error).message}`;
    throw new OperationalError('ContainersUnavailable', reason, error);
  }
  rmSync(directory, { recursive: true, force: true });
  renameSync(draft, directory);
  const start = loader === undefined ? [] : [`./${LOADER}`, '--library-path', '.'];
  return (name) => [...start, `./${name}`];
}

function copy(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

const PT_INTERP = 3;

/** The loader that the program names; `undefined` for one that needs none. */
function interpreterOf(program: string): string | undefined {
  const start = Buffer.alloc(4096);
  const file = openSync(program, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  // ELF, 64 bits, the lower byte first.
  if (start.readUInt32BE(0) !== 0x7f454c46 || start[4] !== 2 || start[5] !== 1) return undefined;
  const [table, size, count] = [
    Number(start.readBigUInt64LE(32)),
    start.readUInt16LE(54),
    start.readUInt16LE(56),
  ];
  for (let at = table; at < table + size * count && at + size <= start.length; at += size) {
    if (start.readUInt32LE(at) !== PT_INTERP) continue;
    const offset = Number(start.readBigUInt64LE(at + 8));
    const length = Number(start.readBigUInt64LE(at + 32));
    if (offset + length > start.length) return undefined;
    return start.toString('latin1', offset, offset + length).replace(/\0.*$/s, '');
  }
  return undefined;
}

/** As the loader itself finds them: glibc's and musl's print them alike. */
async function librariesOf(loader: string, program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(loader, ['--list', program], {
    env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
  });
  return [...stdout.matchAll(/=> (\/[^\n]+?) \(0x[0-9a-f]+\)$/gm)].map(([, path]) => path!);
}
