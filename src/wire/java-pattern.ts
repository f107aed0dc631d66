// The models' patterns as JavaScript's. AWS's servers are written in Java and match the whole value; what Java reads
// otherwise than JavaScript in Unicode mode is rewritten by rule, and what could take long by table.

/** Escapes that JavaScript's Unicode mode knows; of all others the character itself is meant. */
const KNOWN_ESCAPE = /[\^$\\.*+?()[\]{}|/dDsSwWbBpPkuxcnrtfv0-9]/;

/** The same set of values in a form whose time to match grows with the value's length. */
const SAFE: Record<string, string> = {
  // Two runs of anything around one character: on a value that ends in a line break every place is tried with every other.
  '.*\\S.*': '(?!\\s*$).*',
  '\\/?.+\\/.+': '.[^\\/\\n\\r\\u2028\\u2029]*\\/.+',
};

/** Throws a SyntaxError for what cannot be compiled; a test compiles every pattern there is. */
export function compilePattern(pattern: string): RegExp {
  const safe = Object.hasOwn(SAFE, pattern) ? SAFE[pattern]! : pattern;
  return new RegExp(`^(?:${translate(safe)})$`, 'u');
}

function translate(pattern: string): string {
  // Java's flags stand in front and hold to the end.
  const flags = /^\(\?i\)/.exec(pattern);
  if (flags) return `(?i:${translate(pattern.slice(flags[0].length))})`;
  let result = '';
  for (const [token, escaped] of pattern.matchAll(TOKEN)) {
    result += token.startsWith('[') ? translateClass(token) : translateEscape(token, escaped);
  }
  return result;
}

/** A class, an escape, or any other character. */
const TOKEN = /\[\^?(?:\\.|[^\]\\])*\]|\\(p\{ASCII\}|.)|[\s\S]/gu;

const ASCII_SPACE = ' \\t\\n\\v\\f\\r';

function translateClass(text: string): string {
  // Java's white space is ASCII's; `[\s\S]` is anything in both.
  const spaces = text.includes('\\S') ? '\\s' : ASCII_SPACE;
  return (
    text
      // `[\w-_]`: a hyphen behind a class is itself.
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
  if (escaped === 's') return `[${ASCII_SPACE}]`;
  if (escaped === 'S') return `[^${ASCII_SPACE}]`;
  return KNOWN_ESCAPE.test(escaped) ? token : escaped;
}
