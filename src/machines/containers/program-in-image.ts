// Finds the program of a container in its image before it is started, to say in Docker's words why it cannot be.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { arch } from 'node:os';
import { join, resolve } from 'node:path';
import { isWithin } from '../functions/mount-table.ts';
import { followInside } from './images/inside-root.ts';

const ELF = 0x7f454c46;
/** The machine in an ELF header. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/**
 * Why the program cannot be started: a clause; `undefined` when it can, as far as the image shows. What is in a volume
 * is not known.
 */
export function whyNoProgram(
  root: string,
  program: string,
  at: { path: string; workingDirectory: string; volumes: readonly string[] },
): string | undefined {
  if (program === '') return 'no command specified';
  if (program.includes('=') || program.includes('\0'))
    return `exec: "${program}": the name of a program has no “=”`;
  const isVolume = (path: string) => at.volumes.some((volume) => isWithin(path, volume));
  const candidates = program.includes('/')
    ? [resolve('/', at.workingDirectory, program)]
    : at.path.split(':').map((directory) => resolve('/', at.workingDirectory, directory, program));
  let reason = program.includes('/')
    ? `exec: "${program}": stat ${program}: no such file or directory`
    : `exec: "${program}": executable file not found in $PATH`;
  for (const candidate of candidates) {
    if (isVolume(candidate)) return undefined;
    const found = lookAt(root, candidate, isVolume);
    if (found === 'there') return undefined;
    if (found !== 'missing') reason = `exec: "${program}": ${found}`;
  }
  return reason;
}

function lookAt(root: string, path: string, isVolume: (path: string) => boolean): string {
  let followed: ReturnType<typeof followInside>;
  try {
    followed = followInside(root, path);
  } catch {
    return 'missing';
  }
  const { path: real, found } = followed;
  if (!found) return isVolume(`/${real}`) ? 'there' : 'missing';
  if (found.isDirectory()) return 'is a directory';
  if (!found.isFile() || (found.mode & 0o111) === 0) return 'permission denied';
  const start = Buffer.alloc(20);
  const file = openSync(join(root, real), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  if (start.readUInt32BE(0) === ELF) {
    const machine = start[5] === 2 ? start.readUInt16BE(18) : start.readUInt16LE(18);
    return machine === (MACHINES[arch()] ?? machine) ? 'there' : 'exec format error';
  }
  return 'there';
}
