import assert from 'node:assert/strict';
import { it } from 'node:test';
import { encodedKeyOf, encodeKey } from './keys.ts';
import { normalNumber } from './numbers.ts';

it('sorts the bytes of numbers by value', () => {
  const ascending =
    '-9e125 -1e125 -100 -99.9 -12.34 -12.3 -12 -1.01 -1 -0.1 -1e-130 0 1e-130 0.01 0.1 1 1.01 9 10 12'
      .split(' ')
      .concat('12.3', '12.34', '12.345', '99', '100', '1e37', '1e125', '9e125')
      .map((text) => encodeKey({ N: (normalNumber(text) as { text: string }).text }));
  for (const [left, one] of ascending.entries()) {
    for (const [right, other] of ascending.entries()) {
      assert.equal(Buffer.compare(one, other), Math.sign(left - right), `${left} ${right}`);
    }
  }
});

it('sorts strings by their UTF-8 bytes, and keeps binaries as they are', () => {
  const texts = ['', 'A', 'B', 'a', 'aa', 'b', 'é', '\uffff', '😀'];
  const bytes = texts.map((S) => encodeKey({ S }));
  assert.deepEqual(bytes.toSorted(Buffer.compare), bytes);
  assert.deepEqual(encodeKey({ B: new Uint8Array([0, 255, 1]).subarray(1) }), Buffer.of(255, 1));
});

it('takes the attributes of the schema from an item', () => {
  const item = { pk: { S: 'a' }, sk: { N: '0' }, other: { BOOL: true } };
  const hash = { name: 'pk', type: 'S' } as const;
  assert.deepEqual(encodedKeyOf({ hash }, item), { hash: Buffer.from('a') });
  const range = { name: 'sk', type: 'N' } as const;
  assert.deepEqual(encodedKeyOf({ hash, range }, item), { hash: Buffer.from('a'), range: Buffer.of(0x80) });
});
