// Checksums: known values, input cut at every position, and combined parts.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ALGORITHMS, checksumOf, checksumOfParts, isWellFormed, startChecksum } from './algorithms.ts';

const CHECK = Buffer.from('123456789');

it('computes the published check values', () => {
  assert.equal(checksumOf('CRC32', CHECK).toString('hex'), 'cbf43926');
  assert.equal(checksumOf('CRC32C', CHECK).toString('hex'), 'e3069283');
  assert.equal(checksumOf('CRC64NVME', CHECK).toString('hex'), 'ae8b14860a799888');
  assert.equal(checksumOf('CRC32', Buffer.alloc(0)).toString('base64'), 'AAAAAA==');
  assert.equal(checksumOf('CRC64NVME', Buffer.alloc(0)).toString('base64'), 'AAAAAAAAAAA=');
});

it('does not depend on how the input is cut', () => {
  const bytes = Buffer.from(Array.from({ length: 61 }, (_, index) => (index * 37) & 255));
  for (const algorithm of ALGORITHMS) {
    const whole = checksumOf(algorithm, bytes);
    for (let at = 0; at <= bytes.length; at++) {
      const running = startChecksum(algorithm);
      running.update(bytes.subarray(0, at));
      running.update(bytes.subarray(at));
      assert.deepEqual(running.digest(), whole, `${algorithm} at ${at}`);
    }
    assert.ok(isWellFormed(algorithm, whole.toString('base64')));
    assert.ok(!isWellFormed(algorithm, 'AAAA'));
  }
});

it('combines the checksums of parts into the checksum of the whole', async () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 131) & 255));
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
    const parts = [bytes.subarray(0, 7), bytes.subarray(7, 7), bytes.subarray(7, 500), bytes.subarray(500)];
    const sums = parts.map((part) => ({
      value: checksumOf(algorithm, part).toString('base64'),
      size: part.length,
    }));
    assert.equal(
      await checksumOfParts(algorithm, 'FULL_OBJECT', sums),
      checksumOf(algorithm, bytes).toString('base64'),
      algorithm,
    );
    assert.match(await checksumOfParts(algorithm, 'COMPOSITE', sums), /=-4$/);
  }
});
