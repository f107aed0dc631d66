import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contains, isIpv6Cidr, overlap, parseCidr, renderCidr, sizeOf } from './cidr.ts';

test('blocks are parsed to their canonical form', () => {
  const table: [string, string | undefined][] = [
    ['10.0.0.0/16', '10.0.0.0/16'],
    ['10.0.3.7/16', '10.0.0.0/16'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['200.1.2.3/0', '0.0.0.0/0'],
    ['10.0.0.0/33', undefined],
    ['10.0.0.256/24', undefined],
    ['10.0.0/24', undefined],
    ['10.0.0.0', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of table) {
    const cidr = parseCidr(text);
    assert.equal(cidr && renderCidr(cidr), expected, text);
  }
});

test('blocks contain and overlap each other', () => {
  const [vpc, inside, outside] = ['10.0.0.0/16', '10.0.255.0/24', '10.1.0.0/24'].map(
    (text) => parseCidr(text)!,
  );
  assert.ok(contains(vpc!, inside!));
  assert.ok(!contains(inside!, vpc!));
  assert.ok(overlap(inside!, vpc!));
  assert.ok(!overlap(vpc!, outside!));
  assert.equal(sizeOf(inside!), 256);
});

test('blocks of IPv6 are recognized', () => {
  for (const text of ['::/0', '2001:db8::/32', 'fe80::1:2/128', '1:2:3:4:5:6:7:8/64'])
    assert.ok(isIpv6Cidr(text), text);
  for (const text of [':::/0', '1:2/64', '::/129', '12345::/16', '1::2::3/64', '10.0.0.0/8']) {
    assert.ok(!isIpv6Cidr(text), text);
  }
});
