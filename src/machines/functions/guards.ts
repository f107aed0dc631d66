// Describes how functions are isolated on this machine, in sentences for `doctor` and the log. Pure.

import type { Guard, Mounter } from './isolation-types.ts';
import type { Drop } from './privileges.ts';

/**
 * How functions are isolated: with a private root (mounted by whom, with or without /proc), or without one and why.
 */
type Manner = { drop: Drop } & ({ mounter: Mounter; hasProc: boolean } | { reason: string });

/** One guard each for files, processes, privileges and user. */
export function guardsOf(manner: Manner): Guard[] {
  const { drop } = manner;
  const isPrivate = 'mounter' in manner;
  return [
    {
      what: 'files',
      isKept: isPrivate,
      detail: isPrivate
        ? `functions see their own code, a /tmp and this machine's programs only (by ${manner.mounter})`
        : `functions see and may change every file that Millpond itself may, its data directory included (${manner.reason})`,
    },
    {
      what: 'processes',
      isKept: isPrivate,
      detail: !isPrivate
        ? 'functions see the processes of this machine, and may end and read those of their user'
        : manner.hasProc
          ? 'functions see their own processes only'
          : 'functions see their own processes only, and no /proc, which this machine does not allow',
    },
    {
      what: 'privileges',
      isKept: drop.isForGood,
      detail: drop.isForGood
        ? 'functions have no capability and cannot gain one'
        : 'functions keep the capabilities that Millpond has there: `setpriv` of util-linux 2.33 or newer is missing or refused',
    },
    userGuard(manner),
  ];
}

function userGuard(manner: Manner): Guard {
  const what = 'user';
  if (manner.drop.isOtherUser) {
    return { what, isKept: true, detail: 'each function process runs as a user of its own' };
  }
  const isPrivate = 'mounter' in manner;
  if (process.getuid?.() !== 0) {
    return { what, isKept: isPrivate, detail: 'functions run as the user that Millpond runs as' };
  }
  const why = !isPrivate
    ? 'without a root of their own they could not reach their code'
    : manner.mounter === 'user namespace'
      ? 'a user namespace knows no other user'
      : 'Millpond’s own files cannot be read by others, or this container knows no other users';
  return { what, isKept: false, detail: `functions run as root: ${why}` };
}
