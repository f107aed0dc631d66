// Which users of this host the users of containers are. Where it can be, each container has a range of its own kind of
// ids, far above those of this host's users: its root is nobody here. Elsewhere all its users are Millpond's own.

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { replaceFile } from '../../kernel/replace-file.ts';
import { isMapped } from '../functions/privileges.ts';

/** The users of the containers of one data directory. */
export interface Identities {
  /** The id of a container's root on this host; absent where there is one user only. */
  firstId?: number | undefined;
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
export const ONE_USER: Identities = { count: 1 };

/**
 * The range of this data directory, which `file` records: its files belong to the same users at the next start. Only
 * root can give ids of its own; absent where this host has none.
 */
export function rangeOfRoot(file: string): Identities | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const firstId = recorded(file) ?? FROM + randomInt(RANGES) * COUNT;
  if (!isMapped(firstId) || !isMapped(firstId + COUNT - 1)) return undefined;
  replaceFile(file, JSON.stringify({ firstId }));
  return { firstId, count: COUNT };
}

function recorded(file: string): number | undefined {
  try {
    const { firstId } = JSON.parse(readFileSync(file, 'utf8')) as { firstId: unknown };
    return Number.isSafeInteger(firstId) && (firstId as number) >= FROM ? (firstId as number) : undefined;
  } catch {
    return undefined;
  }
}
