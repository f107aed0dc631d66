import assert from 'node:assert/strict';
import { it } from 'node:test';
import { containsBytes, containsText } from './search.ts';

it('finds what the language finds, in texts that its own search is slow for, too', () => {
  const half = 'a'.repeat(4_000);
  const texts = [
    '',
    'a'.repeat(9_000),
    'ab'.repeat(3_000),
    `${half}b${half}`,
    `${half}é${half}`,
    `${'ab'.repeat(2_000)}c`,
  ];
  const parts = [
    '',
    'a',
    'b',
    'c',
    'bc',
    half,
    `${half}b`,
    `b${half}`,
    `a${half}b${half}`,
    'ab'.repeat(999),
    'ba'.repeat(1_500),
  ];
  for (const text of texts) {
    for (const part of [...parts, text]) {
      assert.equal(containsText(text, part), text.includes(part));
      const [bytes, own] = [Buffer.from(text), Buffer.from(part)];
      assert.equal(containsBytes(bytes, own), bytes.includes(own));
    }
  }
});
