import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidates, type HostNetwork, parseBlock, type Route, useOf } from './choose-block.ts';

const route = (destination: string, rest: Partial<Route> = {}): Route => ({
  ...{ destination, device: 'eth1', protocol: '4' },
  ...rest,
});
const network = (routes: Route[] = [], addresses: HostNetwork['addresses'] = []): HostNetwork => ({
  routes,
  addresses,
});
const none = () => false;
const use = (block: string, host: HostNetwork, own: (route: Route) => boolean = none) =>
  useOf(block, host, own);

/** The compose network 10.0.0.0/16 as Linux shows it in a container. */
const inContainer = (extra: Route[] = []): HostNetwork =>
  network(
    [
      route('default', { device: 'eth0' }),
      route('10.0.0.0/16', { device: 'eth0', protocol: '2' }),
      route('10.0.0.2', { device: 'eth0', protocol: '2', type: '2' }),
      route('10.0.255.255', { device: 'eth0', protocol: '2', type: '3' }),
      ...extra,
    ],
    [{ device: 'eth0', address: '10.0.0.2', prefixLength: 16 }],
  );

describe('a block is free', () => {
  for (const [what, host] of [
    ['without routes', network()],
    ['beside other routes', network([route('10.82.0.0/16'), route('10.84.0.0/16'), route('192.168.1.0/24')])],
    ['under a default route', network([route('default')])],
    ['under the halves of a default route', network([route('0.0.0.0/1'), route('128.0.0.0/1')])],
  ] as const) {
    it(what, () => assert.deepEqual(use('10.83', host), { kind: 'free' }));
  }

  it('where only its own route is', () => {
    const own = route('10.83.0.0/16', { device: 'lo', protocol: '196', type: '2' });
    assert.deepEqual(
      use('10.83', network([own]), (each) => each === own),
      { kind: 'free' },
    );
    assert.equal(use('10.83', network([own])).kind, 'taken', 'that of another Millpond');
  });
});

describe('a block is taken', () => {
  for (const [what, destination] of [
    ['by a route to all of it', '10.83.0.0/16'],
    ['by a wider route', '10.0.0.0/8'],
    ['by a route to a part of it', '10.83.7.0/24'],
    ['by a route to one address', '10.83.255.255'],
  ] as const) {
    it(what, () =>
      assert.deepEqual(use('10.83', network([route(destination)])), {
        kind: 'taken',
        by: `the route ${destination} dev eth1`,
      }),
    );
  }

  it('by a route without an interface', () => {
    const host = network([route('10.83.0.0/16', { device: undefined, type: '6' })]);
    assert.deepEqual(use('10.83', host), { kind: 'taken', by: 'the route 10.83.0.0/16' });
  });

  it('by the network of an interface that is down', () => {
    const host = network([], [{ device: 'docker0', address: '10.83.4.1', prefixLength: 24 }]);
    assert.deepEqual(use('10.83', host), { kind: 'taken', by: '10.83.4.1/24 of docker0' });
  });
});

describe('a block of the network of an interface', () => {
  const neighbours = { kind: 'neighbours', device: 'eth0', ownAddress: '10.0.0.2' };

  it('is shared with its machines', () => assert.deepEqual(use('10.0', inContainer()), neighbours));

  it('is a part of a wider network', () => {
    const host = network(
      [route('10.0.0.0/8', { device: 'eth0', protocol: '2' })],
      [{ device: 'eth0', address: '10.0.0.2', prefixLength: 8 }],
    );
    assert.deepEqual(use('10.0', host), neighbours);
  });

  it('may have addresses of another Millpond', () => {
    const other = route('10.0.3.4', { device: 'lo', protocol: '196', type: '2' });
    assert.deepEqual(use('10.0', inContainer([other])), neighbours);
  });

  it('is taken where another route leads into it', () => {
    const host = inContainer([route('10.0.3.0/24', { device: 'tun0' })]);
    assert.deepEqual(use('10.0', host), { kind: 'taken', by: 'the route 10.0.3.0/24 dev tun0' });
  });

  it('is taken where the whole of it is local', () => {
    const host = inContainer([route('10.0.0.0/16', { device: 'lo', type: '2' })]);
    assert.equal(use('10.0', host).kind, 'taken');
  });
});

it('a block is a /16 of a private range', () => {
  assert.equal(parseBlock('10.83.0.0/16'), '10.83');
  assert.equal(parseBlock('172.31.0.0/16'), '172.31');
  assert.equal(parseBlock('192.168.0.0/16'), '192.168');
  assert.equal(parseBlock('100.64.0.0/16'), '100.64');
  for (const text of [
    '10.0.0.0/8',
    '10.83.1.0/16',
    '10.83.0.0/24',
    '11.0.0.0/16',
    '127.3.0.0/16',
    '10.83',
    '',
  ])
    assert.equal(parseBlock(text), undefined, text);
});

it('candidates are all blocks but the usual ones, wherever they start', () => {
  assert.equal(candidates(83)[0], '10.83');
  assert.equal(candidates(255)[1], '10.3');
  assert.deepEqual(candidates(0).sort(), candidates(200).sort());
  assert.ok(!candidates(0).includes('10.0'));
  assert.ok(candidates(7).includes('172.31'));
});
