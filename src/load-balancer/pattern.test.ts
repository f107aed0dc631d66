import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compilePattern } from './pattern.ts';

it('matches whole texts, with any text for a star and one character for a question mark', () => {
  for (const [pattern, matching, others] of [
    ['/a', ['/a'], ['/ab', 'x/a', '/A', '']],
    ['', [''], ['a']],
    ['*', ['', 'a', '/a/b'], []],
    ['**', ['', 'a'], []],
    ['/img/*', ['/img/', '/img/a/b'], ['/img', '/IMG/a']],
    ['*.example.com', ['a.example.com', '.example.com'], ['example.com', 'a.example.com.']],
    ['/?/b', ['/a/b', '/?/b'], ['//b', '/aa/b']],
    ['/a*b', ['/ab', '/a/b/b'], ['/a', 'b', '/abc']],
    ['ab*ba', ['abba', 'ab-ba'], ['aba']],
    ['*aab*', ['aaab', 'xaabx'], ['aaa', 'ab']],
    ['*a?c*e', ['abce', 'xaacaxce'], ['ace', 'abcd']],
    ['?*?', ['ab', 'abc'], ['a', '']],
    ['*ü*', ['für'], ['fur']],
  ] as const) {
    const matches = compilePattern(pattern);
    for (const text of matching) assert.ok(matches(text), `${pattern} matches ${text}`);
    for (const text of others) assert.ok(!matches(text), `${pattern} does not match ${text}`);
  }
});

/** The plain algorithm: which offsets of the text each part of the pattern can reach. */
function reference(pattern: string, text: string): boolean {
  let reached = new Set([0]);
  for (const character of pattern) {
    const first = Math.min(...reached);
    reached =
      character === '*'
        ? new Set(Array.from({ length: text.length - first + 1 }, (_, index) => first + index))
        : new Set(
            [...reached]
              .filter((at) => text[at] === character || (character === '?' && at < text.length))
              .map((at) => at + 1),
          );
    if (reached.size === 0) return false;
  }
  return reached.has(text.length);
}

it('agrees with the plain algorithm on random patterns and texts', () => {
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const text = (alphabet: string, most: number) =>
    Array.from({ length: random(most) }, () => alphabet[random(alphabet.length)]).join('');
  let matching = 0;
  for (let round = 0; round < 20_000; round++) {
    // Some parts are longer than a word of bits.
    const isLong = round % 10 === 0;
    const pattern = text(isLong ? 'a?????a??????*' : 'ab*?', isLong ? 120 : 9);
    const given = text('ab', isLong ? 200 : 12);
    const expected = reference(pattern, given);
    if (expected) matching++;
    assert.equal(compilePattern(pattern)(given), expected, `${pattern} on ${given}`);
  }
  assert.ok(matching > 500);
});

it('finds parts that are longer than a word of bits', () => {
  const part = `${'a'.repeat(31) + 'b'.repeat(33)}?c`;
  const matches = compilePattern(`*${part}*`);
  assert.ok(matches(`aaa${part}`));
  assert.ok(matches(`${'a'.repeat(40)}${'b'.repeat(33)}xc`));
  assert.ok(!matches(`${'a'.repeat(30)}${'b'.repeat(33)}xc`));
});

it('takes time in proportion to the text, whatever the pattern is', () => {
  const matches = compilePattern(`*${'a'.repeat(60)}b*${'?'.repeat(30)}a*c`);
  const timed = (length: number) => {
    const text = `${'a'.repeat(length)}c`;
    const since = performance.now();
    for (let round = 0; round < 5; round++) matches(text);
    return performance.now() - since;
  };
  timed(100_000);
  assert.ok(timed(200_000) < 20 * Math.max(timed(50_000), 1));
});
