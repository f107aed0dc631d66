// Decides as which user a function's process runs: as its own user where Millpond is root, and always without
// capabilities and without a way to gain any. Uses setpriv and unshare of util-linux.

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One way to drop privileges; not every machine supports all of them. */
export interface Drop {
  /** Whether the process runs as another user than Millpond. */
  isOtherUser: boolean;
  /** Whether the process has no capabilities and cannot gain any by running a program. */
  isForGood: boolean;
  /** The command prefix that drops the privileges. */
  command(user: number): string[];
}

/**
 * Who drops privileges: root or the root of a user namespace, after mounting; or Millpond itself without a namespace.
 */
type Starter = 'root' | 'user namespace' | 'plain root' | 'plain user';

const WITH_PARENT = '--pdeathsig=KILL';
const NOTHING_NEW = ['--no-new-privs', '--inh-caps=-all', WITH_PARENT];
/** Dropping capabilities from the bounding set needs a capability, which is dropped in the same step. */
const NO_CAPABILITY = [...NOTHING_NEW, '--ambient-caps=-all', '--bounding-set=-all'];

const asOther = (user: number) => [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];

/**
 * The command prefix of a process that ends with Millpond, however that ends; empty where `setpriv` is missing. The
 * function's own process ends with the first process of its namespace, and that with the process that waits for it.
 */
export const endingWithParent = ({ isForGood }: Drop): string[] =>
  isForGood ? ['setpriv', WITH_PARENT, '--'] : [];

/** The ways to try, in order; the last one drops nothing. `uid` and `gid` are Millpond's own. */
export function dropsOf(starter: Starter, uid: number, gid: number): Drop[] {
  const drop = (isOtherUser: boolean, isForGood: boolean, command: Drop['command']): Drop => ({
    ...{ isOtherUser, isForGood, command },
  });
  if (starter === 'user namespace') {
    // A second namespace turns its root into the caller again; the capabilities there are dropped at once.
    const back = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`];
    return [
      drop(false, true, () => [...back, '--keep-caps', '--', 'setpriv', ...NO_CAPABILITY, '--']),
      drop(false, true, () => [...back, '--', 'setpriv', ...NOTHING_NEW, '--']),
      drop(false, false, () => [...back, '--']),
    ];
  }
  if (starter === 'plain user') {
    return [drop(false, true, () => ['setpriv', ...NOTHING_NEW, '--']), drop(false, false, () => [])];
  }
  const others = [
    drop(true, true, (user) => ['setpriv', ...asOther(user), ...NO_CAPABILITY, '--']),
    drop(true, true, (user) => ['setpriv', ...asOther(user), ...NOTHING_NEW, '--']),
  ];
  return [
    // Without a private root, another user could not reach the code in Millpond's directory.
    ...(starter === 'root' && userNumbers() ? others : []),
    drop(false, true, () => ['setpriv', ...NO_CAPABILITY, '--']),
    drop(false, false, () => []),
  ];
}

/**
 * Ranges that no distribution uses for users, services or containers. The second is for containers with at most
 * 65,536 users.
 */
const RANGES = [
  { from: 1_900_000_000, to: 2_140_000_000 },
  { from: 60_600, to: 61_180 },
];
const MOST_AT_ONCE = 512;

let range: { first: number; next: number } | undefined;

/** A user id for one environment, unique among this Millpond's environments; undefined where none is available. */
export function nextUser(): number | undefined {
  const numbers = userNumbers();
  return numbers && numbers.first + (numbers.next++ % MOST_AT_ONCE);
}

function userNumbers() {
  if (range) return range;
  const found = RANGES.find(({ from, to }) => isMapped(from) && isMapped(to));
  // A random start, so that two Millponds on one machine rarely collide.
  if (found) range = { first: randomInt(found.from, found.to - MOST_AT_ONCE), next: 0 };
  return range;
}

/** Whether this user namespace maps the number, both as a user and as a group. */
export function isMapped(number: number): boolean {
  return ['/proc/self/uid_map', '/proc/self/gid_map'].every((file) => {
    let text: string;
    try {
      text = readFileSync(file, 'latin1');
    } catch {
      return false;
    }
    return text.split('\n').some((line) => {
      const [first = Number.NaN, , count = 0] = line.trim().split(/\s+/).map(Number);
      return number >= first && number < first + count;
    });
  });
}
