// Gob, as Go 1.26 wrote it, as this encoder writes it, and from programs that mean harm.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../../../test/support/random-input.ts';
import { GobCursor, GobError, GobWriter } from './gob-bytes.ts';
import { GobDecoder, type GobValue } from './gob-decoder.ts';
import { GobEncoder, type GobStruct } from './gob-encoder.ts';

const POINT: GobStruct = {
  name: 'Point',
  fields: [
    { name: 'X', type: 'int' },
    { name: 'Y', type: 'uint' },
    { name: 'Name', type: 'string' },
    { name: 'Data', type: 'bytes' },
    { name: 'At', type: { name: 'At', fields: [{ name: 'Seconds', type: 'int' }] } },
  ],
};

function decoded(bytes: Buffer, most = 1_000_000): GobValue[] {
  const decoder = new GobDecoder(most);
  decoder.add(bytes);
  const values: GobValue[] = [];
  for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
  return values;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('gob', () => {
  it('reads numbers of every length as they were written', () => {
    for (const value of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32, 2 ** 50]) {
      assert.equal(new GobCursor(new GobWriter().uint(value).content()).uint(), value);
      for (const signed of [value, -value]) {
        assert.equal(new GobCursor(new GobWriter().int(signed).content()).int() + 0, signed + 0);
      }
    }
    assert.deepEqual([...new GobWriter().uint(256).content()], [0xfe, 1, 0], 'as in Go’s documentation');
    assert.deepEqual([...new GobWriter().int(-129).content()], [0xfe, 1, 1], 'as in Go’s documentation');
    assert.equal(new GobCursor(Buffer.from('fe3140', 'hex')).float(), 17, 'as in Go’s documentation');
  });

  it('reads structs as they were written, whatever pieces they come in', () => {
    const value = { X: -22, Y: 300, Name: 'ü', Data: Buffer.from('00ff', 'hex'), At: { Seconds: 1 } };
    const encoder = new GobEncoder();
    const bytes = Buffer.concat([encoder.encode(POINT, value), encoder.encode(POINT, { X: 5 })]);
    const decoder = new GobDecoder(1_000);
    const values: GobValue[] = [];
    for (const byte of bytes) {
      decoder.add(Buffer.of(byte));
      const next = decoder.next();
      if (next !== undefined) values.push(next);
    }
    assert.deepEqual(plain(values), plain([value, { X: 5, At: undefined }]));
  });

  it('reads what Go writes: slices, maps, arrays, pointers, booleans, numbers', () => {
    assert.deepEqual(
      decoded(FROM_GO).map((value) => plain(value instanceof Map ? [...value] : value)),
      [
        { Words: ['a', 'b'], Frames: [{ Path: 'p', Line: -3 }], Is: true, Half: 0.5, Pair: [7, 8] },
        [['k', 1]],
        'text',
      ],
    );
  });

  it('refuses what is no gob, too long, too deep or too much', () => {
    const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
    const cases: [string, Buffer, RegExp][] = [
      ['a long message', hex('fc 7fffffff'), /too long/],
      ['a long number', hex('f0'), /a number is too long/],
      ['an unknown type', hex('03 fe0200'), /a type is not known|ends early/],
      ['a value without a beginning', hex('03 04 01 02'), /no beginning/],
      ['a text beyond its message', hex('04 0c 00 7f 61'), /ends early/],
      ['more after the value', hex('05 0c 00 01 61 62'), /goes on/],
      ['an empty message', hex('00'), /ends early/],
    ];
    for (const [what, bytes, message] of cases) {
      assert.throws(
        () => decoded(bytes),
        (error) => error instanceof GobError && message.test(error.message),
        what,
      );
    }
    // A type whose elements are of the type itself, and then a list in a list in a list.
    const slice = new GobWriter().int(-65).uint(2).uint(1).uint(2).int(65).uint(0).uint(1).int(65).uint(0);
    const nested = new GobWriter().int(65).uint(0);
    for (let depth = 0; depth < 100; depth++) nested.uint(1);
    const deep = Buffer.concat([slice.uint(0).message(), nested.uint(0).message()]);
    assert.throws(() => decoded(deep), /nested too deeply/);
    const twice = new GobEncoder().encode(POINT, {});
    assert.throws(() => decoded(Buffer.concat([twice, twice])), /described twice/);
  });

  it('answers or refuses whatever comes', () => {
    const good = Buffer.concat([FROM_GO, new GobEncoder().encode(POINT, { X: 1, Name: 'n' })]);
    for (const seed of [1, 2, 3]) {
      const random = seededRandom(seed);
      for (let round = 0; round < 3_000; round++) {
        const bytes = Buffer.from(good);
        for (let changes = 0; changes < 1 + random() * 4; changes++) {
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        }
        try {
          decoded(bytes);
        } catch (error) {
          assert.ok(error instanceof GobError, String(error));
        }
      }
    }
  });
});

/**
 * Written by encoding/gob: a struct { Words []string; Frames []*Frame; Is bool; Half float64; Pair [2]int16; none int },
 * a map[string]int and a string.
 */
const FROM_GO = Buffer.from(
  'QX8DAQEDQWxsAf+AAAEFAQVXb3JkcwH/ggABBkZyYW1lcwH/hgABAklzAQIAAQRIYWxmAQgAAQRQYWlyAf+IAAAAFv+BAgEBCFtdc3RyaW5nAf+CAAEMAAAc/4UCAQENW10qbWFpbi5GcmFtZQH/hgAB/4QAAB7/gwMBAv+EAAECAQRQYXRoAQwAAQRMaW5lAQQAAAAY/4cBAQEIWzJdaW50MTYB/4gAAQQBBAAAG/+AAQIBYQFiAQEBAXABBQABAQH+4D8BAg4QAA7/iQQBAv+KAAEMAQQAAAf/igABAWsCBwwABHRleHQ=',
  'base64',
);
