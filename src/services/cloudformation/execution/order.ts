// Which pieces of work can begin now. Pure: every look starts from what is done and what is being done.

export interface Piece {
  key: string;
  /** Its own name, which others' `after` refers to. */
  logicalId: string;
  /** Logical ids that must be done with first. */
  after: ReadonlySet<string>;
}

/** Those that wait for nothing that is still to be done; `limit` counts what is under way too. */
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
 * For deleting: each after all that needs it. What was left over from different times may need each other in a
 * circle; then the first goes first.
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
