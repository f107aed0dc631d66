// Every interleaving in which two records begin and cease to refer to the same content.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { silentLog } from '../kernel/log.ts';
import { LeasedContent } from './leased-content.ts';

/** A disk in memory, each step of which waits until the test releases it. */
function stepwise() {
  const waiting: (() => void)[] = [];
  const step = () => new Promise<void>((resolve) => waiting.push(resolve));
  const disk = new Map<string, 'partial' | 'whole'>();
  const records = new Set<string>();
  let made = 0;
  const leased = new LeasedContent({
    isReferenced: () => records.size > 0,
    async remove(id) {
      assert.equal(records.size, 0, 'content with a record is deleted');
      await step();
      disk.set(id, 'partial');
      await step();
      disk.delete(id);
    },
    log: silentLog,
  });
  async function make() {
    assert.notEqual(disk.get('c'), 'partial', 'made while it is deleted');
    if (disk.has('c')) return;
    made++;
    await step();
    disk.set('c', 'whole');
    await step();
  }
  return { waiting, step, disk, records, leased, make, made: () => made };
}

type World = ReturnType<typeof stepwise>;

async function create({ leased, make, records }: World, record: string): Promise<void> {
  const release = await leased.obtain('c', make);
  records.add(record);
  release();
}

function remove({ leased, records }: World, record: string): void {
  records.delete(record);
  leased.abandon('c');
}

/** Runs `scene` once for every order in which waiting steps can continue; returns the number of orders. */
async function everyOrder(scene: (world: World) => Promise<unknown>): Promise<number> {
  const choices: { taken: number; of: number }[] = [];
  for (let orders = 1; ; orders++) {
    await playInOrder(scene, choices);
    while (choices.length > 0 && choices.at(-1)!.taken + 1 === choices.at(-1)!.of) choices.pop();
    if (choices.length === 0) return orders;
    choices.at(-1)!.taken++;
  }
}

/** Makes the given choices, then always the first one, and records those. */
async function playInOrder(
  scene: (world: World) => Promise<unknown>,
  choices: { taken: number; of: number }[],
): Promise<void> {
  const world = stepwise();
  let isOver = false;
  const done = scene(world).finally(() => (isOver = true));
  for (let depth = 0; ; depth++) {
    await turn();
    if (world.records.size > 0) assert.equal(world.disk.get('c'), 'whole', 'a record without content');
    if (world.waiting.length === 0) {
      assert.ok(isOver, 'nothing can go on');
      break;
    }
    const choice = (choices[depth] ??= { taken: 0, of: world.waiting.length });
    world.waiting.splice(choice.taken, 1)[0]!();
  }
  await done;
  await world.leased.settled();
  assert.equal(world.disk.get('c'), world.records.size > 0 ? 'whole' : undefined, 'what is left');
}

it('content survives when one record ends while another begins', async () => {
  const orders = await everyOrder(async (world) => {
    await create(world, 'a');
    const removal = world.step().then(() => remove(world, 'a'));
    const creation = world.step().then(() => create(world, 'b'));
    await Promise.all([removal, creation]);
    assert.deepEqual([...world.records], ['b']);
  });
  assert.ok(orders > 3, `${orders} orders`);
});

it('two records begin and end at the same time, while a third holder keeps its lease', async () => {
  const orders = await everyOrder(async (world) => {
    const lives = ['a', 'b'].map(async (record) => {
      await world.step();
      await create(world, record);
      await world.step();
      remove(world, record);
    });
    const use = async () => {
      await create(world, 'c');
      const release = world.leased.hold('c');
      remove(world, 'c');
      await world.step();
      assert.equal(world.disk.get('c'), 'whole', 'deleted while it is held');
      release();
    };
    await Promise.all([...lives, use()]);
  });
  assert.ok(orders > 20, `${orders} orders`);
});

it('content without a record is deleted, and is created once for concurrent callers', async () => {
  await everyOrder(async (world) => {
    const releases = await Promise.all([
      world.leased.obtain('c', world.make),
      world.leased.obtain('c', world.make),
    ]);
    assert.equal(world.made(), 1);
    for (const release of [...releases, ...releases]) release();
  });
});

it('a failure to create content reaches every waiting caller and leaves no lease', async () => {
  const { leased, make, waiting, made } = stepwise();
  const failing = () => turn().then(() => Promise.reject(new Error('no room')));
  const results = await Promise.allSettled([leased.obtain('c', failing), leased.obtain('c', make)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(made(), 0);
  while (waiting.length > 0) {
    waiting.shift()!();
    await turn();
  }
  await leased.settled();
});
