import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addNumbers, compareNumbers, normalNumber } from './numbers.ts';

const NINES = '9'.repeat(38);

it('brings numbers into their normal form', () => {
  const forms = {
    '+5': '5',
    '-0': '0',
    '+0.0': '0',
    '0e1000': '0',
    '1e+2': '100',
    '1.5E+3': '1500',
    '+.5': '0.5',
    '5.': '5',
    '1.e5': '100000',
    '00042': '42',
    '-00': '0',
    '0.00': '0',
    '-0.50': '-0.5',
    '100': '100',
    '100.0': '100',
    '0.10': '0.1',
    '-10.010': '-10.01',
    '.5': '0.5',
    '-.50': '-0.5',
    '00000000000000000000000000000000000001.5': '1.5',
    '-00.0420': '-0.042',
    '+1e-2': '0.01',
    '1.23E10': '12300000000',
    [`${NINES}e87`]: `${NINES}${'0'.repeat(87)}`,
    '1e-130': `0.${'0'.repeat(129)}1`,
    '314159265358979323846.26433832795028841': '314159265358979323846.26433832795028841',
  };
  for (const [given, normal] of Object.entries(forms)) {
    assert.deepEqual(normalNumber(given), { text: normal }, given);
    assert.deepEqual(normalNumber(normal), { text: normal });
  }
});

it('refuses what is no number, and numbers of too many digits or beyond the magnitudes', () => {
  const refused = {
    syntax: ['', '+', '.', '1e', '1e+', 'e2', '1.2.3', '--5', '0x5', 'NaN', 'Infinity', '1_000', ' 5', '5 '],
    overflow: ['1e126', '11e125', '-1e126', '1e100000000000000000000'],
    underflow: ['1e-131', '0.9e-130', '-1e-131'],
    precision: [`${NINES}1`, '3.14159265358979323846264338327950288419'],
  };
  for (const [problem, texts] of Object.entries(refused)) {
    for (const text of texts) assert.deepEqual(normalNumber(text), { problem }, text);
  }
});

it('compares exactly', () => {
  const ascending = [
    `-${NINES}${'0'.repeat(87)}`,
    '-10',
    '-9.000000000000000000001',
    '-9',
    '-0.5',
    '-0.05',
    '0',
    `0.${'0'.repeat(129)}1`,
    '0.05',
    '0.5',
    '9',
    '9.000000000000000000001',
    '9.00000000000000000001',
    '10',
    '100000000000000000000000000000000000001',
    '100000000000000000000000000000000000002',
  ];
  for (const [left, one] of ascending.entries()) {
    for (const [right, other] of ascending.entries()) {
      assert.equal(Math.sign(compareNumbers(one, other)), Math.sign(left - right), `${one} ${other}`);
    }
  }
});

it('adds and subtracts exactly', () => {
  const text = (one: string, other: string, isMinus?: boolean) => addNumbers(one, other, isMinus);
  assert.deepEqual(text('1', '2'), { text: '3' });
  assert.deepEqual(text('5', '5', true), { text: '0' });
  assert.deepEqual(text('0.1', '0.2'), { text: '0.3' });
  assert.deepEqual(text('999999999999999', '1'), { text: '1000000000000000' });
  assert.deepEqual(text('10000000000000000000000', '1', true), { text: '9999999999999999999999' });
  assert.deepEqual(text('-0.5', '0.5'), { text: '0' });
  assert.deepEqual(text('0', '0.25', true), { text: '-0.25' });
  assert.deepEqual(text(`9${'0'.repeat(125)}`, `9${'0'.repeat(125)}`), { problem: 'overflow' });
  assert.deepEqual(text(`1${'0'.repeat(50)}`, '1'), { problem: 'precision' });
});
