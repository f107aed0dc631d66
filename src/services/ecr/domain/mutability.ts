// Whether a tag may be moved to another image. Pure.

/** AWS's settings of a repository. */
export type Mutability = 'MUTABLE' | 'IMMUTABLE' | 'IMMUTABLE_WITH_EXCLUSION' | 'MUTABLE_WITH_EXCLUSION';

/** The settings of one repository. `exclusions` are patterns in which `*` stands for any text. */
export interface TagRules {
  mutability: Mutability;
  exclusions: readonly string[];
}

/** AWS: tags that match an exclusion have the opposite of the repository's setting. */
export function isImmutable({ mutability, exclusions }: TagRules, tag: string): boolean {
  switch (mutability) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !exclusions.some((pattern) => matches(pattern, tag));
    case 'MUTABLE_WITH_EXCLUSION':
      return exclusions.some((pattern) => matches(pattern, tag));
  }
}

/** Takes the first place where each piece fits, so that it needs no backtracking. */
function matches(pattern: string, tag: string): boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  if (pieces.length === 1) return tag === pattern;
  const last = pieces.at(-1)!;
  if (!tag.startsWith(first) || tag.length < first.length + last.length) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = tag.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return tag.length - last.length >= from && tag.endsWith(last);
}
