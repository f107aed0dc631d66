// As whom a function's process runs: as a user that nobody else is where Millpond is root, and in any case with no
// capability and no way to gain one. The programs are util-linux's setpriv and unshare.

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One way to give privileges up, of which some machines have not all. */
export interface Drop {
  /** Whether the process becomes another user than Millpond. */
  isOtherUser: boolean;
  /** Whether it keeps none of Millpond's capabilities and cannot gain any by running a program. */
  isForGood: boolean;
  /** What stands before the command. */
  command(user: number): string[];
}

/** Who gives up: root or a user who is root of a user namespace, after mounting; Millpond itself with no namespace. */
type Beginner = 'root' | 'user namespace' | 'plain root' | 'plain user';

const NOTHING_NEW = ['--no-new-privs', '--inh-caps=-all', '--pdeathsig=KILL'];
/** What is needed to take capabilities out of the bounding set is given up with it, in the same step. */
const NO_CAPABILITY = [...NOTHING_NEW, '--ambient-caps=-all', '--bounding-set=-all'];

const asOther = (user: number) => [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];

/** In the order in which to try them; the last one gives nothing up. `uid` and `gid` are Millpond's own. */
export function dropsOf(beginner: Beginner, uid: number, gid: number): Drop[] {
  const drop = (isOtherUser: boolean, isForGood: boolean, command: Drop['command']): Drop => ({
    ...{ isOtherUser, isForGood, command },
  });
  if (beginner === 'user namespace') {
    // Its root becomes the caller again in a second one; capabilities in that one are given up at once.
    const back = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`];
    return [
      drop(false, true, () => [...back, '--keep-caps', '--', 'setpriv', ...NO_CAPABILITY, '--']),
      drop(false, true, () => [...back, '--', 'setpriv', ...NOTHING_NEW, '--']),
      drop(false, false, () => [...back, '--']),
    ];
  }
  if (beginner === 'plain user') {
    return [drop(false, true, () => ['setpriv', ...NOTHING_NEW, '--']), drop(false, false, () => [])];
  }
  const others = [
    drop(true, true, (user) => ['setpriv', ...asOther(user), ...NO_CAPABILITY, '--']),
    drop(true, true, (user) => ['setpriv', ...asOther(user), ...NOTHING_NEW, '--']),
  ];
  return [
    // Without a root of its own another user could not reach the code, which lies in a directory that is Millpond's.
    ...(beginner === 'root' && userNumbers() ? others : []),
    drop(false, true, () => ['setpriv', ...NO_CAPABILITY, '--']),
    drop(false, false, () => []),
  ];
}

/**
 * Ranges that no distribution gives to users, services or containers. The second is for containers that know no more
 * than 65,536 users.
 */
const RANGES = [
  { from: 1_900_000_000, to: 2_140_000_000 },
  { from: 60_600, to: 61_180 },
];
const MOST_AT_ONCE = 512;

let range: { first: number; next: number } | undefined;

/** A user for one environment, whom no other environment of this Millpond has; undefined where there is none. */
export function nextUser(): number | undefined {
  const numbers = userNumbers();
  return numbers && numbers.first + (numbers.next++ % MOST_AT_ONCE);
}

function userNumbers() {
  if (range) return range;
  const found = RANGES.find(({ from, to }) => isMapped(from) && isMapped(to));
  // Somewhere in it: two Millponds on one machine rarely meet.
  if (found) range = { first: randomInt(found.from, found.to - MOST_AT_ONCE), next: 0 };
  return range;
}

/** Whether this user namespace knows the number, as a user and as a group. */
function isMapped(number: number): boolean {
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
