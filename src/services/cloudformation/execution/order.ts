// Decides which pieces of work can start now, from what is left and what is under way. Pure.

/** The work on one physical resource. */
export interface Piece {
  key: string;
  /** What the `after` of other pieces refers to. */
  logicalId: string;
  /** The logical ids whose pieces must be done first. */
  after: ReadonlySet<string>;
}

/** The pieces that wait for no other piece. `limit` includes the pieces under way. */
export function startable(left: readonly Piece[], underWay: ReadonlySet<string>, limit: number): Piece[] {
  const open = new Set(left.map((piece) => piece.logicalId));
  const free = left.filter(
    (piece) =>
      !underWay.has(piece.key) &&
      ![...piece.after].some((need) => need !== piece.logicalId && open.has(need)),
  );
  return free.slice(0, Math.max(0, limit - underWay.size));
}

/**
 * Deletions as pieces: each waits for the deletion of its dependents.
 */
export function deletionPieces(
  pieces: readonly { key: string; logicalId: string; needs: readonly string[] }[],
): Piece[] {
  const neededBy = new Map<string, Set<string>>();
  for (const piece of pieces) {
    for (const need of piece.needs) {
      const dependents = neededBy.get(need) ?? new Set();
      if (need !== piece.logicalId) dependents.add(piece.logicalId);
      neededBy.set(need, dependents);
    }
  }
  return pieces.map(({ key, logicalId }) => ({
    key,
    logicalId,
    after: neededBy.get(logicalId) ?? new Set<string>(),
  }));
}

/** Like `startable`. Leftovers of several operations can depend on each other in a cycle; then the first one starts. */
export function startableDeletions(
  pieces: readonly { key: string; logicalId: string; needs: readonly string[] }[],
  underWay: ReadonlySet<string>,
  limit: number,
): Piece[] {
  const left = deletionPieces(pieces);
  const found = startable(left, underWay, limit);
  if (found.length > 0 || underWay.size > 0) return found;
  return left.slice(0, 1);
}
