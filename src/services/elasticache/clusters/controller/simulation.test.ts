// Injects seeded random faults into a group: nodes that crash, hang and resume, requests, and restarts of Millpond
// between any two actions. Afterwards the group matches its record, and the data of members without faults is still
// there.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '../../../../../test/support/random-input.ts';
import { draftMembers } from '../domain/draft.ts';
import { type Group, type Member, membersOf } from '../domain/model.ts';
import { modify } from '../domain/modification.ts';
import { groupOf } from '../domain/planning.fixture.ts';
import { planReshard, rangesOf } from '../domain/slots.ts';
import { Simulation } from './simulation.fixture.ts';

const SEEDS = 40;
const ROUNDS = 4;
const PASSES_PER_ROUND = 6;

type Shape = Parameters<typeof groupOf>[0];

type Case = [name: string, shape: Shape, changes: Partial<Group>];

const SHAPES: Case[] = [
  ['cluster mode off', { members: 3 }, {}],
  ['cluster mode off, two members', { members: 2 }, {}],
  ['automatic failover off', { members: 3 }, { automaticFailover: false }],
  ['cluster mode on', { shards: 3, members: 2, clusterEnabled: true }, {}],
  ['cluster mode on, one shard', { shards: 1, members: 3, clusterEnabled: true }, {}],
];

for (const [name, shape, changes] of SHAPES) {
  it(`survives random faults: ${name}`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await injectFaults(seed, created(groupOf(shape, changes)));
  });
}

for (const [name, shape, changes] of [...SHAPES, ['one member', { members: 1 }, {}] satisfies Case]) {
  it(`keeps the remaining data when dumps are lost while it is down: ${name}`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await loseDumps(seed, created(groupOf(shape, changes)));
  });
}

/** The events that begin a change of primary. */
const HANDOVERS: [name: string, isFor: (group: Group) => boolean, begin: (simulation: Simulation) => void][] =
  [
    [
      'failure',
      ({ automaticFailover }) => automaticFailover,
      (simulation) =>
        simulation.happens('the primary crashes', (group, fleet) =>
          fleet.crash(simulation.key(group.shards[0]!.primaryId)),
        ),
    ],
    [
      'test',
      ({ automaticFailover }) => automaticFailover,
      (simulation) =>
        simulation.happens('TestFailover', ({ shards: [shard] }) => {
          shard!.handover = { kind: 'test', since: 0, from: shard!.primaryId };
        }),
    ],
    [
      'planned',
      () => true,
      (simulation) =>
        simulation.happens('another primary', ({ shards: [shard] }) => {
          const to = shard!.members.find(({ id }) => id !== shard!.primaryId)!.id;
          shard!.handover = { kind: 'planned', since: 0, from: shard!.primaryId, to };
        }),
    ],
  ];

const crash = (simulation: Simulation) => HANDOVERS[0]![2](simulation);

for (const [name, shape, changes] of SHAPES) {
  for (const [kind, isFor, begin] of HANDOVERS) {
    if (!isFor(groupOf(shape, changes))) continue;
    for (const failsAgain of [false, true]) {
      const which = failsAgain ? 'the last handover but one' : 'a handover';
      it(`continues from a backup of any moment of ${which}: ${kind}, ${name}`, () =>
        continueFromBackups(created(groupOf(shape, changes)), begin, failsAgain));
    }
  }
}

async function continueFromBackups(
  group: Group,
  begin: (simulation: Simulation) => void,
  failsAgain: boolean,
): Promise<void> {
  // The record after each action of the first run. Each later run continues from one of them.
  const recorded: Group[] = [];
  for (let moment = 0; moment === 0 || moment < recorded.length; moment++) {
    const simulation = new Simulation(group);
    simulation.log.push(`moment ${moment}`);
    await simulation.settle();
    begin(simulation);
    const note = () => moment > 0 || recorded.push(structuredClone(simulation.group!)) > 0;
    note();
    for (let quiet = 0; quiet < 3; ) quiet = (await simulation.pass(note)).length > 0 ? 0 : quiet + 1;
    await simulation.settle();
    if (failsAgain) crash(simulation);
    await simulation.settle();
    const { shards } = simulation.group!;
    const held = shards.map(({ primaryId }) => ({ id: primaryId, keys: simulation.keysOf(primaryId) }));
    await simulation.restart(recorded[moment]);
    await simulation.settle();
    assert.equal(simulation.group!.status, 'available', simulation.describe('not available'));
    for (const { id } of held) simulation.spared.add(id);
    checkKept(simulation, held);
  }
  assert.ok(recorded.length > 2, 'there was a handover');
}

/** Checks that the data in every intact dump is still there afterwards. */
async function loseDumps(seed: number, group: Group): Promise<void> {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const simulation = new Simulation(group);
  simulation.log.push(`seed ${seed}`);
  await simulation.settle();
  for (let round = 0; round < 3; round++) {
    simulation.write();
    const spoiled = new Set<string>();
    const saved = await simulation.downAndUp((ids, fleet) => {
      for (const id of ids) {
        if (random() < 0.5) continue;
        const how = pick(['remove', 'truncate', 'alter inside'] as const);
        simulation.log.push(`! ${how} ${id}`);
        fleet.spoil(simulation.key(id), how);
        spoiled.add(id);
      }
    });
    await simulation.settle();
    const good = [...saved].filter(([id]) => !spoiled.has(id)).map(([id, keys]) => ({ id, keys }));
    for (const { members } of simulation.group!.shards)
      for (const { id } of members) simulation.spared.add(id);
    checkKept(simulation, good);
    simulation.spared.clear();
  }
}

/** The group as CreateReplicationGroup leaves it. */
function created(group: Group): Group {
  for (const member of membersOf(group)) {
    delete member.runs;
    Object.assign(member, { phase: 'creating', start: { data: 'discard' } } satisfies Partial<Member>);
  }
  return { ...group, status: 'creating', change: { kind: 'create', since: 0 } };
}

async function injectFaults(seed: number, group: Group): Promise<void> {
  const random = seededRandom(seed);
  const chance = (probability: number) => random() < probability;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const simulation = new Simulation(group);
  simulation.log.push(`seed ${seed}`);
  simulation.graceMs = seed % 2 === 0 ? 0 : 5 * Simulation.passMs;
  await simulation.settle();
  for (let round = 0; round < ROUNDS; round++) {
    // One member of every shard gets no faults.
    const spared = new Set(simulation.group!.shards.map((shard) => pick(shard.members).id));
    simulation.spared = new Set(spared);
    for (let count = 0; count < 3; count++) simulation.write();
    const held = [...spared].map((id) => ({ id, keys: simulation.keysOf(id) }));
    if (chance(0.6)) request(simulation, pick, spared);
    for (let pass = 0; pass < PASSES_PER_ROUND; pass++) {
      if (chance(0.6)) injectFault(simulation, pick, spared);
      let ended = false;
      await simulation.pass(() => {
        if (chance(0.1)) injectFault(simulation, pick, spared);
        ended = chance(0.1);
        return !ended;
      });
      if (ended || chance(0.05)) await simulation.restart();
    }
    simulation.heal();
    await simulation.settle();
    assert.equal(simulation.group!.status, 'available', simulation.describe('not available'));
    checkKept(simulation, held);
  }
}

for (const [name, shape] of [
  ['cluster mode off', { members: 3 }],
  ['cluster mode off, two members', { members: 2 }],
  ['cluster mode on', { shards: 3, members: 2, clusterEnabled: true }],
] satisfies [string, Shape][]) {
  it(`fails over from a primary that is cut off, and takes it back when it can be reached: ${name}`, async () => {
    const simulation = new Simulation(created(groupOf(shape)));
    await simulation.settle();
    const { id: shardId, primaryId: old } = simulation.group!.shards[0]!;
    const replicated = simulation.keysOf(old);
    simulation.cutOff(old);
    for (let pass = 0; pass < 20; pass++) await simulation.pass();
    assert.deepEqual(await simulation.pass(), [], simulation.describe('it still acts while the cut lasts'));
    const shard = () => simulation.group!.shards.find(({ id }) => id === shardId)!;
    const successor = shard().primaryId;
    assert.notEqual(successor, old);
    assert.equal(shard().epoch, 2);
    simulation.heal();
    await simulation.settle();
    assert.equal(shard().primaryId, successor);
    assert.ok(simulation.keysOf(successor).isSupersetOf(replicated));
    assert.deepEqual(simulation.keysOf(old), simulation.keysOf(successor));
  });
}

it('leaves a primary alone that is cut off together with all of its replicas', async () => {
  const simulation = new Simulation(created(groupOf({ members: 3 })));
  await simulation.settle();
  const { primaryId } = simulation.group!.shards[0]!;
  for (const { id } of membersOf(simulation.group!)) simulation.cutOff(id);
  for (let pass = 0; pass < 20; pass++) assert.deepEqual(await simulation.pass(), []);
  simulation.heal();
  await simulation.settle();
  assert.equal(simulation.group!.shards[0]!.primaryId, primaryId);
  assert.equal(simulation.group!.shards[0]!.epoch, 1);
});

type Pick = <T>(items: readonly T[]) => T;

function injectFault(simulation: Simulation, pick: Pick, spared: ReadonlySet<string>): void {
  const candidates = membersOf(simulation.group!).filter(({ id }) => !spared.has(id));
  if (candidates.length === 0) return;
  const { id } = pick(candidates);
  const key = simulation.key(id);
  const [what, verb] = pick([
    ['crash', 'crash'],
    ['crash', 'crash'],
    ['hang', 'hang'],
    ['resume', 'resume'],
    ['cut off', undefined],
    ['heal', undefined],
  ] as const);
  if (what === 'cut off') return void simulation.cutOff(id);
  if (what === 'heal') return void simulation.heal();
  simulation.happens(`${what} ${id}`, (_group, fleet) => fleet[verb](key));
}

/** Applies a random request, unless the operations would refuse it at this moment. */
function request(simulation: Simulation, pick: Pick, spared: ReadonlySet<string>): void {
  const { group } = simulation;
  if (group?.status !== 'available' || group.change || group.shards.some(({ handover }) => handover)) return;
  const shard = pick(group.shards);
  pick(REQUESTS)(simulation, group, shard.id, spared);
}

type Request = (simulation: Simulation, group: Group, shardId: string, spared: ReadonlySet<string>) => void;

const testFailover: Request = (simulation, { automaticFailover, shards }, shardId, spared) => {
  const { primaryId } = shards.find(({ id }) => id === shardId)!;
  if (!automaticFailover || spared.has(primaryId)) return;
  simulation.happens(`TestFailover ${shardId}`, (group) => {
    const shard = group.shards.find(({ id }) => id === shardId)!;
    if (shard.members.length < 2) return;
    shard.handover = { kind: 'test', since: 0, from: shard.primaryId };
  });
};

const promote: Request = (simulation, { automaticFailover, clusterEnabled }, shardId) => {
  if (automaticFailover || clusterEnabled) return;
  simulation.happens('PrimaryClusterId', (group) => {
    const shard = group.shards.find(({ id }) => id === shardId)!;
    const replica = shard.members.find(({ id }) => id !== shard.primaryId);
    if (replica) modify(group, { primaryId: replica.id, applyImmediately: true }, 0);
  });
};

const scale: Request = (simulation) =>
  simulation.happens('CacheNodeType', (group) => {
    const nodeType = group.nodeType === 'cache.t4g.micro' ? 'cache.t4g.small' : 'cache.t4g.micro';
    modify(group, { nodeType, applyImmediately: true }, 0);
  });

let address = 100;

const addReplica: Request = (simulation, { clusterEnabled }, shardId) =>
  simulation.happens(`IncreaseReplicaCount ${shardId}`, (group) => {
    const shard = group.shards.find(({ id }) => id === shardId)!;
    const placement = {
      groupId: group.id,
      clusterEnabled,
      subnets: [{ id: 'subnet-a', zone: 'us-east-1a', cidr: '172.31.0.0/20' }],
      now: 0,
      isTaken: () => false,
      newEngineNodeId: () => String(++address).padEnd(40, 'e'),
      takeAddress: () => `127.9.200.${++address}`,
    };
    shard.members.push(...draftMembers(placement, shard, 1, []));
    group.status = 'modifying';
    group.change = { kind: 'replicas', since: 0 };
  });

const removeReplica: Request = (simulation, _group, shardId, spared) =>
  simulation.happens(`DecreaseReplicaCount ${shardId}`, (group) => {
    const shard = group.shards.find(({ id }) => id === shardId)!;
    const replica = shard.members.find(({ id }) => id !== shard.primaryId && !spared.has(id));
    if (!replica || shard.members.length < 3) return;
    replica.phase = 'deleting';
    group.status = 'modifying';
    group.change = { kind: 'replicas', since: 0 };
  });

/** Removes the last shard; its slots move to the others. */
const removeShard: Request = (simulation, { clusterEnabled, shards }) => {
  if (!clusterEnabled || shards.length < 2) return;
  simulation.happens('NodeGroupsToRemove', (group) => {
    group.shards.at(-1)!.leaving = true;
    const moves = planReshard(
      group.shards.map((shard) => ({ shardId: shard.id, slots: shard.slots })),
      group.shards.slice(0, -1).map((shard) => shard.id),
    );
    group.status = 'modifying';
    group.change = {
      kind: 'reshard',
      since: 0,
      step: 'add',
      moves: moves.map((move) => ({ ...move, slots: rangesOf(move.slots) })),
      movedSlots: 0,
      totalSlots: 1,
    };
  });
};

const REQUESTS: Request[] = [testFailover, promote, scale, addReplica, removeReplica, removeShard];

function checkKept(simulation: Simulation, held: { id: string; keys: Set<string> }[]): void {
  for (const { id, keys } of held) {
    const shard = simulation.group!.shards.find(({ members }) => members.some((member) => member.id === id));
    // A member that was restarted may have come back when no other member had the writes that it missed.
    if (!shard || !simulation.spared.has(id)) continue;
    const now = simulation.keysOf(shard.primaryId);
    const lost = [...keys].filter((key) => !now.has(key));
    assert.ok(lost.length === 0, simulation.describe(`lost ${lost.length} of what ${id} held`));
  }
}
