import assert from 'node:assert/strict';
import { it } from 'node:test';
import { beginsWith, compare, compareStrings, contains, equal, equalAgain } from './comparison.ts';
import { Effort } from './effort.ts';
import type { Value } from './values.ts';

const B = (text: string): Value => ({ B: Buffer.from(text) });
const many = (from: number): string[] => Array.from({ length: 40 }, (_, index) => `${from + index}`);

it('compares all types for equality, sets in any order', () => {
  const values: Value[] = [
    { S: '1' },
    { N: '1' },
    B('1'),
    { BOOL: true },
    { BOOL: false },
    { NULL: true },
    { SS: ['1', '2'] },
    { NS: ['1', '2'] },
    { NS: ['1', '3'] },
    { BS: [Buffer.from('1'), Buffer.from('2')] },
    { L: [{ N: '1' }] },
    { L: [{ N: '1' }, { N: '1' }] },
    { M: { a: { N: '1' } } },
    { M: { b: { N: '1' } } },
    { M: { a: { N: '1' }, b: { N: '1' } } },
    { SS: many(0) },
    { SS: many(1) },
  ];
  for (const [left, one] of values.entries()) {
    for (const [right, other] of values.entries()) {
      assert.equal(equal(one, structuredClone(other)), left === right, `${left} ${right}`);
      assert.equal(equalAgain(one, other), left === right);
      assert.equal(equalAgain(one, other), left === right);
    }
  }
  assert.ok(equal({ SS: ['a', 'b'] }, { SS: ['b', 'a'] }));
  assert.ok(equal({ SS: many(0) }, { SS: many(0).reverse() }));
  assert.ok(
    equal({ BS: [Buffer.from('a'), Buffer.from('b')] }, { BS: [Buffer.from('b'), Buffer.from('a')] }),
  );
});

it('orders strings, numbers and binaries of the same type only', () => {
  assert.ok(compare({ S: 'a' }, { S: 'b' })! < 0);
  assert.ok(compare({ N: '10' }, { N: '9' })! > 0);
  assert.ok(compare(B('a'), B('ab'))! < 0);
  assert.equal(compare({ S: '1' }, { N: '1' }), undefined);
  assert.equal(compare({ BOOL: true }, { BOOL: true }), undefined);
});

it('orders strings as their UTF-8 bytes do', () => {
  const characters = ['', 'a', 'b', 'ä', 'Ω', '\ud7ff', '\ue000', '\uffff', '😀', '😀a', '😁'];
  const texts = characters.flatMap((text) => [
    text,
    `${'x'.repeat(300)}${text}`,
    `${'x'.repeat(512)}${text}`,
  ]);
  for (const one of texts) {
    for (const other of texts) {
      const expected = Buffer.compare(Buffer.from(one), Buffer.from(other));
      assert.equal(Math.sign(compareStrings(one, other)), expected, `${one} ${other}`);
    }
  }
});

it('finds parts of strings and binaries, and members of sets and lists', () => {
  const cases: [whole: Value, part: Value, holds: boolean][] = [
    [{ S: 'hello' }, { S: 'ell' }, true],
    [{ S: 'hello' }, { S: 'dog' }, false],
    [{ S: 'hello' }, { N: '1' }, false],
    [B('hi there'), B('here'), true],
    [B('hi there'), { S: 'here' }, false],
    [{ SS: ['a', 'b'] }, { S: 'b' }, true],
    [{ SS: many(0) }, { S: '39' }, true],
    [{ NS: ['2', '4'] }, { N: '4' }, true],
    [{ NS: ['2', '4'] }, { S: '4' }, false],
    [{ BS: [Buffer.from('a')] }, B('a'), true],
    [{ L: [{ S: 'hi' }, { NS: ['2', '1'] }] }, { NS: ['1', '2'] }, true],
    [{ L: [{ S: 'hi' }] }, { S: 'h' }, false],
    [{ N: '12' }, { N: '1' }, false],
    [{ M: { a: { S: 'a' } } }, { S: 'a' }, false],
  ];
  for (const [whole, part, holds] of cases) {
    assert.equal(contains(whole, part, new Effort()), holds, JSON.stringify([whole, part]));
  }
  assert.ok(beginsWith({ S: 'hello' }, { S: 'he' }));
  assert.ok(beginsWith(B('hello'), B('he')));
  assert.ok(!beginsWith(B('h'), B('he')));
  assert.ok(!beginsWith({ S: 'hello' }, B('he')));
});

it('does not work for longer than a request may take', () => {
  const effort = new Effort();
  const list: Value = { L: Array.from({ length: 10_000 }, () => ({ BOOL: true })) };
  const search = () => contains(list, { N: '1' }, effort);
  assert.throws(
    () => {
      for (let times = 0; times < 1_000; times++) search();
    },
    { name: 'ValidationException', message: /^Millpond does not evaluate an expression that searches/ },
  );
  effort.begin();
  assert.equal(search(), false);
});
