// Which users of this host the users of containers are. Where it can be, each container has a range of its own kind of
// ids, far above those of this host's users: its root is nobody here. Elsewhere all its users are Millpond's own.

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { replaceFile } from '../../kernel/replace-file.ts';
import { isMapped } from '../functions/privileges.ts';

/** The users of the containers of one data directory. */
export interface Identities {
  kind: 'range' | 'subordinate' | 'one';
  /** Of a range: the id of a container's root on this host. Elsewhere that is Millpond's own user. */
  firstId?: number | undefined;
  count: number;
  /** Arguments of `unshare` that make the namespace of users. Where there is a `map`, it is mapped from outside. */
  unshare: readonly string[];
  map?: readonly IdRange[] | undefined;
}

/** Ids of a namespace, and what they are outside of it. */
export interface IdRange {
  inside: number;
  outside: number;
  count: number;
}

/** As many as images use. */
const COUNT = 65_536;
/**
 * Above the ranges that systemd gives to users and containers (to 1,879,048,191), below those of functions (from
 * 1,900,000,000).
 */
const FROM = 1_880_000_000;
const RANGES = 300;

/** All users of a container are the one that runs Millpond. */
export const ONE_USER: Identities = { kind: 'one', count: 1, unshare: ['--user', '--map-root-user'] };

/** As those of rootless Podman: root is the user that runs Millpond, the others are those of /etc/subuid. */
const SUBORDINATE: Identities = {
  ...{ kind: 'subordinate', count: COUNT },
  unshare: ['--user', '--map-root-user', '--map-auto'],
};

/** The ids that root has given to this plain user; absent where there are none. */
export function subordinates(): Identities | undefined {
  if (process.getuid?.() === 0) return undefined;
  const owners = [`${process.getuid?.()}`];
  try {
    owners.push(userInfo().username);
  } catch {
    // A user without a name.
  }
  const isListed = (file: string) =>
    linesOf(file).some((line) => {
      const [owner = '', , count] = line.split(':');
      return owners.includes(owner) && Number(count) >= COUNT - 1;
    });
  return isListed('/etc/subuid') && isListed('/etc/subgid') ? SUBORDINATE : undefined;
}

/** The command line that runs this command as the root of containers, whose files it may change. */
export const asContainerRoot = (
  { kind, unshare }: Identities,
  command: readonly [string, ...string[]],
): [string, ...string[]] =>
  kind === 'subordinate' ? ['unshare', ...unshare, '--', ...command] : [...command];

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * The range of this data directory, which `file` records: its files belong to the same users at the next start. Only
 * root can give ids of its own; absent where this host has none.
 */
export function rangeOfRoot(file: string): Identities | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const firstId = recorded(file) ?? FROM + randomInt(RANGES) * COUNT;
  if (!isMapped(firstId) || !isMapped(firstId + COUNT - 1)) return undefined;
  replaceFile(file, JSON.stringify({ firstId }));
  const map = [{ inside: 0, outside: firstId, count: COUNT }];
  return { kind: 'range', firstId, count: COUNT, unshare: ['--user', '--keep-caps'], map };
}

function recorded(file: string): number | undefined {
  try {
    const { firstId } = JSON.parse(readFileSync(file, 'utf8')) as { firstId: unknown };
    return Number.isSafeInteger(firstId) && (firstId as number) >= FROM ? (firstId as number) : undefined;
  } catch {
    return undefined;
  }
}
