// The configuration of ssh in `exec`, `shell` and sessions: this machine's, and before it the instances of Millpond, so
// that their names are typed as on AWS.

import { globSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Cover } from '../../machines/machine.ts';

const SYSTEM_FILE = '/etc/ssh/ssh_config';
const MOST_DEPTH = 4;

/**
 * Replaces the system's file; nothing where this machine has none. Files that it includes become part of the text: ssh
 * refuses files of another user than its own, which root's are in a user namespace.
 */
export function sshCover(dataDir: string, system = SYSTEM_FILE): Cover[] {
  let target: string;
  try {
    target = realpathSync(system);
  } catch {
    return [];
  }
  const own = `Include "${join(dataDir, 'ssh', 'config')}"\n`;
  return [{ targets: [target], text: `${own}${textOf(target, 0)}` }];
}

/** The file with those that it includes in place of their names. */
function textOf(file: string, depth: number): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // As ssh does with a file that it may not read.
    return '';
  }
  const lines = text.split('\n').map((line) => {
    const [, patterns] = /^\s*Include[\s=]+(\S.*)$/i.exec(line) ?? [];
    if (patterns === undefined || depth >= MOST_DEPTH) return patterns === undefined ? line : '';
    return patterns
      .split(/\s+/)
      .flatMap((pattern) => globSync(resolve(dirname(file), pattern.replaceAll('"', ''))).sort())
      .map((found) => textOf(found, depth + 1))
      .join('\n');
  });
  return lines.join('\n');
}
