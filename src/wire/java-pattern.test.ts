// Every pattern of every model compiles, matches some text, and is not slow on any text.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchingText, pumpedTexts } from '../../test/support/matching-text.ts';
import { seededRandom } from '../../test/support/random-input.ts';
import { MAX_PATTERN_INPUT } from './bounds.ts';
import { compilePattern } from './java-pattern.ts';
import { knownServices, loadConstraints } from './schema.ts';

interface Use {
  min: number;
  max: number;
  shape: string;
}

/** Pattern -> its places in the models, with the widest length limits. */
const uses = new Map<string, Use>();
for (const service of knownServices().keys()) {
  for (const [shape, { pattern, min = 0, max = Number.POSITIVE_INFINITY }] of Object.entries(
    loadConstraints(service).shapes,
  )) {
    if (pattern === undefined) continue;
    const known = uses.get(pattern);
    uses.set(pattern, {
      shape: known?.shape ?? `${service} ${shape}`,
      min: Math.min(min, known?.min ?? min),
      max: Math.max(Math.min(max, MAX_PATTERN_INPUT), known?.max ?? 0),
    });
  }
}

it('every pattern compiles, and matches something within its lengths', (test) => {
  const random = seededRandom(1);
  const unmatched = [...uses].filter(
    ([pattern, use]) => matchingText(compilePattern(pattern), use, random) === undefined,
  );
  test.diagnostic(`${uses.size} patterns, ${unmatched.length} without a text that was found`);
  assert.ok(uses.size > 200);
  assert.deepEqual(
    unmatched.map(([, { shape }]) => shape),
    // This pattern has `^` in its middle, so it matches nothing.
    ['ec2 PlacementGroupArn'],
  );
});

describe('patterns that Java and JavaScript read differently', () => {
  const cases: [pattern: string, matches: string[], fails: string[]][] = [
    ['[\\w-_]*', ['a-b_c', ''], ['a b']],
    ['^[\\w\\.\\-\\:\\/ ]*$', ['a.b-c:d/e f'], ['a\\b']],
    ['(?i)all|[0-9]{12}', ['ALL', 'all', '012345678901'], ['al', '1']],
    ['[0-9A-Za-z][\\-\\.\\_0-9A-Za-z]{0,126}[0-9A-Za-z]', ['a_b', 'a.-b'], ['_a', 'a\\b']],
    ['\\p{ASCII}+', ['a~\t'], ['é']],
    ['[^\\s]+', ['index.handler', 'a\u00A0b'], ['a b', 'a\n']],
    ['[^:*]*', ['', 'a\nb'], ['a:b']],
    ['.*\\S.*', ['a', ' a ', '  .'], ['', '  ', 'a\n']],
    ['\\/?.+\\/.+', ['bucket/key', '/bucket/key', 'a//'], ['/bucket', 'bucket/', 'key', 'a/b\n']],
    [
      '^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$',
      ['a', 'a.b-c/d_*', 'ab*/c'],
      ['', '.a', 'a.', 'a..b', 'A'],
    ],
    ['[a-z]+', ['abc'], ['abc1', '1abc', 'abc\n']],
    ['[\\s\\S]*\\S[\\s\\S]*', ['\u00A0a'], ['', ' \n']],
    ['[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', ['é 1-@', '\u{1D400}'], ['a#b', 'a\nb', '&']],
  ];
  for (const [pattern, matches, fails] of cases) {
    it(pattern, () => {
      const expression = compilePattern(pattern);
      for (const text of matches) assert.ok(expression.test(text), `${text} matches`);
      for (const text of fails) assert.ok(!expression.test(text), `${text} does not match`);
    });
  }
});

/** A shorter time is not slow, and its growth is noise. */
const QUICK_MS = 8;
/** The allowed growth of the time for four times the length: 4 is linear, 16 is quadratic. */
const MAX_GROWTH = 11;
const ENDS = ['\u0000', '\n', '!'];
const PUMPS = ['a', '0', ' ', '-', '/', ':', 'a/', 'a:'];

function leastMs(expression: RegExp, text: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && least > QUICK_MS; round++) {
    const from = performance.now();
    expression.test(text);
    least = Math.min(least, performance.now() - from);
  }
  return least;
}

function textsOf(expression: RegExp, length: number): string[] {
  const pumped = PUMPS.map((pump) => pump.repeat(Math.ceil(length / pump.length)));
  const stems = [...new Set([...pumped, ...pumpedTexts(expression, length, seededRandom(7))])];
  return stems.flatMap((stem) => ENDS.map((end) => stem.slice(0, length - end.length) + end));
}

it('no pattern is slow on any text up to the length limit', (test) => {
  let tried = 0;
  const slow: string[] = [];
  for (const [pattern, { max, shape }] of uses) {
    const expression = compilePattern(pattern);
    let quarterMs = QUICK_MS / MAX_GROWTH;
    // Shorter texts come first, so that exponential growth shows while the times are still short.
    for (const length of new Set(
      [16, 64, max / 16, max / 4, max].map(Math.ceil).filter((one) => one <= max),
    )) {
      let longestMs = 0;
      for (const text of textsOf(expression, length)) {
        tried++;
        const ms = leastMs(expression, text);
        longestMs = Math.max(longestMs, ms);
        if (ms > QUICK_MS && ms > quarterMs * MAX_GROWTH) {
          slow.push(
            `${shape} ${pattern}: ${ms} ms for ${length} characters: ${JSON.stringify(text.slice(0, 40))}`,
          );
          break;
        }
      }
      if (slow.length > 0) break;
      quarterMs = Math.max(longestMs, QUICK_MS / MAX_GROWTH);
    }
  }
  test.diagnostic(`${tried} texts for ${uses.size} patterns`);
  assert.deepEqual(slow, []);
});
