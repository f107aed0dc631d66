// JSON with long base64 strings that is read in pieces gives the same values as JSON that is read at once.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { excessIn } from './json-bounds.ts';
import { extractLargeBlobs } from './large-json.ts';

const open = async (json: string) => {
  const { document, blobs } = await extractLargeBlobs(Buffer.from(json));
  return { value: JSON.parse(document.toString()), blobs };
};

describe('long strings', () => {
  const bytes = randomBytes(3 * 1024 * 1024 + 1);
  const base64 = bytes.toString('base64');

  for (const [kind, text] of [
    ['plain', base64],
    ['with slashes escaped', base64.replaceAll('/', '\\/')],
    ['in lines', base64.replace(/.{76}/g, '$&\\r\\n')],
    ['of the other alphabet, without padding', bytes.toString('base64url')],
  ] as const) {
    it(`in base64 are decoded: ${kind}`, async () => {
      const { value, blobs } = await open(`{"a":"short \\" one","Code":{"ZipFile":"${text}"},"b":[1,"x"]}`);
      const name = value.Code.ZipFile;
      assert.ok(name.length < 100);
      assert.ok(blobs.get(name)?.equals(bytes));
      assert.deepEqual({ ...value, Code: 0 }, { a: 'short " one', Code: 0, b: [1, 'x'] });
    });
  }

  it('that are not base64, or continue after the padding, are refused', async () => {
    for (const text of [`${base64}*`, `${base64.slice(0, 900_000)}==${base64}`, '\\u0041'.repeat(100_000)]) {
      await assert.rejects(open(`{"a":"${text}"}`), { shape: 'SerializationException' });
    }
  });

  it('are refused when the rest is larger than a document may be', async () => {
    for (const rest of [' '.repeat(5_000_000), '"",'.repeat(2_000_000)]) {
      await assert.rejects(open(`{"a":[${rest}]}`), { shape: 'SerializationException' });
    }
  });
});

describe('the check before JSON is parsed', () => {
  it('ignores the content of strings', () => {
    assert.equal(excessIn(Buffer.from(`{"a":"${'[{:,'.repeat(200_000)}","b\\\\":"\\"[[["}`)), undefined);
  });

  it('limits levels, members and values', () => {
    assert.match(excessIn(Buffer.from('['.repeat(1_000)))!, /deeply/);
    assert.match(excessIn(Buffer.from(`{${'"a":1,'.repeat(60_001)}`))!, /members/);
    assert.match(excessIn(Buffer.from(`[${'1,'.repeat(500_001)}`))!, /values/);
    assert.equal(excessIn(Buffer.from(`[${'[1],'.repeat(1_000)}1]`)), undefined);
  });

  it('accepts a string without an end, which the parser refuses', () => {
    assert.equal(excessIn(Buffer.from(`{"a":"${'\\"'.repeat(1_000)}`)), undefined);
  });
});
