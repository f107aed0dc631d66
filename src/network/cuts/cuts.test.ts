// The cuts of a network over a fake of its packets: what is applied, kept, undone, refused and repeated.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { until } from '../../engine/testing/settle.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore, type Store } from '../../store/store.ts';
import { MOST_CUTS, openCuts } from './cuts.ts';
import type { NodePlace } from './pairs.ts';

const A = { zone: 'us-east-1a' };
const B = { zone: 'us-east-1b' };

interface Stage {
  store: Store;
  now: number;
  nodes: NodePlace[];
  /** The pairs in force, `from > to`; and the addresses whose connections were ended. */
  inForce: string[];
  ended: string[];
  applied: number;
  changes: number;
  failure: Error | undefined;
}

function stage(test: TestContext): Stage {
  const store = openStore(':memory:');
  test.after(() => store.close());
  const node = (id: string, zone: string, address: string) => ({ id, groupId: 'shop', zone, address });
  const nodes = [node('shop-001', 'us-east-1a', '10.0.1.4'), node('shop-002', 'us-east-1b', '10.0.2.4')];
  return { store, now: 1_000, nodes, inForce: [], ended: [], applied: 0, changes: 0, failure: undefined };
}

/** A Millpond on this stage; `mayHaveCuts`: it continues the network of an earlier one. */
function open(test: TestContext, on: Stage, mayHaveCuts = false) {
  const cuts = openCuts({
    ...{ store: on.store, clock: { now: () => on.now }, log: silentLog },
    network: {
      kind: 'subnets',
      packets: {
        mayHaveCuts,
        async applyCuts(pairs) {
          if (on.failure) throw on.failure;
          on.applied++;
          on.inForce = pairs.map(({ from, to }) => `${from} > ${to}`);
        },
        async endConnections(between) {
          for (const [address, others] of between) on.ended.push(`${address} with ${others}`);
        },
        whyNoDelay: async () => 'No delays here.',
      },
    },
    nodes: () => on.nodes,
    subnets: async () => [],
    onChange: () => on.changes++,
  });
  test.after(() => cuts.stop());
  return cuts;
}

const NODES = { from: 'shop-001', to: 'shop-002' };
const BOTH_WAYS = ['10.0.1.4 > 10.0.2.4', '10.0.2.4 > 10.0.1.4'];

describe('cuts', () => {
  it('drop packets from when they are added until they are cleared, and then end stalled connections', async (test) => {
    const on = stage(test);
    const cuts = open(test, on);
    await cuts.begin();
    assert.equal(on.applied, 0);
    const { id } = await cuts.add({ from: 'us-east-1a', to: 'us-east-1b' });
    assert.deepEqual(on.inForce, BOTH_WAYS);
    assert.equal(cuts.separatedSince(A, B), 1_000);
    assert.deepEqual(await cuts.clear('cut-none'), []);
    assert.deepEqual(
      (await cuts.clear(id)).map((cut) => cut.id),
      [id],
    );
    assert.deepEqual([on.inForce, cuts.list(), cuts.separatedSince(A, B)], [[], [], undefined]);
    assert.deepEqual(on.ended, ['10.0.1.4 with 10.0.2.4', '10.0.2.4 with 10.0.1.4']);
  });

  it('end only connections that no other cut keeps silent', async (test) => {
    const on = stage(test);
    const cuts = open(test, on);
    const { id } = await cuts.add({ from: 'us-east-1a' });
    await cuts.add({ ...NODES, oneWay: true });
    await cuts.clear(id);
    assert.deepEqual([on.inForce, on.ended], [['10.0.1.4 > 10.0.2.4'], []]);
  });

  it('end by themselves', async (test) => {
    const on = stage(test);
    const cuts = open(test, on);
    await cuts.add({ ...NODES, forMs: 100 });
    on.now += 100;
    assert.deepEqual(cuts.list(), []);
    await until('the cut ends', () => on.inForce.length === 0 && on.ended.length === 2);
  });

  it('hold on in the next Millpond, and are undone there when their time is over', async (test) => {
    const on = stage(test);
    const first = open(test, on);
    await first.add({ ...NODES, oneWay: true });
    await first.add({ from: 'shop-002', to: 'shop-001', oneWay: true, forMs: 5_000 });
    await first.stop();
    on.now += 6_000;
    const next = open(test, on, true);
    assert.equal(next.list().length, 1);
    await next.begin();
    assert.deepEqual(on.inForce, ['10.0.1.4 > 10.0.2.4']);
    await next.clear();
    assert.deepEqual(on.inForce, []);
    assert.equal(on.store.holdsAny('network/'), false);
  });

  it('of an earlier Millpond are undone even if nothing is recorded', async (test) => {
    const on = stage(test);
    on.inForce = BOTH_WAYS;
    await open(test, on, true).begin();
    assert.deepEqual(on.inForce, []);
  });

  it('follow nodes that move and come', async (test) => {
    const on = stage(test);
    const cuts = open(test, on);
    await cuts.add(NODES);
    on.nodes[1]!.address = '10.0.2.9';
    cuts.placesChanged();
    await until('the cut follows', () => on.inForce.includes('10.0.1.4 > 10.0.2.9'));
    const { applied } = on;
    cuts.placesChanged();
    await cuts.add({ from: 'shop-001', to: 'shop' });
    assert.equal(on.applied, applied, 'the same pairs are not applied again');
  });

  it('that cannot be applied are refused and leave nothing', async (test) => {
    const on = stage(test);
    const cuts = open(test, on);
    on.failure = new OperationalError('CommandFailed', 'nft failed: no');
    await assert.rejects(cuts.add(NODES), { code: 'CommandFailed' });
    on.failure = undefined;
    assert.deepEqual([cuts.list(), on.store.holdsAny('network/')], [[], false]);
  });

  it('are bounded in number', async (test) => {
    const on = stage(test);
    const cuts = open(test, on);
    for (let count = 0; count < MOST_CUTS; count++) await cuts.add(NODES);
    await assert.rejects(cuts.add(NODES), { message: 'There are 100 cuts already; clear one first.' });
    assert.equal((await cuts.clear()).length, MOST_CUTS);
  });

  it('are refused where the network cannot be cut, and delays where the kernel has none', async (test) => {
    const on = stage(test);
    const loopback = openCuts({
      ...{ store: on.store, clock: { now: () => 0 }, log: silentLog, network: { kind: 'loopback' } },
      ...{ nodes: () => on.nodes, subnets: async () => [], onChange() {} },
    });
    await loopback.begin();
    await assert.rejects(loopback.add(NODES), {
      code: 'InvalidOption',
      message: /^Only a network of subnets can be cut, and this Millpond runs with --network loopback: /,
    });
    await assert.rejects(open(test, on).add({ ...NODES, delayMs: 5 }), { message: 'No delays here.' });
  });

  const WRONG: [what: string, request: unknown, message: RegExp][] = [
    ['no object', [], /^A cut is a JSON object/],
    ['nothing', null, /^A cut is a JSON object/],
    ['an unknown member', { ...NODES, fro: 1 }, /^A cut has no member "fro"/],
    ['no from', { to: 'shop-001' }, /^from must be a zone such as us-east-1a/],
    ['an unknown end', { from: 'shop-004' }, /^from must be .*; there is no "shop-004"\.$/],
    ['an unknown zone', { from: 'us-east-1z' }, /there is no "us-east-1z"/],
    ['an unknown other end', { from: 'shop', to: 7 }, /^to must be a zone/],
    ['one end twice', { from: 'shop', to: 'SHOP' }, /must differ/],
    ['a direction that is no truth value', { ...NODES, oneWay: 'yes' }, /^oneWay must be/],
    ['a time too short', { ...NODES, forMs: 99 }, /^A cut lasts from 100 milliseconds to 24 hours/],
    ['a time too long', { ...NODES, forMs: 86_400_001 }, /^A cut lasts/],
    ['a time with a fraction', { ...NODES, forMs: 100.5 }, /^A cut lasts/],
    ['a delay of nothing', { ...NODES, delayMs: 0 }, /^A delay is a whole number/],
  ];
  for (const [what, request, message] of WRONG) {
    it(`refuse ${what}`, async (test) => {
      await assert.rejects(open(test, stage(test)).add(request), { code: 'InvalidOption', message });
    });
  }
});
