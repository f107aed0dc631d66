import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crc32 } from 'node:zlib';
import { Unchunker, unchunk } from './aws-chunked.ts';

const checksumOf = (text: string) => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(text));
  return sum.toString('base64');
};

it('removes the framing and keeps the trailing checksum', async () => {
  const headers: Record<string, string> = { 'x-amz-decoded-content-length': '11' };
  const checksum = checksumOf('hello world');
  const framed = `6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`;
  assert.equal((await unchunk(headers, Buffer.from(framed))).toString(), 'hello world');
  assert.equal(headers['x-amz-checksum-crc32'], checksum);
});

it('returns the same content however the bytes are split', () => {
  const framed = Buffer.from('6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-sha1: abc=\r\n\r\n');
  for (let size = 1; size <= framed.length; size++) {
    const unchunker = new Unchunker();
    const pieces: Buffer[] = [];
    for (let at = 0; at < framed.length; at += size)
      pieces.push(...unchunker.push(framed.subarray(at, at + size)));
    unchunker.end('11');
    assert.equal(Buffer.concat(pieces).toString(), 'hello world', `in pieces of ${size}`);
    assert.deepEqual(unchunker.trailers, { 'x-amz-checksum-sha1': 'abc=' });
  }
});

it('ignores chunk signatures', async () => {
  const framed = '5;chunk-signature=ab01\r\nhello\r\n0;chunk-signature=cd23\r\n\r\n';
  assert.equal((await unchunk({}, Buffer.from(framed))).toString(), 'hello');
});

it('refuses framing whose lengths or checksums are wrong', async () => {
  const refused: [string, string, Record<string, string>?][] = [
    ['', 'IncompleteBody'],
    ['5\r\nhel', 'IncompleteBody'],
    ['3\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['ffffffff\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['-1\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['5\r\nhello\r\n0\r\n\r\n', 'IncompleteBody', { 'x-amz-decoded-content-length': '4' }],
    ['5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 'BadDigest'],
  ];
  for (const [framed, shape, headers = {}] of refused) {
    await assert.rejects(unchunk(headers, Buffer.from(framed)), { shape }, framed);
  }
});
