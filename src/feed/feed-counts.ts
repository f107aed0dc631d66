// What a feed has done since it was created, over all its processes. A process that is killed takes the counts of its
// last seconds with it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../kernel/replace-file.ts';

/** How many changes were read, and how many messages were delivered, tried again and given up. */
export interface Counts {
  read: number;
  delivered: number;
  retried: number;
  dead: number;
}

/** Those of a mapping, and of the feed. */
export interface FeedCounts extends Counts {
  mappings: readonly ({ name: string } & Omit<Counts, 'read'>)[];
}

const NOTHING: FeedCounts = { read: 0, delivered: 0, retried: 0, dead: 0, mappings: [] };

/** The counts that earlier processes left in the feed's directory. */
export function openCounts(directory: string) {
  const file = join(directory, 'counts.json');
  const before = read(file);
  let saved = '';
  return {
    /** With those of this process. */
    with: (own: FeedCounts): FeedCounts => sum(before, own),
    /** Never throws: the counts are not worth the feed. */
    save(own: FeedCounts): void {
      const text = JSON.stringify(sum(before, own));
      if (text === saved) return;
      saved = text;
      try {
        replaceFile(file, text);
      } catch {
        saved = '';
      }
    },
  };
}

function read(file: string): FeedCounts {
  try {
    return { ...NOTHING, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<FeedCounts>) };
  } catch {
    return NOTHING;
  }
}

/** Mappings that are gone are forgotten. */
function sum(a: FeedCounts, b: FeedCounts): FeedCounts {
  return {
    read: a.read + b.read,
    delivered: a.delivered + b.delivered,
    retried: a.retried + b.retried,
    dead: a.dead + b.dead,
    mappings: b.mappings.map((one) => {
      const earlier = a.mappings.find(({ name }) => name === one.name);
      return {
        name: one.name,
        delivered: one.delivered + (earlier?.delivered ?? 0),
        retried: one.retried + (earlier?.retried ?? 0),
        dead: one.dead + (earlier?.dead ?? 0),
      };
    }),
  };
}
