import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import { createEnforcement } from './enforcement.ts';
import type { Inhabitant, SecurityGroup } from './facts.ts';
import * as f from './policy.fixture.ts';
import { isWithoutWorlds, makeWorld } from './world.fixture.ts';

const SERVICE = '169.254.169.253';
const NODE = '10.0.3.4';
const ELSEWHERE = '10.0.3.5';
const APP = '10.0.1.17';
const OTHER = '10.0.2.18';
const log = { error() {}, warn() {}, info() {} } as never;

/** Facts that a test changes, and the texts that were given to nft. */
function facts(groups: SecurityGroup[], inhabitants: Inhabitant[]) {
  const texts: string[] = [];
  const state = { groups, inhabitants, texts, reads: 0 };
  const read = async () => {
    state.reads++;
    return { network: f.network(state.groups), inhabitants: state.inhabitants };
  };
  return { state, read };
}

const CACHE = [f.group('sg-cache', [f.from('sg-app'), f.rule(false, 'sg-app', { protocol: 'udp', fromPort: 53, toPort: 53 })])];
const APPS = [f.group('sg-app', []), f.group('sg-other', [])];

async function world(t: TestContext, user: 'root' | 'nobody') {
  const made = await makeWorld(t, user);
  const { state, read } = facts(
    [...CACHE, ...APPS],
    [
      f.node(NODE, ['sg-cache']),
      f.node(ELSEWHERE, ['sg-cache'], 'vpc-2'),
      f.machine(APP, ['sg-app']),
      f.machine(OTHER, ['sg-other']),
    ],
  );
  const enforcement = createEnforcement({ facts: read, transact: made.transact, services: [SERVICE], log });
  t.after(() => enforcement.stop());
  const [nodes, app, other] = await Promise.all([made.program(), made.machine(APP), made.machine(OTHER)]);
  await Promise.all(
    [[NODE, 6379], [NODE, 7000], [NODE, 53], [ELSEWHERE, 6379], [SERVICE, 443], [SERVICE, 53]].map(([address, port]) =>
      nodes.listen(address as string, port as number),
    ),
  );
  await enforcement.enforced();
  return { ...made, state, enforcement, nodes, app, other };
}

const SKIP = isWithoutWorlds();

for (const user of ['root', 'nobody'] as const) {
  const skip = SKIP || (user === 'root' && process.getuid?.() !== 0 && 'needs root');
  describe(`the kernel, as ${user}`, { skip }, () => {
    it('lets pass what a rule allows, and drops the rest', async (t) => {
      const { nodes, app, other } = await world(t, user);
      assert.ok(await app.reaches(NODE, 6379));
      assert.ok(await app.reaches(NODE, 53, 'udp'), 'the answer passes too');
      assert.ok(await app.reaches(SERVICE, 443), 'Millpond is always allowed');
      assert.ok(await other.reaches(SERVICE, 53, 'udp'));
      assert.ok(await nodes.reaches(NODE, 7000), 'nodes reach each other');
      assert.ok(await app.isDropped(NODE, 7000), 'another port');
      assert.ok(await other.isDropped(NODE, 6379), 'another group');
      assert.ok(await other.isDropped(NODE, 53, 'udp'));
      assert.ok(await app.isDropped(ELSEWHERE, 6379), 'another VPC');
      assert.ok(await app.isDropped('10.0.3.99', 6379), 'an address that nobody has');
    });

    it('follows rules, groups and addresses', async (t) => {
      const { state, enforcement, app, other, nodes } = await world(t, user);
      const change = async (groups: SecurityGroup[], inhabitants = state.inhabitants) => {
        Object.assign(state, { groups, inhabitants });
        await enforcement.enforced();
      };
      await change([f.group('sg-cache', [f.from('10.0.2.0/24')]), ...APPS]);
      assert.ok(await other.reaches(NODE, 6379), 'a rule was authorized');
      assert.ok(await app.isDropped(NODE, 6379), 'a rule was revoked');

      await change([f.group('sg-cache', [f.from('sg-app', 6000, 7000)]), ...APPS]);
      assert.ok(await app.reaches(NODE, 7000), 'a rule was changed');
      assert.ok(await other.isDropped(NODE, 6379));

      await change([...CACHE, f.group('sg-app', [f.to('10.0.9.0/24')]), f.group('sg-other', [])]);
      assert.ok(await app.isDropped(NODE, 6379), 'egress was narrowed');

      await change([...CACHE, ...APPS], [f.node(NODE, ['sg-other']), ...state.inhabitants.slice(1)]);
      assert.ok(await app.isDropped(NODE, 6379), 'the node has another group');

      const moved = [f.node('10.0.4.4', ['sg-cache']), ...state.inhabitants.slice(1)];
      await nodes.listen('10.0.4.4', 6379);
      await change([...CACHE, ...APPS], moved);
      assert.ok(await app.reaches('10.0.4.4', 6379), 'the node has another address');
      assert.ok(await app.isDropped(NODE, 6379));
    });

    it('lets machines reach each other by their rules, and an operator everything', async (t) => {
      const { state, enforcement, machine, app, other } = await world(t, user);
      await app.listen(APP, 80);
      await other.listen(OTHER, 80);
      const operator = await machine('10.0.2.20');
      const lonely = await machine('10.0.2.21');
      state.groups = [...CACHE, f.group('sg-app', [f.from('sg-other', 80)]), f.group('sg-other', [])];
      state.inhabitants = [
        ...state.inhabitants,
        { kind: 'operator', address: '10.0.2.20' },
        { kind: 'service-only', address: '10.0.2.21' },
      ];
      await enforcement.enforced();
      assert.ok(await other.reaches(APP, 80));
      assert.ok(await app.isDropped(OTHER, 80));
      for (const address of [NODE, ELSEWHERE]) assert.ok(await operator.reaches(address, 6379));
      assert.ok(await operator.reaches(APP, 80, 'udp'));
      assert.ok(await lonely.reaches(SERVICE, 443));
      assert.ok(await lonely.isDropped(NODE, 6379));
    });

    it('takes thousands of addresses, and a later Millpond writes the table again', async (t) => {
      const { transact, state, app, other } = await world(t, user);
      const crowd = Array.from({ length: 5_000 }, (_, index) =>
        f.machine(`10.7.${index >> 8}.${index & 255}`, [index % 2 ? 'sg-other' : 'sg-app']),
      );
      const later = createEnforcement({
        facts: async () => ({ network: f.network(state.groups), inhabitants: [...state.inhabitants, ...crowd] }),
        transact,
        services: [SERVICE],
        log,
      });
      t.after(() => later.stop());
      await later.enforced();
      assert.ok(await app.reaches(NODE, 6379));
      assert.ok(await other.isDropped(NODE, 6379));
    });
  });
}

describe('enforcement', () => {
  const start = (transact: (text: string) => Promise<void>) => {
    const { state, read } = facts([...CACHE, ...APPS], [f.node(NODE, ['sg-cache']), f.machine(APP, ['sg-app'])]);
    const enforcement = createEnforcement({
      facts: read,
      transact: async (text) => {
        state.texts.push(text);
        await transact(text);
      },
      services: [SERVICE],
      log,
    });
    return { state, enforcement };
  };

  it('writes the whole table first, then differences, and nothing when nothing changed', async (t) => {
    const { state, enforcement } = start(async () => {});
    t.after(() => enforcement.stop());
    await enforcement.enforced();
    await enforcement.enforced();
    assert.equal(state.texts.length, 1);
    assert.match(state.texts[0]!, /^add table inet millpond\n/);
    state.inhabitants = [...state.inhabitants, f.machine(OTHER, ['sg-app'])];
    await enforcement.enforced();
    assert.match(state.texts[1]!, /^(add element .*\n){2}$/);
  });

  it('makes one transaction of the changes of one moment', async (t) => {
    const gate = Promise.withResolvers<void>();
    const { state, enforcement } = start(() => gate.promise);
    t.after(() => enforcement.stop());
    for (let change = 0; change < 10; change++) enforcement.changed();
    await nextTurn();
    assert.equal(state.reads, 1);
    for (let index = 0; index < 10; index++) {
      state.inhabitants = [...state.inhabitants, f.machine(`10.0.2.${index + 4}`, ['sg-app'])];
      enforcement.changed();
    }
    const enforced = enforcement.enforced();
    gate.resolve();
    await enforced;
    assert.deepEqual([state.reads, state.texts.length], [2, 2]);
  });

  it('rejects when nft fails, and writes everything again', async (t) => {
    const outcomes = [false, true];
    const again = Promise.withResolvers<void>();
    const { state, enforcement } = start(async () => {
      if (outcomes.shift() === false) throw new Error('nft failed');
      again.resolve();
    });
    t.after(() => enforcement.stop());
    await assert.rejects(enforcement.enforced(), /nft failed/);
    await again.promise;
    assert.match(state.texts[1]!, /^add table inet millpond\n/);
  });

  it('writes nothing after it was stopped', async () => {
    const { state, enforcement } = start(async () => {});
    await enforcement.stop();
    await enforcement.enforced();
    assert.deepEqual(state.texts, []);
  });
});
