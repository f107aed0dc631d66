// Access keys that contain their account.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { accountInAccessKey, newTemporaryAccessKey } from './access-key.ts';

it('the account of a key can be read from the key', () => {
  for (const accountId of ['000000000000', '123456789012', '999999999999']) {
    const key = newTemporaryAccessKey(accountId);
    assert.match(key, /^ASIA[A-Z2-7]{16}$/);
    assert.equal(accountInAccessKey(key), accountId);
  }
});

it('a key contains its account in the same bits as AWS’s', () => {
  // As published: bits 2 to 41 after the prefix.
  const key = newTemporaryAccessKey('123456789012');
  let bits = 0n;
  for (const letter of key.slice(4))
    bits = (bits << 5n) | BigInt('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
  assert.equal((bits >> 39n) & (2n ** 40n - 1n), 123456789012n);
});

it('no account is read from other texts', () => {
  const key = newTemporaryAccessKey('123456789012');
  const changed = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
  for (const other of [
    changed,
    'ASIAIOSFODNN7EXAMPLE',
    'AKIAIOSFODNN7EXAMPLE',
    'ASIA',
    '',
    key.toLowerCase(),
    `${key}A`,
  ]) {
    assert.equal(accountInAccessKey(other), undefined, other);
  }
});
