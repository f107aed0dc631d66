// S3's rules in tables: names, locations, ranges, conditions, copy sources and tags.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fault } from '../../../wire/fault.ts';
import { checkRead, checkWrite, type ReadConditions } from './conditions.ts';
import { parseCopySource } from './copy-source.ts';
import { placeBucket } from './location.ts';
import { checkBucketName, checkGivenVersionId, checkKey, isMintedId, mintVersionId } from './names.ts';
import { parseCopyRange, parseRange, rangeOfPart } from './range.ts';
import { checkTags, parseTagging } from './tags.ts';

/** The result, or the code of the error. */
function outcome<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) return error.shape;
    throw error;
  }
}

describe('names', () => {
  it('a bucket name is validated', () => {
    for (const name of ['abc', 'a-b.c', '1bc', 'a'.repeat(63)]) checkBucketName(name);
    const wrong = [
      'ab',
      'a'.repeat(64),
      'Abc',
      'a_b',
      '-ab',
      'ab-',
      '.ab',
      'a..b',
      '1.2.3.4',
      'xn--a',
      'a--x-s3',
    ];
    for (const name of [...wrong, 'a/b', '..', 'a\u0000b', 'bücket']) {
      assert.equal(
        outcome(() => checkBucketName(name)),
        'InvalidBucketName',
        name,
      );
    }
  });

  it('a key can be any text up to 1,024 bytes', () => {
    for (const key of ['..', '/', '//', '\u0000', '\n', 'ü'.repeat(512)]) checkKey(key);
    assert.equal(
      outcome(() => checkKey('ü'.repeat(513))),
      'KeyTooLongError',
    );
  });

  it('a version id is recognized if Millpond issued it', () => {
    const given = mintVersionId('0123456789abcdef01234567');
    assert.equal(given.length, 32);
    for (const id of ['null', given]) {
      checkGivenVersionId(id);
      assert.ok(isMintedId(id));
    }
    for (const id of ['0'.repeat(32), `1${given.slice(1)}`]) {
      checkGivenVersionId(id);
      assert.ok(!isMintedId(id));
    }
    for (const id of ['', 'x', 'a/b', `${given}0`]) {
      assert.equal(
        outcome(() => checkGivenVersionId(id)),
        'InvalidArgument',
      );
    }
  });
});

it('the region of a new bucket follows from constraint and endpoint', () => {
  const places: [constraint: string | undefined, endpoint: string, region: string][] = [
    [undefined, 'us-east-1', 'us-east-1'],
    ['eu-west-1', 'us-east-1', 'eu-west-1'],
    ['EU', 'us-east-1', 'eu-west-1'],
    ['us-east-1', 'us-east-1', 'InvalidLocationConstraint'],
    ['nowhere', 'us-east-1', 'InvalidLocationConstraint'],
    [undefined, 'eu-west-1', 'IllegalLocationConstraintException'],
    ['eu-west-1', 'eu-west-1', 'eu-west-1'],
    ['eu-west-2', 'eu-west-1', 'IllegalLocationConstraintException'],
    ['us-east-1', 'eu-west-1', 'IllegalLocationConstraintException'],
  ];
  for (const [constraint, endpoint, region] of places) {
    assert.equal(
      outcome(() => placeBucket(constraint, endpoint)),
      region,
      `${constraint} at ${endpoint}`,
    );
  }
});

describe('ranges', () => {
  it('a Range header selects bytes or is ignored', () => {
    const ranges: [header: string | undefined, size: number, expected: unknown][] = [
      [undefined, 10, undefined],
      ['bytes=0-3', 10, { first: 0, last: 3 }],
      ['bytes=3-', 10, { first: 3, last: 9 }],
      ['bytes=3-99', 10, { first: 3, last: 9 }],
      ['bytes=-3', 10, { first: 7, last: 9 }],
      ['bytes=-99', 10, { first: 0, last: 9 }],
      ['bytes=10-', 10, 'InvalidRange'],
      ['bytes=-0', 10, 'InvalidRange'],
      ['bytes=0-', 0, 'InvalidRange'],
      ['bytes=5-3', 10, undefined],
      ['bytes=0-1,3-4', 10, undefined],
      ['lines=0-1', 10, undefined],
      ['bytes=-', 10, undefined],
    ];
    for (const [header, size, expected] of ranges) {
      assert.deepEqual(
        outcome(() => parseRange(header, size)),
        expected,
        header,
      );
    }
  });

  it('a part number selects the bytes of that part', () => {
    const parts = [
      { size: 5, partNumber: 1 },
      { size: 3, partNumber: 4 },
    ];
    assert.deepEqual(rangeOfPart(parts, 2, 8), { first: 5, last: 7 });
    assert.deepEqual(rangeOfPart([{ size: 8 }], 1, 8), { first: 0, last: 7 });
    assert.equal(rangeOfPart([], 1, 0), undefined);
    assert.equal(
      outcome(() => rangeOfPart(parts, 3, 8)),
      'InvalidPartNumber',
    );
    assert.equal(
      outcome(() => rangeOfPart(parts, 0, 8)),
      'InvalidArgument',
    );
  });

  it('a copy range is refused unless it is exact', () => {
    assert.deepEqual(parseCopyRange('bytes=1-2', 3), { first: 1, last: 2 });
    for (const header of ['bytes=1-', 'bytes=2-1', 'bytes=1-3', '1-2'])
      assert.equal(
        outcome(() => parseCopyRange(header, 3)),
        'InvalidArgument',
        header,
      );
  });
});

describe('conditions', () => {
  const subject = { etag: 'e', lastModified: Date.parse('2026-01-01T00:00:00Z') };
  const before = new Date(subject.lastModified - 1000);
  const at = new Date(subject.lastModified);

  it('a read fails with 304 or 412', () => {
    const table: [ReadConditions, string | undefined][] = [
      [{}, undefined],
      [{ ifMatch: '"e"' }, undefined],
      [{ ifMatch: 'e' }, undefined],
      [{ ifMatch: '*' }, undefined],
      [{ ifMatch: '"x", W/"e"' }, undefined],
      [{ ifMatch: '"x"' }, 'PreconditionFailed'],
      [{ ifNoneMatch: '"e"' }, 'NotModified'],
      [{ ifNoneMatch: '"x"' }, undefined],
      [{ ifModifiedSince: at }, 'NotModified'],
      [{ ifModifiedSince: before }, undefined],
      [{ ifUnmodifiedSince: before }, 'PreconditionFailed'],
      [{ ifUnmodifiedSince: at }, undefined],
      [{ ifMatch: '"e"', ifUnmodifiedSince: before }, undefined],
      [{ ifNoneMatch: '"x"', ifModifiedSince: at }, undefined],
    ];
    for (const [conditions, expected] of table) {
      assert.equal(
        outcome(() => checkRead(conditions, subject)),
        expected,
        JSON.stringify(conditions),
      );
    }
  });

  it('a write fails with 412', () => {
    checkWrite({ ifNoneMatch: '*' }, undefined);
    checkWrite({ ifMatch: '"e"' }, subject);
    assert.equal(
      outcome(() => checkWrite({ ifNoneMatch: '*' }, subject)),
      'PreconditionFailed',
    );
    assert.equal(
      outcome(() => checkWrite({ ifMatch: '"x"' }, subject)),
      'PreconditionFailed',
    );
  });
});

it('a copy source is parsed', () => {
  assert.deepEqual(parseCopySource('/b/a%20b/c?versionId=v'), { bucket: 'b', key: 'a b/c', versionId: 'v' });
  assert.deepEqual(parseCopySource('b/..%2Fx%3Fy'), { bucket: 'b', key: '../x?y' });
  for (const header of ['', 'b', 'b/', '/b', '%zz/k'])
    assert.equal(
      outcome(() => parseCopySource(header)),
      'InvalidArgument',
      header,
    );
});

it('tags are validated and parsed', () => {
  assert.deepEqual(parseTagging('a=1&b+c=%C3%BC&d'), [
    { Key: 'a', Value: '1' },
    { Key: 'b c', Value: 'ü' },
    { Key: 'd', Value: '' },
  ]);
  assert.deepEqual(parseTagging(undefined), []);
  assert.equal(
    outcome(() => parseTagging('a=%zz')),
    'InvalidArgument',
  );
  for (const unreadable of ['a=1&a=2', 'a=1,b=2']) {
    assert.equal(
      outcome(() => parseTagging(unreadable)),
      'InvalidArgument',
      unreadable,
    );
  }
  const eleven = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
  assert.equal(
    outcome(() => checkTags(eleven, 10)),
    'BadRequest',
  );
  for (const Key of ['', 'aws:x', 'x'.repeat(129), '<']) {
    assert.equal(
      outcome(() => checkTags([{ Key, Value: '' }], 10)),
      'InvalidTag',
      Key,
    );
  }
});
