import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkAttributes, checkValue, depthOf, type GivenValue, typeOf, type Value } from './values.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const nested = (levels: number): GivenValue => {
  let value: GivenValue = { S: 'leaf' };
  for (let level = 1; level < levels; level++) value = { M: { n: value } };
  return value;
};

it('accepts every type, and brings numbers into normal form wherever they are', () => {
  const item = {
    s: { S: '' },
    b: { B: new Uint8Array() },
    n: { N: '+1.50' },
    ss: { SS: ['', 'a'] },
    ns: { NS: ['1.0', '2e1'] },
    bs: { BS: [bytes(''), bytes('a')] },
    m: { M: { inner: { N: '007' } } },
    l: { L: [{ N: '1e2' }, { NULL: true }, { BOOL: false }] },
    empty: { M: {} },
  };
  checkAttributes(item);
  assert.deepEqual(item.n, { N: '1.5' });
  assert.deepEqual(item.ns, { NS: ['1', '20'] });
  assert.deepEqual(item.m.M.inner, { N: '7' });
  assert.deepEqual(item.l.L[0], { N: '100' });
  assert.equal(typeOf(item.bs as Value), 'BS');
  assert.equal(depthOf(item.l as Value), 2);
});

// The texts are those that AWS answered to dynalite's tests, and to dynamodb-conformance in 2026.
it('refuses what is no value, in AWS’s words', () => {
  const prefix = 'One or more parameter values were invalid: ';
  const empty = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
  const cases: [GivenValue, string][] = [
    [{}, empty],
    [{ a: '' }, empty],
    [{ M: { a: {} } }, empty],
    [{ L: [{}] }, empty],
    [{ NULL: false }, `${prefix}Null attribute value types must have the value of true`],
    [{ SS: [] }, `${prefix}An string set  may not be empty`],
    [{ NS: [] }, `${prefix}An number set  may not be empty`],
    [{ BS: [] }, `${prefix}Binary sets should not be empty`],
    [{ SS: ['a', 'a'] }, `${prefix}Input collection [a, a] contains duplicates.`],
    [
      { BS: [bytes('b'), bytes('b')] },
      `${prefix}Input collection [Yg==, Yg==]of type BS contains duplicates.`,
    ],
    [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    [{ NS: ['1', ''] }, 'The parameter cannot be converted to a numeric value'],
    [{ N: 'b' }, 'The parameter cannot be converted to a numeric value: b'],
    [{ S: 'a', N: 'b' }, 'The parameter cannot be converted to a numeric value: b'],
    [
      { N: '123456789012345678901234567890123456789' },
      'Attempting to store more than 38 significant digits in a Number',
    ],
    [
      { N: '1e126' },
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    ],
    [
      { N: '-1e-131' },
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    ],
    [
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => checkValue(value), { name: 'ValidationException', message }, JSON.stringify(value));
  }
});

it('refuses empty names of attributes and of members of maps', () => {
  const refused = { name: 'ValidationException', message: 'Empty attribute name' };
  assert.throws(() => checkAttributes({ '': { S: 'a' }, b: { N: 'x' } }), refused);
  assert.throws(() => checkAttributes({ a: { L: [{ M: { '': { S: 'a' } } }] } }), refused);
});

it('accepts 32 levels, and no more', () => {
  checkValue(nested(32));
  assert.throws(() => checkValue(nested(33)), /Nesting Levels have exceeded supported limits/);
});
