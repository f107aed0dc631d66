import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Cut } from './cut.ts';
import { type Places, pairsOf } from './pairs.ts';

const PLACES: Places = {
  nodes: [
    { id: 'shop-001', groupId: 'shop', zone: 'us-east-1a', address: '10.0.1.4' },
    { id: 'shop-002', groupId: 'shop', zone: 'us-east-1b', address: '10.0.2.4' },
    { id: 'shop-003', groupId: 'shop', zone: 'us-east-1c', address: '10.0.3.4' },
  ],
  subnets: [
    { zone: 'us-east-1a', cidr: '10.0.1.0/24' },
    { zone: 'us-east-1b', cidr: '10.0.2.0/24' },
    { zone: 'us-east-1c', cidr: '10.0.3.0/24' },
  ],
};

const cut = (from: string, to?: string, oneWay = false): Cut => ({
  ...{ id: 'cut-1', from, oneWay, since: 0 },
  ...(to !== undefined && { to }),
});

const rendered = (cuts: Cut[], places = PLACES) =>
  pairsOf(cuts, places)!.map(({ from, to }) => `${from} > ${to}`);

const A = '10.0.1.4-10.0.1.254';
const B = '10.0.2.4-10.0.2.254';

describe('the pairs of a cut', () => {
  const rows: [what: string, cuts: Cut[], pairs: string[]][] = [
    ['two zones', [cut('us-east-1a', 'us-east-1b')], [`${A} > ${B}`, `${B} > ${A}`]],
    ['one way', [cut('us-east-1a', 'us-east-1b', true)], [`${A} > ${B}`]],
    ['two nodes', [cut('shop-001', 'shop-003', true)], ['10.0.1.4 > 10.0.3.4']],
    ['a node and its zone', [cut('shop-001', 'us-east-1a', true)], ['10.0.1.4 > 10.0.1.5-10.0.1.254']],
    [
      'a group and one of its nodes',
      [cut('shop-001', 'shop', true)],
      ['10.0.1.4 > 10.0.2.4', '10.0.1.4 > 10.0.3.4'],
    ],
    [
      'the same twice',
      [cut('us-east-1a', 'us-east-1b'), cut('us-east-1b', 'us-east-1a')],
      [`${A} > ${B}`, `${B} > ${A}`],
    ],
    [
      'overlapping ones',
      [cut('us-east-1a', 'us-east-1b', true), cut('shop-001', 'shop-003', true)],
      [`10.0.1.4 > ${B}`, '10.0.1.4 > 10.0.3.4', `10.0.1.5-10.0.1.254 > ${B}`],
    ],
    ['a zone without subnets', [cut('us-east-1f', 'us-east-1b')], []],
    ['none', [], []],
  ];
  for (const [what, cuts, pairs] of rows) it(what, () => assert.deepEqual(rendered(cuts), pairs));

  it('never include Millpond, the resolvers or the node itself', () => {
    const pairs = pairsOf([cut('shop-001')], PLACES)!;
    for (const address of ['169.254.169.253', '10.0.2.2', '10.0.0.2', '127.0.0.1', '10.0.1.4']) {
      const expected = address === '10.0.0.2';
      assert.equal(drops(pairs, '10.0.1.4', address), expected, address);
    }
    assert.ok(drops(pairs, '10.0.1.4', '10.0.1.5') && drops(pairs, '8.8.8.8', '10.0.1.4'));
    assert.ok(!drops(pairs, '10.0.1.5', '10.0.2.4'));
  });

  it('of clients are everything but nodes', () => {
    const pairs = pairsOf([cut('clients', 'shop')], PLACES)!;
    assert.ok(drops(pairs, '10.0.2.9', '10.0.1.4') && drops(pairs, '10.0.1.4', '192.168.0.7'));
    assert.ok(!drops(pairs, '10.0.1.4', '10.0.2.4') && !drops(pairs, '10.0.2.9', '10.0.2.10'));
  });

  it('follow a node into the range of another zone, as in a VPC with the same addresses', () => {
    const other = { id: 'x-001', groupId: 'x', zone: 'us-east-1b', address: '10.0.1.9' };
    const subnets = [...PLACES.subnets, { zone: 'us-east-1b', cidr: '10.0.1.0/24' }];
    const pairs = pairsOf([cut('us-east-1a', 'us-east-1b')], { nodes: [...PLACES.nodes, other], subnets })!;
    assert.ok(drops(pairs, '10.0.1.4', '10.0.1.9') && drops(pairs, '10.0.1.9', '10.0.1.4'));
    assert.ok(!drops(pairs, '10.0.1.9', '10.0.2.4') && !drops(pairs, '10.0.1.4', '10.0.1.20'));
  });

  it('do not overlap', () => {
    const cuts = [
      cut('us-east-1a'),
      cut('shop'),
      cut('clients', 'us-east-1b'),
      cut('shop-002', 'us-east-1c'),
    ];
    const pairs = pairsOf(cuts, PLACES)!.map((pair) => ({ from: bounds(pair.from), to: bounds(pair.to) }));
    const meet = (a: number[], b: number[]) => a[0]! <= b[1]! && b[0]! <= a[1]!;
    for (const [index, one] of pairs.entries()) {
      for (const other of pairs.slice(index + 1)) {
        assert.ok(!(meet(one.from, other.from) && meet(one.to, other.to)), JSON.stringify([one, other]));
      }
    }
  });
});

const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const bounds = (range: string) => [range.split('-')[0]!, range.split('-').at(-1)!].map(number);

const drops = (pairs: { from: string; to: string }[], source: string, destination: string) =>
  pairs.some(({ from, to }) => isWithin(from, source) && isWithin(to, destination));

function isWithin(range: string, address: string): boolean {
  const [first, last] = bounds(range) as [number, number];
  return first <= number(address) && number(address) <= last;
}
