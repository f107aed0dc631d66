import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { capacityOf, isInRange, isUsable, nextAddress, parseCidr } from './next-address.ts';

const none = new Map<string, number>();

describe('nextAddress', () => {
  const cases: [subnet: string, used: string[], address: string | undefined][] = [
    ['172.31.16.0/20', [], '127.83.16.4'],
    ['172.31.16.0/20', ['127.83.16.4', '127.83.16.5'], '127.83.16.6'],
    ['172.31.16.0/20', ['127.83.16.5'], '127.83.16.4'],
    ['172.31.0.0/20', [], '127.83.0.4'],
    ['10.0.3.0/24', [], '127.83.3.4'],
    ['10.0.3.64/26', [], '127.83.3.68'],
    ['10.0.0.0/16', [], '127.83.0.4'],
    ['10.0.0.0/8', [], '127.83.0.4'],
    ['10.0.3.240/28', [], '127.83.3.244'],
    ['10.0.3.240/29', ['127.83.3.244', '127.83.3.245', '127.83.3.246'], undefined],
    ['10.0.3.0/30', [], undefined],
    ['10.0.3.1/32', [], undefined],
  ];
  for (const [subnet, used, address] of cases) {
    it(`${subnet} with ${used.length} in use: ${address}`, () => {
      assert.equal(nextAddress(subnet, new Set(used), none, '127.83'), address);
    });
  }

  it('returns exactly the capacity of a subnet, each address once', () => {
    const used = new Set<string>();
    for (
      let next = nextAddress('10.0.3.0/24', used, none, '127.9');
      next;
      next = nextAddress('10.0.3.0/24', used, none, '127.9')
    ) {
      used.add(next);
    }
    assert.equal(used.size, 251);
    assert.equal(capacityOf('10.0.3.0/24'), 251);
    assert.ok(!used.has('127.9.3.0') && !used.has('127.9.3.3') && !used.has('127.9.3.255'));
  });

  it('continues into the next third octet', () => {
    const used = new Set(Array.from({ length: 252 }, (_, i) => `127.9.16.${i + 4}`));
    assert.equal(nextAddress('172.31.16.0/20', used, none, '127.9'), '127.9.17.0');
  });

  it('returns a quarantined address only when no other is free, the longest released first', () => {
    const all = (count: number) => Array.from({ length: count }, (_, i) => `127.9.3.${i + 4}`);
    const quarantined = new Map(all(250).map((address, index) => [address, index === 17 ? 1 : 2]));
    assert.equal(nextAddress('10.0.3.0/24', new Set(), quarantined, '127.9'), '127.9.3.254');
    quarantined.set('127.9.3.254', 3);
    assert.equal(nextAddress('10.0.3.0/24', new Set(), quarantined, '127.9'), '127.9.3.21');
    assert.equal(nextAddress('10.0.3.0/24', new Set(['127.9.3.21']), quarantined, '127.9'), '127.9.3.4');
    assert.equal(nextAddress('10.0.3.0/24', new Set(all(251)), quarantined, '127.9'), undefined);
  });

  it('is in the subnet itself where no block is given', () => {
    assert.equal(nextAddress('10.0.3.0/24', new Set()), '10.0.3.4');
    assert.equal(nextAddress('172.31.16.0/20', new Set(['172.31.16.4'])), '172.31.16.5');
    assert.equal(nextAddress('192.168.255.248/29', new Set()), '192.168.255.252');
    assert.ok(isInRange('10.0.3.4', '10.0.3.0/24') && !isInRange('10.0.4.4', '10.0.3.0/24'));
    assert.ok(!isInRange('127.9.3.4', '10.0.3.0/24') && isInRange('192.168.255.252', '192.168.255.248/29'));
  });

  it('is none that AWS reserves', () => {
    const asked = [
      '10.0.3.0',
      '10.0.3.2',
      '10.0.3.3',
      '10.0.3.4',
      '10.0.3.254',
      '10.0.3.255',
      '10.0.4.4',
      'x',
    ];
    assert.deepEqual(
      asked.filter((address) => isUsable(address, '10.0.3.0/24')),
      ['10.0.3.4', '10.0.3.254'],
    );
  });

  it('rejects text that is not a range', () => {
    for (const bad of [
      '',
      '10.0.0.0',
      '10.0.0.0/33',
      '256.0.0.0/8',
      '10.0.0.1/24',
      'fd00::/64',
      '10.0.0.0/24 ',
    ]) {
      assert.equal(parseCidr(bad), undefined);
    }
    assert.throws(() => nextAddress('10.0.0.1/24', new Set()), { name: 'Bug' });
  });
});
