// Parsed expressions, so that a text that a client sends again is not parsed again. Bounded. Pure.

/** The most texts that one cache keeps; a text has at most 4 KB. */
const MOST_ENTRIES = 500;

/** A function that keeps the results of `parse` by text. It drops the text that it has had for longest. */
export function cached<T>(parse: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const parsed = parse(text);
    if (results.size >= MOST_ENTRIES) results.delete(results.keys().next().value!);
    results.set(text, parsed);
    return parsed;
  };
}
