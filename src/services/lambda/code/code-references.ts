// Counts which code packages the records refer to: all of them at the start, and changes with every commit.

/** Reference counts of code packages, by the hash of the package. */
export interface CodeReferences {
  /** Sets the packages that this record refers to; returns those that no record refers to any more. */
  set(owner: string, hashes: Iterable<string>): string[];
  has(hash: string): boolean;
}

/** Starts empty. */
export function countCodeReferences(): CodeReferences {
  const owned = new Map<string, ReadonlySet<string>>();
  const counts = new Map<string, number>();
  const NONE: ReadonlySet<string> = new Set();
  return {
    set(owner, hashes) {
      const before = owned.get(owner) ?? NONE;
      const now = new Set(hashes);
      for (const hash of now) counts.set(hash, (counts.get(hash) ?? 0) + 1);
      const lost: string[] = [];
      for (const hash of before) {
        const left = counts.get(hash)! - 1;
        if (left > 0) counts.set(hash, left);
        else {
          counts.delete(hash);
          lost.push(hash);
        }
      }
      if (now.size > 0) owned.set(owner, now);
      else owned.delete(owner);
      return lost;
    },
    has: (hash) => counts.has(hash),
  };
}
