// Simulates one group over fake nodes: observes, plans and acts as the controller does, but one action at a time, so
// that a test can inject faults between any two. After every action it checks invariants, such as that at most one
// node of a shard accepts writes.

import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Scope } from '../../../../aws/scope.ts';
import { createFakeFleet, type FakeFleet } from '../../../../drivers/fake/fake-fleet.ts';
import { createTakeOvers } from '../../../../engine/resharding/index.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { noFollowers } from '../../feeds/no-followers.ts';
import type { Action } from '../domain/action.ts';
import type { Reach, Spot } from '../domain/isolation.ts';
import { type Group, type Member, memberOf, membersOf, type Shard } from '../domain/model.ts';
import type { Observation, WantedRun } from '../domain/observation.ts';
import { plan } from '../domain/plan.ts';
import { isSettled } from '../domain/plan-change.ts';
import { rangesOf, slotsOf } from '../domain/slots.ts';
import { advance } from '../domain/transition.ts';
import { act } from './act.ts';
import { fleetKey } from './members.ts';
import { observeMembers } from './observe.ts';
import { stopMember } from './stop-nodes.ts';

const scope: Scope = { accountId: '000000000000', region: 'us-east-1' };

/** More passes than any recovery needs. */
const MAX_PASSES = 80;

export class Simulation {
  group: Group | undefined;
  #fleet: FakeFleet;
  #epochs = new Map<string, number>();
  #writes = 0;
  #failovers = 0;
  /** Members that get no injected faults. A member that Millpond itself restarts is removed from the set. */
  spared = new Set<string>();
  /** The actions and events so far, for the message of a failed assertion. */
  readonly log: string[] = [];
  /** How far the simulated clock advances with every pass. */
  static readonly passMs = 100;
  /** How long a primary is isolated until it counts as failed. */
  static readonly detectionMs = 150;
  /** The members that nothing can reach, and since when. */
  #cutOff = new Map<string, number>();
  /** The members that were cut off when the present plan was made. */
  #plannedWithout: ReadonlySet<string> = new Set();
  now = 0;
  graceMs = 0;

  constructor(group: Group) {
    this.group = structuredClone(group);
    this.#fleet = createFakeFleet();
  }

  get wanted(): WantedRun {
    const { engineVersion, nodeType } = this.group!;
    return {
      engineVersion,
      nodeType,
      directives: { maxmemory: '1000' },
      live: new Set(),
      announceNames: false,
    };
  }

  key = (memberId: string): string => fleetKey(scope, memberId);

  /** Applies an external event: a fault or a request. */
  happens(what: string, event: (group: Group, fleet: FakeFleet) => void): void {
    this.log.push(`! ${what}`);
    event(this.group!, this.#fleet);
  }

  /** Drops all packets from and to a member, until `heal`. */
  cutOff(memberId: string): void {
    this.log.push(`! cut off ${memberId}`);
    this.#cutOff.set(memberId, this.now);
    this.#applyCuts();
  }

  heal(): void {
    if (this.#cutOff.size > 0) this.log.push('! heal');
    this.#cutOff.clear();
    this.#applyCuts();
  }

  #applyCuts(): void {
    const isCutOff = (address: string) =>
      this.group !== undefined &&
      membersOf(this.group).some((member) => member.address === address && this.#cutOff.has(member.id));
    this.#fleet.cut((a, b) => isCutOff(a) || isCutOff(b));
  }

  #reach(): Reach | undefined {
    if (this.#cutOff.size === 0) return undefined;
    const since = ({ node }: Spot) => this.#cutOff.get(node?.id ?? '');
    return { separatedSince: (a, b) => since(a) ?? since(b), zones: ['us-east-1a', 'us-east-1b'] };
  }

  /** Restarts Millpond with the same processes, and with the same record or the one of a backup. */
  async restart(backup?: Group): Promise<void> {
    this.log.push(backup ? `! restart with ${JSON.stringify(backup)}` : '! restart');
    if (backup) {
      this.group = structuredClone(backup);
      this.#epochs.clear();
    }
    this.#fleet = this.#fleet.reopen();
    await this.#fleet.adopt(new Set(membersOf(this.group!).map((member) => this.key(member.id))));
    // addresses.ts does this at every start.
    for (const member of membersOf(this.group!)) {
      member.address = this.#fleet.status(this.key(member.id)).address ?? member.address;
    }
  }

  /** `millpond down` and a later start; `spoil` runs in between. Resolves with the keys that each member saved. */
  async downAndUp(spoil: (saved: string[], fleet: FakeFleet) => void): Promise<Map<string, Set<string>>> {
    this.log.push('! down');
    const members = this.group!.shards.flatMap(({ primaryId, members: all }) =>
      [...all].sort((a, b) => Number(a.id === primaryId) - Number(b.id === primaryId)),
    );
    const saved = new Map(members.map(({ id }) => [id, this.keysOf(id)]));
    for (const { id } of members) {
      const ended = await stopMember(this.#fleet, this.key(id));
      const { member } = memberOf(this.group!, id)!;
      if (!member.start) Object.assign(member, ended);
    }
    spoil([...saved.keys()], this.#fleet);
    await this.restart();
    return saved;
  }

  /**
   * Observes, plans, and carries out the plan. `between` runs after every action; when it returns `false`, the pass
   * ends there, as if Millpond were killed. Resolves with the planned actions.
   */
  async pass(between: () => boolean = () => true): Promise<Action[]> {
    await turn();
    this.now += Simulation.passMs;
    if (!this.group) return [];
    this.#plannedWithout = new Set(this.#cutOff.keys());
    const { lists } = plan(this.group, await this.observe());
    this.write();
    for (const actions of lists) {
      for (const action of actions) {
        this.log.push(JSON.stringify(action));
        this.#checkBefore(action);
        try {
          await this.#act(action);
        } catch (error) {
          // As in the controller, a failure ends its list, and the next pass plans again.
          this.log.push(`  failed: ${String(error)}`);
          break;
        }
        await turn();
        this.write();
        this.#logStates();
        this.check();
        if (!between()) return lists.flat();
      }
    }
    return lists.flat();
  }

  /** Runs passes until nothing is left to do. */
  async settle(): Promise<void> {
    for (let count = 0; count < MAX_PASSES; count++) {
      const actions = await this.pass();
      if (!this.group) return;
      if (actions.length > 0) continue;
      const observation = await this.observe();
      if (isSettled(this.group, observation) && !this.group.change) return;
    }
    assert.fail(this.describe('it does not settle'));
  }

  async observe(): Promise<Observation> {
    const members = await observeMembers(this.#fleet, scope, this.group!, this.#reach());
    return {
      at: this.now,
      members,
      wanted: this.wanted,
      migrating: false,
      electionUntil: 0,
      demotedGraceMs: this.graceMs,
      failureDetectionMs: Simulation.detectionMs,
    };
  }

  /** Writes a key to every node that accepts writes. */
  write(): void {
    for (const engine of this.engines()) engine.answer(['SET', `key-${++this.#writes}`, 'x']);
  }

  /** The keys in the member's process. */
  keysOf(memberId: string): Set<string> {
    return new Set(this.#fleet.engine(this.key(memberId))?.data.keys.keys());
  }

  engines(): NonNullable<ReturnType<FakeFleet['engine']>>[] {
    return membersOf(this.group!).flatMap((member) => this.#fleet.engine(this.key(member.id)) ?? []);
  }

  /** Role and number of keys of every member that runs. */
  #logStates(): void {
    if (!this.group) return;
    const states = membersOf(this.group).map(({ id }) => {
      const engine = this.#fleet.engine(this.key(id));
      return `${id}: ${engine ? `${engine.hung ? 'hung ' : ''}${engine.role} ${this.keysOf(id).size}` : '-'}`;
    });
    this.log.push(`    ${states.join(', ')}`);
  }

  check(): void {
    if (!this.group) return;
    for (const shard of this.group.shards) {
      const writable = shard.members.filter((member) => this.#acceptsWrites(shard, member));
      assert.ok(
        writable.length <= 1,
        this.describe(`two members accept writes: ${writable.map(({ id }) => id)}`),
      );
      assert.ok(shard.epoch >= (this.#epochs.get(shard.id) ?? 0), this.describe('an epoch decreased'));
      this.#epochs.set(shard.id, shard.epoch);
    }
  }

  describe = (problem: string): string =>
    `${problem}\n${this.log.slice(-60).join('\n')}\n${JSON.stringify(this.group)}`;

  /** A member that was never in service does not count: no name points to it. */
  #acceptsWrites(shard: Shard, member: Member): boolean {
    const engine = this.#fleet.engine(this.key(member.id));
    if (!engine || engine.hung || engine.paused || engine.role !== 'primary') return false;
    if (!this.group!.clusterEnabled) return member.phase !== 'creating' || member.id === shard.primaryId;
    return engine.cluster!.view.owners.includes(member.engineNodeId);
  }

  #checkBefore(action: Action): void {
    if (action.do === 'kill')
      assert.ok(!this.spared.has(action.memberId), this.describe('a healthy member is killed'));
    if (action.do === 'stop' || action.do === 'remove') this.spared.delete(action.memberId);
    if (action.do !== 'promote') return;
    const engine = this.#fleet.engine(this.key(action.memberId));
    if (!engine || engine.hung || engine.role === 'primary') return;
    const { shard } = memberOf(this.group!, action.memberId)!;
    assert.ok(
      shard.primaryId === action.memberId || !this.#plannedWithout.has(action.memberId),
      this.describe(`${action.memberId} is cut off and promoted`),
    );
    const mine = engine.view();
    // A replica that never synced may have the last copy, if it came back with data of its own.
    assert.ok(
      !mine.neverSynced || engine.data.offset > 0,
      this.describe(`an empty replica is promoted: ${action.memberId}`),
    );
    for (const other of shard.members) {
      const view = this.#fleet.engine(this.key(other.id));
      if (!view || view.hung || view.view().neverSynced || other.phase === 'deleting') continue;
      if (this.#cutOff.has(other.id)) continue;
      assert.ok(
        view.data.offset <= mine.offset,
        this.describe(`${other.id} had newer data than ${action.memberId}`),
      );
    }
  }

  async #act(action: Action): Promise<void> {
    await act(action, {
      fleet: this.#fleet,
      scope,
      log: silentLog,
      wanted: this.wanted,
      binary: this.#fleet.binaries[0]!,
      demotedGraceMs: this.graceMs,
      followers: noFollowers,
      takeOvers: createTakeOvers(),
      nameOf: (memberId) => memberId,
      group: () => this.group,
      record: (transition) => {
        if (!this.group) return;
        const died = transition.kind === 'primary-changed' && transition.oldDied;
        const recorded = died ? { ...transition, newAddress: `127.9.201.${++this.#failovers}` } : transition;
        const { group } = advance(structuredClone(this.group), recorded, this.now);
        this.group = group.status === 'deleting' && group.shards.length === 0 ? undefined : group;
      },
      migrate: () => this.#migrate(),
    });
  }

  /** Moves all slots of the change at once. */
  #migrate(): void {
    const { change, shards } = this.group!;
    if (change?.kind !== 'reshard') return;
    const primaryOf = (shardId: string) => {
      const shard = shards.find(({ id }) => id === shardId)!;
      return shard.members.find(({ id }) => id === shard.primaryId)!;
    };
    const view = this.#fleet.engine(this.key(primaryOf(shards[0]!.id).id))?.cluster?.view;
    if (!view) return;
    for (const { to, slots } of change.moves) {
      for (const slot of slotsOf(slots)) view.owners[slot] = primaryOf(to).engineNodeId;
    }
    const owned = shards.map((shard) => {
      const ids = new Set(shard.members.map(({ engineNodeId }) => engineNodeId));
      return [shard.id, rangesOf(view.owners.flatMap((owner, slot) => (ids.has(owner) ? [slot] : [])))];
    });
    const { since } = change;
    const moved = {
      kind: 'slots-moved',
      shards: Object.fromEntries(owned),
      movedSlots: change.totalSlots,
      since,
    } as const;
    this.group = advance(structuredClone(this.group!), moved, 0).group;
    this.group = advance(this.group, { kind: 'reshard-step', step: 'remove', since }, 0).group;
  }
}
