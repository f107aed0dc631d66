// The patterns of policies: actions, ARNs and values of conditions. Pure.

/**
 * Whether a pattern of `*` and `?` matches. It uses no regular expression, because a client's pattern could backtrack
 * for long.
 */
export function isLike(text: string, pattern: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === '*') [star, retry, at] = [at, index, at + 1];
    else if (pattern[at] === '?' || pattern[at] === text[index]) [at, index] = [at + 1, index + 1];
    else if (star >= 0) [at, retry, index] = [star + 1, retry + 1, retry + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
