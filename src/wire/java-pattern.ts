// Converts the models' patterns from Java's syntax to JavaScript's Unicode mode. AWS's servers match the whole value.
// Rules rewrite what the two languages read differently, and a table replaces patterns that could take long.

/** Escapes of JavaScript's Unicode mode. In Java, every other escape stands for the character itself. */
const KNOWN_ESCAPE = /[\^$\\.*+?()[\]{}|/dDsSwWbBpPkuxcnrtfv0-9]/;

/** Slow patterns, replaced by equivalent ones that match in linear time. */
const SAFE: Record<string, string> = {
  // Both runs of `.` can end at any place, so a value that ends in a line break takes quadratic time.
  '.*\\S.*': '(?!\\s*$).*',
  // Each character can begin a group or continue one, so a value that ends wrongly takes exponential time.
  '^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$': '[a-z0-9*]+(?:[._\\-/][a-z0-9*]+)*',
  // A run can end at any place, and so can the next one.
  '^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$': '[a-z0-9A-Z][.\\-\\w]*[a-z0-9A-Z]',
  '\\/?.+\\/.+': '.[^\\/\\n\\r\\u2028\\u2029]*\\/.+',
};

/** Throws a SyntaxError for a pattern that JavaScript cannot compile. A test compiles the patterns of all models. */
export function compilePattern(pattern: string): RegExp {
  const safe = Object.hasOwn(SAFE, pattern) ? SAFE[pattern]! : pattern;
  return new RegExp(`^(?:${translate(safe)})$`, 'u');
}

function translate(pattern: string): string {
  // Java's flags at the start of a pattern apply to all of it.
  const flags = /^\(\?i\)/.exec(pattern);
  if (flags) return `(?i:${translate(pattern.slice(flags[0].length))})`;
  let result = '';
  for (const [token, escaped] of pattern.matchAll(TOKEN)) {
    result += token.startsWith('[') ? translateClass(token) : translateEscape(token, escaped);
  }
  return result;
}

/** A character class, an escape, or any other character. */
const TOKEN = /\[\^?(?:\\.|[^\]\\])*\]|\\(p\{(?:ASCII|Print)\}|.)|[\s\S]/gu;

const ASCII_SPACE = ' \\t\\n\\v\\f\\r';

function translateClass(text: string): string {
  // `\s` is ASCII white space in Java. `[\s\S]` is any character in both languages.
  const spaces = text.includes('\\S') ? '\\s' : ASCII_SPACE;
  return (
    text
      // `[\w-_]`: a hyphen after a class escape is a literal.
      .replace(/(\\[dws])-(?!\])/g, '$1\\-')
      .replace(/\\(.)/gu, (whole, escaped) => {
        if (escaped === 's') return spaces;
        return escaped === '-' || KNOWN_ESCAPE.test(escaped) ? whole : escaped;
      })
  );
}

function translateEscape(token: string, escaped: string | undefined): string {
  if (escaped === undefined) return token;
  if (escaped === 'p{ASCII}') return '[\\x00-\\x7F]';
  if (escaped === 'p{Print}') return '[\\x20-\\x7E]';
  if (escaped === 's') return `[${ASCII_SPACE}]`;
  if (escaped === 'S') return `[^${ASCII_SPACE}]`;
  return KNOWN_ESCAPE.test(escaped) ? token : escaped;
}
