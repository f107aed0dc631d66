// Tests the contract of drivers (engine/driver.ts) through a fleet (engine/fleet.ts) over each driver: the fake one,
// and the local one with every installed engine.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Admin } from '../engine/admin.ts';
import { clusterInfo, clusterNodes, promote, replicateFrom, takeOver } from '../engine/commands.ts';
import type { Addresses } from '../engine/driver.ts';
import type { EngineBinary, Fleet, NodeSpec } from '../engine/fleet.ts';
import { until } from '../engine/testing/settle.ts';
import { openLoopbackNetwork } from '../network/loopback/loopback-network.ts';
import { fakeAddresses } from './fake/fake-driver.ts';
import { createFakeFleet, type Spoiling } from './fake/fake-fleet.ts';
import { freeAddress, testPort } from './local/testing/loopback.ts';
import { createRealFleet, installedEngines, spoilDump } from './local/testing/real-fleet.ts';

interface Subject {
  name: string;
  binary: EngineBinary;
  addresses(): Promise<Addresses>;
  open(): Promise<{
    fleet: Fleet;
    reopen(): Promise<Fleet>;
    /** Damages the dump of a stopped node. */
    spoil(key: string, how: Spoiling): Promise<void>;
    dispose(): Promise<void>;
  }>;
}

const fakeBinary: EngineBinary = { engine: 'redis', version: '7.0.15' };

const subjects: Subject[] = [
  {
    name: 'fake',
    binary: fakeBinary,
    addresses: async () => fakeAddresses,
    async open() {
      const fleet = createFakeFleet();
      return {
        fleet,
        reopen: async () => fleet.reopen(),
        spoil: async (key, how) => fleet.spoil(key, how),
        dispose: async () => {},
      };
    },
  },
  ...(await installedEngines()).map((binary) => ({
    name: `${binary.engine} ${binary.version}`,
    binary,
    async addresses() {
      const dataDir = await mkdtemp(join(tmpdir(), 'millpond-addresses-'));
      const addresses = await openLoopbackNetwork(dataDir, () => {});
      after(async () => {
        await addresses.release('stopped');
        await rm(dataDir, { recursive: true });
      });
      return addresses;
    },
    async open() {
      const real = await createRealFleet([binary]);
      return {
        fleet: real.fleet,
        reopen: () => real.reopen(),
        spoil: (key: string, how: Spoiling) => spoilDump(real.dataFile(key), how),
        dispose: () => real.dispose(),
      };
    },
  })),
];

for (const subject of subjects) describe(`fleet: ${subject.name}`, () => contract(subject));

if (subjects.length === 1) it('fleet: real engines', { skip: 'no engine is installed' }, () => {});

async function specOf(subject: Subject, key: string, more: Partial<NodeSpec> = {}): Promise<NodeSpec> {
  const address = await freeAddress();
  return { key, address, port: testPort, binary: subject.binary, directives: {}, data: 'keep', ...more };
}

async function startAll(fleet: Fleet, ...specs: NodeSpec[]): Promise<void> {
  await Promise.all(specs.map((spec) => fleet.start(spec)));
  await Promise.all(specs.map((spec) => fleet.ready(spec.key)));
}

const linked = (admin: Admin) =>
  until('the replica is linked', async () => (await admin.observe()).link === 'up');

function contract(subject: Subject): void {
  const open = async () => {
    const opened = await subject.open();
    after(() => opened.dispose());
    return opened;
  };

  it('gives each node of a subnet its own address; recently released ones come last', async () => {
    const addresses = await subject.addresses();
    const subnet = '10.0.3.0/28';
    const used = new Set<string>();
    for (let next: string | undefined; (next = addresses.take(subnet, used)); used.add(next)) {
      assert.ok(!used.has(next) && addresses.owns(next) && addresses.isReady(next), next);
    }
    assert.equal(used.size, 11, 'as on AWS, five of sixteen are reserved');
    assert.equal(addresses.owns('192.0.2.1'), false);
    const [first, second] = [...used] as [string, string];
    for (const address of [first, second]) used.delete(address);
    const quarantined = new Map([
      [first, 2],
      [second, 1],
    ]);
    assert.equal(addresses.take(subnet, used, quarantined), second);
    assert.equal(addresses.take(subnet, used, new Map([[first, 2]])), second);
  });

  it('starts a node that answers with the requested directives', async () => {
    const { fleet } = await open();
    const spec = await specOf(subject, 'r/1/a', { directives: { 'maxmemory-policy': 'volatile-lru' } });
    assert.deepEqual(fleet.status(spec.key), { state: 'absent' });
    const changes: string[] = [];
    fleet.onChange((key) => changes.push(`${key} ${fleet.status(key).state}`));
    await startAll(fleet, spec);
    assert.equal(fleet.status(spec.key).state, 'running');
    assert.deepEqual(fleet.status(spec.key).binary, subject.binary);
    assert.equal(changes.at(-1), 'r/1/a running');
    assert.deepEqual(await fleet.admin(spec.key).send('CONFIG', 'GET', 'maxmemory-policy'), [
      'maxmemory-policy',
      'volatile-lru',
    ]);
    const { run } = fleet.status(spec.key);
    await fleet.start(spec);
    assert.equal(fleet.status(spec.key).run, run, 'a second start changes nothing');
  });

  it('links a replica, even if it starts together with its primary', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    const b = await specOf(subject, 'b', { replicaOf: { address: a.address, port: a.port } });
    await startAll(fleet, a, b);
    await linked(fleet.admin(b.key));
    await fleet.admin(a.key).send('SET', 'hoge', 'foo');
    const view = await fleet.admin(b.key).observe();
    assert.equal(view.role, 'replica');
    assert.equal(view.primaryAddress, a.address);
    assert.equal(view.neverSynced, false);
    await until('the write arrives', async () => (await fleet.admin(b.key).send('GET', 'hoge')) === 'foo');
    const primary = await fleet.admin(a.key).observe();
    assert.equal(primary.role, 'primary');
    assert.deepEqual(
      primary.replicas.map(({ address, port }) => ({ address, port })),
      [{ address: b.address, port: b.port }],
    );
    await assert.rejects(fleet.admin(b.key).send('SET', 'aaa', 'bbb'), {
      name: 'EngineError',
      code: 'READONLY',
    });
  });

  it('promotes a replica after its primary is killed, and restarts the old primary as a replica', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    const b = await specOf(subject, 'b', { replicaOf: { address: a.address, port: a.port } });
    await startAll(fleet, a, b);
    await linked(fleet.admin(b.key));
    await fleet.admin(a.key).send('SET', 'k', 'v');
    await until('the write arrives', async () => (await fleet.admin(b.key).send('GET', 'k')) === 'v');
    await fleet.kill(a.key);
    assert.equal(fleet.status(a.key).state, 'exited');
    await promote(fleet.admin(b.key));
    await fleet.admin(b.key).send('SET', 'k', 'w');
    await startAll(fleet, { ...a, replicaOf: { address: b.address, port: b.port } });
    await linked(fleet.admin(a.key));
    await until('the new write arrives', async () => (await fleet.admin(a.key).send('GET', 'k')) === 'w');
    await replicateFrom(fleet.admin(a.key), b.address, b.port);
  });

  it('reports that a replica which never reached its primary has never synced', async () => {
    const { fleet } = await open();
    const nobody = await freeAddress();
    const b = await specOf(subject, 'b', { replicaOf: { address: nobody, port: testPort } });
    await startAll(fleet, b);
    const view = await fleet.admin(b.key).observe();
    assert.deepEqual([view.role, view.link, view.neverSynced], ['replica', 'down', true]);
  });

  it('keeps the data of a graceful stop only', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    await startAll(fleet, a);
    await fleet.admin(a.key).send('SET', 'k', '1');
    await fleet.stop(a.key, { save: true, graceMs: 5_000 });
    assert.equal(fleet.status(a.key).state, 'exited');
    assert.equal((await fleet.stored(a.key)).clean, true);
    await startAll(fleet, a);
    assert.equal((await fleet.stored(a.key)).clean, false, 'it runs');
    assert.equal(await fleet.admin(a.key).send('GET', 'k'), '1');
    await fleet.admin(a.key).send('SET', 'k', '2');
    await fleet.kill(a.key);
    assert.equal((await fleet.stored(a.key)).clean, false);
    await startAll(fleet, a);
    assert.equal(await fleet.admin(a.key).send('GET', 'k'), '1', 'the data of the last save');
    await fleet.stop(a.key, { save: false, graceMs: 5_000 });
    assert.equal((await fleet.stored(a.key)).clean, false);
    await startAll(fleet, { ...a, data: 'discard' });
    assert.equal(await fleet.admin(a.key).send('GET', 'k'), null);
  });

  it('describes a saved dump with its replication id and offset', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    const b = await specOf(subject, 'b', { replicaOf: { address: a.address, port: a.port } });
    assert.deepEqual(await fleet.stored(a.key), { clean: false });
    await startAll(fleet, a, b);
    assert.equal(fleet.status(a.key).served, true);
    await linked(fleet.admin(b.key));
    await fleet.admin(a.key).send('SET', 'k', 'v');
    await until('the write arrives', async () => (await fleet.admin(b.key).send('GET', 'k')) === 'v');
    const { replicationId } = await fleet.admin(a.key).observe();
    for (const { key } of [b, a]) {
      const { offset } = await fleet.admin(key).observe();
      await fleet.stop(key, { save: true, graceMs: 5_000 });
      const { dump, clean } = await fleet.stored(key);
      assert.equal(clean, true);
      assert.equal(dump?.damage, undefined);
      assert.equal(dump?.replicationId, replicationId);
      assert.ok(dump.offset! >= offset, `${dump.offset} is less than ${offset}`);
      assert.ok(dump.bytes > 0 && dump.checksum && dump.savedAt);
    }
  });

  for (const how of ['remove', 'truncate', 'alter inside'] as const) {
    it(`detects a lost dump: ${how}`, async () => {
      const { fleet, spoil } = await open();
      const a = await specOf(subject, 'a');
      await startAll(fleet, a);
      await fleet.admin(a.key).send('SET', 'k', 'v'.repeat(1_000));
      await fleet.stop(a.key, { save: true, graceMs: 5_000 });
      await spoil(a.key, how);
      if (how === 'alter inside') {
        assert.equal((await fleet.stored(a.key)).dump?.damage, undefined);
        await fleet.start(a).catch(() => undefined);
        await until('the engine has refused it', () => fleet.status(a.key).state === 'exited');
      }
      const { dump, clean } = await fleet.stored(a.key);
      assert.equal(clean, true, 'nobody was served since');
      if (how === 'remove') assert.equal(dump, undefined);
      else assert.ok(dump?.damage);
      await startAll(fleet, { ...a, data: 'set-aside' });
      assert.equal(await fleet.admin(a.key).send('GET', 'k'), null);
    });
  }

  it('starts from another node’s data', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    await startAll(fleet, a);
    await fleet.admin(a.key).send('SET', 'k', 'v');
    await fleet.stop(a.key, { save: true, graceMs: 5_000 });
    const b = await specOf(subject, 'b', { data: { from: a.key } });
    await startAll(fleet, b);
    assert.equal(await fleet.admin(b.key).send('GET', 'k'), 'v');
  });

  it('rejects commands at once while the node is away', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    await assert.rejects(fleet.admin(a.key).send('PING'), { code: 'EngineFailed' });
    await assert.rejects(fleet.ready(a.key), { code: 'EngineFailed' });
    await startAll(fleet, a);
    await fleet.kill(a.key);
    await assert.rejects(fleet.admin(a.key).observe(), { code: 'EngineFailed' });
    await assert.rejects(fleet.ready(a.key), { code: 'EngineFailed' });
    await startAll(fleet, a);
    assert.equal(await fleet.admin(a.key).send('PING'), 'PONG');
  });

  it('has verbs that may be repeated in any order', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    await fleet.kill(a.key);
    await fleet.stop(a.key, { save: true, graceMs: 100 });
    await fleet.remove(a.key);
    await Promise.all([fleet.start(a), fleet.start(a)]);
    await Promise.all([
      fleet.kill(a.key),
      fleet.kill(a.key),
      fleet.stop(a.key, { save: true, graceMs: 100 }),
    ]);
    await startAll(fleet, a);
    await fleet.remove(a.key);
    await fleet.remove(a.key);
    assert.equal(fleet.status(a.key).state, 'absent');
    await startAll(fleet, a);
    assert.equal((await fleet.admin(a.key).observe()).keys, 0);
  });

  it('returns an error in its command’s place', async () => {
    const { fleet } = await open();
    const a = await specOf(subject, 'a');
    await startAll(fleet, a);
    const [ok, wrong, pong] = await fleet.admin(a.key).sendAll([['SET', 'k', 'v'], ['NOPE'], ['PING']]);
    assert.equal(ok, 'OK');
    assert.equal((wrong as Error).name, 'EngineError');
    assert.equal(pong, 'PONG');
    const [raw] = await fleet.admin(a.key).sendAll([['GET', 'k']], { binary: true });
    assert.deepEqual(raw, Buffer.from('v'));
  });

  it('finds its nodes again, and leaves unknown engines alone', async () => {
    const { fleet, reopen } = await open();
    const a = await specOf(subject, 'g/a');
    const b = await specOf(subject, 'g/b');
    await startAll(fleet, a, b);
    await fleet.admin(a.key).send('SET', 'k', 'v');
    const { run } = fleet.status(a.key);
    await fleet.close();
    const again = await reopen();
    const other = fleet.status(b.key).run;
    const [unknown, ...more] = await again.adopt(new Set([a.key]));
    assert.deepEqual(more, []);
    assert.deepEqual([unknown?.key, unknown?.run, unknown?.address], [b.key, other, b.address]);
    await again.ready(a.key);
    assert.equal(again.status(a.key).run, run);
    assert.deepEqual(again.status(a.key).binary, subject.binary);
    assert.equal(await again.admin(a.key).send('GET', 'k'), 'v');
    await assert.rejects(again.start(b), { code: 'AddressInUse' });
    await again.endUnknownEngine(unknown!);
    await startAll(again, b);
    const exited = new Promise<void>((resolve) =>
      again.onChange((key) => key === a.key && again.status(key).state === 'exited' && resolve()),
    );
    await again.kill(a.key);
    await exited;
  });

  it('forms a cluster from its seed, and supports takeovers', async () => {
    const { fleet } = await open();
    const plain = await Promise.all(['p1', 'p2', 'p3', 'r1'].map((key) => specOf(subject, key)));
    const ids = plain.map(() => randomBytes(20).toString('hex'));
    const slots: [number, number][][] = [[[0, 5460]], [[5461, 10922]], [[10923, 16383]], []];
    const nodes = plain.map(({ address, port }, index) => ({
      id: ids[index]!,
      address,
      port,
      slots: slots[index]!,
      epoch: index < 3 ? index + 1 : 0,
      ...(index === 3 && { primaryId: ids[0]! }),
    }));
    const specs = plain.map((spec, index) => ({
      ...spec,
      cluster: { self: ids[index]!, busPort: 1122, epoch: 3, nodes },
    }));
    await startAll(fleet, ...specs);
    const admins = specs.map((spec) => fleet.admin(spec.key));
    for (const admin of admins)
      await until('state ok', async () => (await clusterInfo(admin)).state === 'ok');
    await linked(admins[3]!);
    await fleet.kill('p1');
    await takeOver(admins[3]!);
    await takeOver(admins[3]!);
    for (const admin of admins.slice(1)) {
      await until('everybody sees it', async () => {
        const seen = (await clusterNodes(admin)).find((node) => node.id === ids[3]);
        return seen?.role === 'primary' && seen.slots.length === 1 && seen.slots[0]![1] === 5460;
      });
    }
    await startAll(fleet, specs[0]!);
    await until('the old primary is a replica', async () => (await admins[0]!.observe()).role === 'replica');
    const self = (await clusterNodes(admins[0]!)).find((node) => node.isSelf);
    assert.equal(self?.id, ids[0], 'it kept its identity');
  });
}
