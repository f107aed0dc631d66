import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Inhabitant, Rule, SecurityGroup } from '../../security-facts.ts';
import { changing } from './nft-text.ts';
import * as f from './policy.fixture.ts';
import { policyOf } from './policy.ts';

const NODE = '10.0.3.4';
const APP = '10.0.1.17';
const OTHER = '10.0.2.18';

/** A node in `sg-cache`, a machine in `sg-app` and one in `sg-other`, and whether each reaches the node. */
interface Case {
  name: string;
  cache: readonly Rule[];
  app?: readonly Rule[];
  asked?: Partial<f.Opening>;
  reached: { app: boolean; other: boolean };
}

const all = { protocol: '-1' };
const icmp = (type: number, code: number) => ({ protocol: 'icmp', fromPort: type, toPort: code });
const ping = { protocol: 'icmp', port: 8 };

const CASES: Case[] = [
  { name: 'no rules', cache: [], reached: { app: false, other: false } },
  { name: 'a referenced group', cache: [f.from('sg-app')], reached: { app: true, other: false } },
  { name: 'the own group', cache: [f.from('sg-cache')], reached: { app: false, other: false } },
  { name: 'an unknown group', cache: [f.from('sg-gone')], reached: { app: false, other: false } },
  { name: 'every address', cache: [f.from('0.0.0.0/0')], reached: { app: true, other: true } },
  { name: 'a subnet', cache: [f.from('10.0.1.0/24')], reached: { app: true, other: false } },
  { name: 'one address', cache: [f.from('10.0.2.18/32')], reached: { app: false, other: true } },
  {
    name: 'a prefix list',
    cache: [f.from(['192.0.2.0/24', '10.0.1.16/28'])],
    reached: { app: true, other: false },
  },
  {
    name: 'an IPv6 block',
    cache: [{ isEgress: false, protocol: '-1' }],
    reached: { app: false, other: false },
  },
  { name: 'another port', cache: [f.from('sg-app', 6380)], reached: { app: false, other: false } },
  { name: 'a range of ports', cache: [f.from('sg-app', 6000, 7000)], reached: { app: true, other: false } },
  {
    name: 'the end of a range',
    cache: [f.from('sg-app', 6000, 6378), f.from('sg-app', 6380, 7000)],
    reached: { app: false, other: false },
  },
  {
    name: 'ranges that overlap',
    cache: [f.from('sg-app', 1, 6000), f.from('10.0.0.0/8', 5000, 6379), f.from('sg-other', 6379)],
    reached: { app: true, other: true },
  },
  { name: 'every protocol', cache: [f.rule(false, 'sg-app', all)], reached: { app: true, other: false } },
  {
    name: 'every protocol, for UDP',
    cache: [f.rule(false, 'sg-app', all)],
    asked: { protocol: 'udp' },
    reached: { app: true, other: false },
  },
  {
    name: 'every protocol, for GRE',
    cache: [f.rule(false, 'sg-app', all)],
    asked: { protocol: '47' },
    reached: { app: true, other: false },
  },
  {
    name: 'a protocol without ports',
    cache: [f.rule(false, 'sg-app', { protocol: '47' })],
    asked: { protocol: '47' },
    reached: { app: true, other: false },
  },
  {
    name: 'TCP, for UDP',
    cache: [f.from('0.0.0.0/0')],
    asked: { protocol: 'udp' },
    reached: { app: false, other: false },
  },
  {
    name: 'all ICMP',
    cache: [f.rule(false, 'sg-app', icmp(-1, -1))],
    asked: ping,
    reached: { app: true, other: false },
  },
  {
    name: 'an ICMP type',
    cache: [f.rule(false, 'sg-app', icmp(8, -1)), f.rule(false, '10.0.0.0/16', icmp(13, 0))],
    asked: ping,
    reached: { app: true, other: false },
  },
  {
    name: 'an ICMP type and another code',
    cache: [f.rule(false, 'sg-app', icmp(8, 1))],
    asked: ping,
    reached: { app: false, other: false },
  },
  {
    name: 'an ICMP type with every code, and with one',
    cache: [f.rule(false, 'sg-app', icmp(8, 0)), f.rule(false, 'sg-app', icmp(8, -1))],
    asked: { ...ping, code: 3 },
    reached: { app: true, other: false },
  },
  {
    name: 'ICMPv6',
    cache: [f.rule(false, '0.0.0.0/0', { protocol: 'icmpv6', fromPort: -1, toPort: -1 })],
    asked: ping,
    reached: { app: false, other: false },
  },
  {
    name: 'egress to another group',
    cache: [f.from('0.0.0.0/0')],
    app: [f.to('sg-other')],
    reached: { app: false, other: true },
  },
  {
    name: 'egress to the group',
    cache: [f.from('0.0.0.0/0')],
    app: [f.to('sg-cache')],
    reached: { app: true, other: true },
  },
  {
    name: 'egress to the subnet of the node',
    cache: [f.from('0.0.0.0/0')],
    app: [f.to('10.0.3.0/24')],
    reached: { app: true, other: true },
  },
  {
    name: 'egress to a prefix list',
    cache: [f.from('0.0.0.0/0')],
    app: [f.to(['10.0.4.0/24', '10.0.5.0/24'])],
    reached: { app: false, other: true },
  },
  {
    name: 'egress to another port',
    cache: [f.from('0.0.0.0/0', 0, 65_535)],
    app: [f.to('0.0.0.0/0', 443)],
    reached: { app: false, other: true },
  },
  {
    name: 'egress of every protocol and one port of ingress',
    cache: [f.from('0.0.0.0/0')],
    app: [f.rule(true, '10.0.0.0/8', all)],
    asked: { port: 6380 },
    reached: { app: false, other: false },
  },
];

describe('who reaches a node', () => {
  for (const { name, cache, app = [], asked, reached } of CASES) {
    it(name, () => {
      const groups = [f.group('sg-cache', cache), f.group('sg-app', app), f.group('sg-other', [])];
      const policy = policyOf(f.network(groups), [
        f.node(NODE, ['sg-cache']),
        f.machine(APP, ['sg-app']),
        f.machine(OTHER, ['sg-other']),
      ]);
      const reaches = (from: string) => f.isAllowed(policy, { ...asked, from, to: NODE });
      assert.deepEqual({ app: reaches(APP), other: reaches(OTHER) }, reached);
    });
  }

  it('members of a group whose rule refers to the group itself', () => {
    const policy = policyOf(f.network([f.group('sg-own', [f.from('sg-own')])]), [
      f.node(NODE, ['sg-own']),
      f.machine(APP, ['sg-own']),
      f.machine(OTHER, []),
    ]);
    assert.ok(f.isAllowed(policy, { from: APP, to: NODE }));
    assert.ok(!f.isAllowed(policy, { from: OTHER, to: NODE }));
  });

  it('several groups of one address add up', () => {
    const groups = [
      f.group('sg-cache', [f.from('sg-app')]),
      f.group('sg-more', [f.from('sg-other', 7000)]),
      f.group('sg-app', [f.to('10.0.9.0/24')]),
      f.group('sg-other', []),
    ];
    const policy = policyOf(f.network(groups), [
      f.node(NODE, ['sg-more', 'sg-cache']),
      f.machine(APP, ['sg-other', 'sg-app']),
      f.machine(OTHER, ['sg-app']),
    ]);
    assert.ok(f.isAllowed(policy, { from: APP, to: NODE }), 'ingress by one group, egress by the other');
    assert.ok(f.isAllowed(policy, { from: APP, to: NODE, port: 7000 }));
    assert.ok(!f.isAllowed(policy, { from: OTHER, to: NODE }));
  });

  it('an address without groups has the default group of its VPC', () => {
    const standard: SecurityGroup = { ...f.group('sg-default', [f.from('sg-default')]), isDefault: true };
    const policy = policyOf(f.network([standard, f.group('sg-app', [])]), [
      f.node(NODE, []),
      f.machine(APP, []),
      f.machine(OTHER, ['sg-app']),
    ]);
    assert.ok(f.isAllowed(policy, { from: APP, to: NODE }));
    assert.ok(!f.isAllowed(policy, { from: OTHER, to: NODE }));
  });

  it('VPCs with the same block do not reach each other, nor do groups of another VPC count', () => {
    const groups = [
      f.group('sg-1', [f.from('0.0.0.0/0'), f.from('sg-2')]),
      f.group('sg-2', [f.from('0.0.0.0/0')], 'vpc-2'),
    ];
    const policy = policyOf(f.network(groups), [
      f.node(NODE, ['sg-1']),
      f.node('10.0.3.5', ['sg-2'], 'vpc-2'),
      f.node('10.0.3.6', ['sg-1'], 'vpc-2'),
      f.machine(APP, ['sg-1']),
      f.machine(OTHER, ['sg-2'], 'vpc-2'),
    ]);
    const reached = (from: string) =>
      [NODE, '10.0.3.5', '10.0.3.6'].filter((to) => f.isAllowed(policy, { from, to }));
    assert.deepEqual([reached(APP), reached(OTHER)], [[NODE], ['10.0.3.5']]);
  });

  it('machines reach each other by the same rules', () => {
    const groups = [f.group('sg-web', [f.from('sg-app', 80)]), f.group('sg-app', [])];
    const policy = policyOf(f.network(groups), [f.machine(APP, ['sg-app']), f.machine(OTHER, ['sg-web'])]);
    assert.ok(f.isAllowed(policy, { from: APP, to: OTHER, port: 80 }));
    assert.ok(!f.isAllowed(policy, { from: OTHER, to: APP, port: 80 }));
  });
});

describe('machines outside of VPCs', () => {
  const groups = [f.group('sg-cache', [f.from('0.0.0.0/0')])];
  const policy = policyOf(f.network(groups), [
    f.node(NODE, ['sg-cache']),
    f.node('10.9.0.4', [], 'vpc-2'),
    { kind: 'operator', address: APP },
    { kind: 'service-only', address: OTHER },
  ]);

  it('an operator reaches every VPC and the outside', () => {
    for (const to of [NODE, '10.9.0.4', '192.0.2.1']) assert.ok(f.isAllowed(policy, { from: APP, to }));
  });

  it('a machine with services only reaches the outside alone', () => {
    assert.ok(f.isAllowed(policy, { from: OTHER, to: '192.0.2.1' }));
    for (const to of [NODE, '10.9.0.4', APP]) assert.ok(!f.isAllowed(policy, { from: OTHER, to }));
  });

  it('nobody else reaches either, whatever egress allows', () => {
    const lonely = ['100.64.0.4', '100.64.0.5'];
    const withApp = policyOf(f.network([...groups, f.group('sg-app', [])]), [
      f.machine('10.0.1.18', ['sg-app']),
      { kind: 'operator', address: APP },
      ...lonely.map((address): Inhabitant => ({ kind: 'service-only', address })),
    ]);
    for (const from of ['10.0.1.18', lonely[0]!]) {
      for (const to of [APP, lonely[1]!]) assert.ok(!f.isAllowed(withApp, { from, to }), `${from} to ${to}`);
    }
  });

  it('an unknown address reaches nothing', () => {
    assert.ok(!f.isAllowed(policy, { from: '10.0.1.99', to: NODE }));
  });
});

describe('the outside', () => {
  const cases: [name: string, rules: Rule[], asked: Partial<f.Opening> & { to: string }, allowed: boolean][] =
    [
      ['is open by default', [], { to: '192.0.2.1', port: 443 }, true],
      ['has no address of a VPC', [], { to: '10.9.1.1', port: 443 }, false],
      ['has no link-local address', [], { to: '169.254.9.9', port: 443 }, false],
      ['is narrowed by port', [f.to('0.0.0.0/0', 443)], { to: '192.0.2.1', port: 80 }, false],
      ['is narrowed by block', [f.to('192.0.2.0/24', 443)], { to: '192.0.2.1', port: 443 }, true],
      ['is closed next to the block', [f.to('192.0.2.0/24', 443)], { to: '192.0.3.0', port: 443 }, false],
      [
        'has the ports of all blocks that contain an address',
        [f.to('0.0.0.0/0', 443), f.to('192.0.2.0/24', 22), f.to('192.0.0.0/8', 80)],
        { to: '192.0.2.9', port: 80 },
        true,
      ],
      ['is closed to groups', [f.to('sg-app')], { to: '192.0.2.1' }, false],
      [
        'answers pings',
        [f.rule(true, '0.0.0.0/0', icmp(8, -1))],
        { to: '192.0.2.1', protocol: 'icmp', port: 8 },
        true,
      ],
      [
        'answers no pings for another type',
        [f.rule(true, '0.0.0.0/0', icmp(13, -1))],
        { to: '192.0.2.1', protocol: 'icmp', port: 8 },
        false,
      ],
    ];
  for (const [name, rules, asked, allowed] of cases) {
    it(name, () => {
      const policy = policyOf(f.network([f.group('sg-app', rules)]), [f.machine(APP, ['sg-app'])]);
      assert.equal(f.isAllowed(policy, { from: APP, ...asked }), allowed);
    });
  }
});

describe('changes', () => {
  const groups = [f.group('sg-cache', [f.from('sg-app'), f.from('10.0.0.0/8', 7000)]), f.group('sg-app', [])];
  const nodes = Array.from({ length: 200 }, (_, index) => f.node(`10.0.3.${index + 4}`, ['sg-cache']));
  const machines = Array.from({ length: 100 }, (_, index) => f.machine(`10.0.1.${index + 4}`, ['sg-app']));
  const before = policyOf(f.network(groups), [...nodes, ...machines]);
  const change = (inhabitants: readonly Inhabitant[], rules = groups) =>
    changing(before.elements, policyOf(f.network(rules), inhabitants, before).elements).flatMap((text) =>
      text.trim().split('\n'),
    );

  it('nothing is written when nothing changes', () => {
    assert.deepEqual(change([...machines, ...nodes]), []);
  });

  it('one more machine is two elements', () => {
    const [source, destination, ...more] = change([
      ...nodes,
      ...machines,
      f.machine('10.0.1.200', ['sg-app']),
    ]);
    assert.match(source!, /^add element inet millpond sources \{ 10\.0\.1\.200 : \d+ \}$/);
    assert.match(destination!, /^add element inet millpond destinations \{ 10\.0\.1\.200 : 0:\d+ \}$/);
    assert.deepEqual(more, []);
  });

  it('a node that gets another address is two elements', () => {
    const moved = [...nodes.slice(1), ...machines, f.node('10.0.3.250', ['sg-cache'])];
    const [deleted, added, ...more] = change(moved);
    assert.match(deleted!, /^delete element inet millpond destinations \{ 10\.0\.3\.4 : 0:\d+ \}$/);
    assert.match(added!, /^add element inet millpond destinations \{ 10\.0\.3\.250 : 0:\d+ \}$/);
    assert.deepEqual(more, []);
  });

  it('a rule for a port is one element for each pair of classes', () => {
    const rules = [f.group('sg-cache', [...groups[0]!.rules, f.from('sg-app', 9000)]), groups[1]!];
    const [added, ...more] = change([...nodes, ...machines], rules);
    assert.match(added!, /^add element inet millpond services \{ \d+ \. 0:\d+ \. tcp \. 9000-9000 \}$/);
    assert.deepEqual(more, []);
  });

  it('a class that appears does not change the numbers of others', () => {
    const next = policyOf(
      f.network(groups),
      [f.node('10.0.0.4', []), ...machines, ...nodes, { kind: 'service-only', address: '10.0.7.7' }],
      before,
    );
    for (const [key, id] of before.classes) assert.equal(next.classes.get(key), id);
    assert.equal(new Set(next.classes.values()).size, next.classes.size);
  });
});
