// Who the user of a container is: numbers and names, looked up in the image's own files as Docker does.

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '../../kernel/errors.ts';
import { followInside } from './images/inside-root.ts';

/** The user of a container's first process, in its own numbers. */
export interface ContainerUser {
  uid: number;
  gid: number;
  /** Supplementary groups. */
  groups: readonly number[];
  home: string;
}

const MOST_FILE_BYTES = 1024 ** 2;
const NUMBER = /^\d{1,10}$/;

/**
 * `user` is empty, or `user` or `user:group`, each a name or a number. Throws an OperationalError in Docker's words when
 * the image has no such name.
 */
export function userOf(root: string, user: string, count: number): ContainerUser {
  const [wanted = '', wantedGroup] = user.split(':');
  const users = linesOf(root, 'etc/passwd');
  const own = users.find(([name, , id]) => name === wanted || (id !== undefined && id === (wanted || '0')));
  if (wanted !== '' && !own && !NUMBER.test(wanted)) {
    throw refusal(`unable to find user ${wanted}: no matching entries in passwd file`);
  }
  const uid = own ? Number(own[2]) : Number(wanted || 0);
  const groups = linesOf(root, 'etc/group');
  const group = wantedGroup && groups.find(([name, , id]) => name === wantedGroup || id === wantedGroup);
  if (wantedGroup && !group && !NUMBER.test(wantedGroup)) {
    throw refusal(`unable to find group ${wantedGroup}: no matching entries in group file`);
  }
  const gid = group ? Number(group[2]) : wantedGroup ? Number(wantedGroup) : Number(own?.[3] ?? 0);
  const name = own?.[0];
  // Docker: a group in the user's text is the only one.
  const supplementary =
    wantedGroup || name === undefined
      ? []
      : groups.filter(([, , , members]) => members?.split(',').includes(name)).map(([, , id]) => Number(id));
  for (const id of [uid, gid]) {
    if (!Number.isInteger(id) || id >= count) throw refusal(`it has no user or group ${id}`);
  }
  return {
    ...{ uid, gid, home: own?.[5] || '/' },
    groups: [...new Set(supplementary)].filter((id) => Number.isInteger(id) && id < count).slice(0, 1000),
  };
}

const refusal = (what: string) =>
  new OperationalError('ContainersUnavailable', `The container cannot be started: ${what}.`);

/** The fields of each line; none where the image has no such file. */
function linesOf(root: string, path: string): string[][] {
  try {
    const { path: real, found } = followInside(root, path);
    if (!found?.isFile() || found.size > MOST_FILE_BYTES) return [];
    const file = openSync(join(root, real), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      if (fstatSync(file).size > MOST_FILE_BYTES) return [];
      return readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split(':'));
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}
