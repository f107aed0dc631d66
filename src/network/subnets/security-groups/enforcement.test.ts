import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NodePlace, OpenInterface } from '../../network.ts';
import type { SecurityGroup } from '../../security-facts.ts';
import { createEnforcement } from './enforcement.ts';
import * as f from './policy.fixture.ts';
import { isWithoutWorlds, makeWorld } from './world.fixture.ts';

const SERVICE = '169.254.169.253';
const NODE = '10.0.3.4';
const ELSEWHERE = '10.0.3.5';
const APP = '10.0.1.17';
const OTHER = '10.0.2.18';
const log = { error() {}, warn() {}, info() {} } as never;

const CACHE = [
  f.group('sg-cache', [
    f.from('sg-app'),
    f.rule(false, 'sg-app', { protocol: 'udp', fromPort: 53, toPort: 53 }),
  ]),
];
const APPS = [f.group('sg-app', []), f.group('sg-other', [])];

const node = (address: string, group: string, vpc = 'vpc-1'): NodePlace => ({
  address,
  subnetId: `subnet-of-${vpc}`,
  securityGroupIds: [group],
});

const SUBNET = { id: 'subnet-of-vpc-1', cidr: '10.0.0.0/16', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };

const machine = (address: string, group: string): OpenInterface => ({
  address,
  subnet: SUBNET,
  securityGroupIds: [group],
  isOperator: false,
});

/** An enforcement of facts that a test changes, with the texts that it gives to nft. */
function enforce(t: TestContext, transact: (text: string) => Promise<void>) {
  const texts: string[] = [];
  let interfaces: OpenInterface[] = [];
  let groups = [...CACHE, ...APPS];
  const enforcement = createEnforcement({
    interfaces: () => interfaces,
    transact: async (text) => {
      texts.push(text);
      await transact(text);
    },
    services: [SERVICE],
    log,
  });
  t.after(() => enforcement.stop());
  const state = { texts, reads: 0 };
  return {
    state,
    enforcement,
    rules: async () => {
      state.reads++;
      return f.network(groups);
    },
    setMachines(next: OpenInterface[]) {
      interfaces = next;
      enforcement.interfacesChanged();
    },
    setGroups(next: SecurityGroup[]) {
      groups = next;
      enforcement.rulesChanged();
    },
  };
}

async function world(t: TestContext, user: 'root' | 'nobody') {
  const made = await makeWorld(t, user);
  const enforced = enforce(t, made.transact);
  const { enforcement } = enforced;
  const residents = [machine(APP, 'sg-app'), machine(OTHER, 'sg-other')];
  enforced.setMachines(residents);
  enforcement.setNodes('shop', [node(NODE, 'sg-cache')]);
  enforcement.setNodes('elsewhere', [node(ELSEWHERE, 'sg-cache', 'vpc-2')]);
  const [nodes, app, other] = await Promise.all([made.program(), made.machine(APP), made.machine(OTHER)]);
  const places: [string, number][] = [
    ...[6379, 7000, 53].map((port): [string, number] => [NODE, port]),
    ...[443, 53].map((port): [string, number] => [SERVICE, port]),
    [ELSEWHERE, 6379],
  ];
  await Promise.all(places.map(([address, port]) => nodes.listen(address, port)));
  await enforcement.begin(enforced.rules);
  return { ...made, ...enforced, residents, nodes, app, other };
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
      const { enforcement, setGroups, app, other, nodes } = await world(t, user);
      const change = async (groups: SecurityGroup[]) => {
        setGroups(groups);
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

      enforcement.setNodes('shop', [node(NODE, 'sg-other')]);
      await change([...CACHE, ...APPS]);
      assert.ok(await app.isDropped(NODE, 6379), 'the node has another group');

      await nodes.listen('10.0.4.4', 6379);
      enforcement.setNodes('shop', [node('10.0.4.4', 'sg-cache')]);
      await enforcement.enforced();
      assert.ok(await app.reaches('10.0.4.4', 6379), 'the node has another address');
      assert.ok(await app.isDropped(NODE, 6379));
    });

    it('lets machines reach each other by their rules, and an operator everything', async (t) => {
      const { residents, setMachines, setGroups, enforcement, ...made } = await world(t, user);
      const { app, other } = made;
      await app.listen(APP, 80);
      await other.listen(OTHER, 80);
      const operator = await made.machine('10.0.2.20');
      const lonely = await made.machine('10.0.2.21');
      setGroups([...CACHE, f.group('sg-app', [f.from('sg-other', 80)]), f.group('sg-other', [])]);
      const outside = { securityGroupIds: [], isOperator: false };
      setMachines([
        ...residents,
        { ...outside, address: '10.0.2.20', subnet: SUBNET, isOperator: true },
        { ...outside, address: '10.0.2.21' },
      ]);
      await enforcement.enforced();
      assert.ok(await other.reaches(APP, 80));
      assert.ok(await app.isDropped(OTHER, 80));
      for (const address of [NODE, ELSEWHERE]) assert.ok(await operator.reaches(address, 6379));
      assert.ok(await operator.reaches(APP, 80, 'udp'));
      assert.ok(await lonely.reaches(SERVICE, 443));
      assert.ok(await lonely.isDropped(NODE, 6379));
    });

    it('takes thousands of addresses, and a later Millpond writes the table again', async (t) => {
      const { transact, residents, app, other, enforcement } = await world(t, user);
      await enforcement.stop();
      const crowd = Array.from({ length: 5_000 }, (_, index) =>
        machine(`10.7.${index >> 8}.${index & 255}`, index % 2 ? 'sg-other' : 'sg-app'),
      );
      const later = enforce(t, transact);
      later.setMachines([...residents, ...crowd]);
      later.enforcement.setNodes('shop', [node(NODE, 'sg-cache')]);
      await later.enforcement.begin(later.rules);
      assert.ok(await app.reaches(NODE, 6379));
      assert.ok(await other.isDropped(NODE, 6379));
    });

    it('lets everything pass where nobody knows the rules', async (t) => {
      const { transact, other, enforcement } = await world(t, user);
      await enforcement.stop();
      await enforce(t, transact).enforcement.begin(undefined);
      assert.ok(await other.reaches(NODE, 7000));
    });
  });
}

describe('enforcement', () => {
  const start = (t: TestContext, transact = async (_text: string) => {}) => {
    const enforced = enforce(t, transact);
    enforced.enforcement.setNodes('shop', [node(NODE, 'sg-cache')]);
    enforced.setMachines([machine(APP, 'sg-app')]);
    return enforced;
  };

  it('writes nothing before it begins', async (t) => {
    const { state, enforcement } = start(t);
    await enforcement.enforced();
    assert.deepEqual(state, { texts: [], reads: 0 });
  });

  it('writes the whole table first, then differences, and nothing when nothing changed', async (t) => {
    const { state, enforcement, rules, setMachines } = start(t);
    await enforcement.begin(rules);
    enforcement.setNodes('shop', [node(NODE, 'sg-cache')]);
    enforcement.rulesChanged();
    await enforcement.enforced();
    assert.equal(state.texts.length, 1);
    assert.match(state.texts[0]!, /^add table inet millpond\n/);
    setMachines([machine(APP, 'sg-app'), machine(OTHER, 'sg-app')]);
    await enforcement.enforced();
    assert.match(state.texts[1]!, /^(add element .*\n){2}$/);
    assert.equal(state.reads, 2, 'rules are read again only when they changed');
  });

  it('makes one transaction of the changes of one moment', async (t) => {
    const gate = Promise.withResolvers<void>();
    const { state, enforcement, rules, setMachines } = start(t, () => gate.promise);
    const begun = enforcement.begin(rules);
    while (state.texts.length === 0) await nextTurn();
    const all = [machine(APP, 'sg-app')];
    for (let index = 0; index < 10; index++) {
      all.push(machine(`10.0.2.${index + 4}`, 'sg-app'));
      setMachines(all);
    }
    const enforced = enforcement.enforced();
    gate.resolve();
    await Promise.all([begun, enforced]);
    assert.equal(state.texts.length, 2);
  });

  it('asks for no rules while only operators are there', async (t) => {
    const { state, enforcement, rules, setMachines } = enforce(t, async () => {});
    setMachines([{ address: APP, subnet: SUBNET, securityGroupIds: [], isOperator: true }]);
    await enforcement.begin(rules);
    assert.equal(state.reads, 0);
    enforcement.setNodes('shop', [node(NODE, 'sg-cache')]);
    await enforcement.enforced();
    assert.equal(state.reads, 1);
  });

  it('reads rules again that change while they are read', async (t) => {
    const { state, enforcement, setGroups, rules } = start(t);
    await enforcement.begin(async () => {
      const read = await rules();
      if (state.reads === 1) setGroups([f.group('sg-cache', [f.from('sg-app', 7000)]), ...APPS]);
      return read;
    });
    await enforcement.enforced();
    assert.match(state.texts.at(-1)!, /add element .* services .*7000/);
  });

  it('rejects when nft fails, and writes everything again', async (t) => {
    const outcomes = [false, true];
    const again = Promise.withResolvers<void>();
    const { state, enforcement, rules } = start(t, async () => {
      if (outcomes.shift() === false) throw new Error('nft failed');
      again.resolve();
    });
    await assert.rejects(enforcement.begin(rules), /nft failed/);
    await again.promise;
    assert.match(state.texts[1]!, /^add table inet millpond\n/);
  });

  it('writes nothing after it was stopped', async (t) => {
    const { state, enforcement, rules } = start(t);
    await enforcement.stop();
    await enforcement.begin(rules);
    assert.deepEqual(state.texts, []);
  });
});
