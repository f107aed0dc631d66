// One group over pretended nodes, driven by hand: observe, plan and act as the controller does, but one action at a
// time, so that a test can let anything happen between any two. After every action it is checked that nothing is
// broken that must never be.

import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Scope } from '../../../../aws/scope.ts';
import { createFakeFleet, type FakeFleet } from '../../../../drivers/fake/fake-fleet.ts';
import { createTakeOvers } from '../../../../engine/resharding/index.ts';
import { silentLog } from '../../../../kernel/log.ts';
import type { Action } from '../domain/action.ts';
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

/** More passes than any recovery takes. */
const MAX_PASSES = 80;

export class Simulation {
  group: Group | undefined;
  #fleet: FakeFleet;
  #epochs = new Map<string, number>();
  #writes = 0;
  #failovers = 0;
  /** Members that nothing befalls from outside. What Millpond itself restarts is taken off. */
  spared = new Set<string>();
  /** What was done and what happened, for the message of a failure. */
  readonly story: string[] = [];
  /** By how much the clock of records and observations goes on with every pass. */
  static readonly passMs = 100;
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

  /** Something that comes from outside. */
  happens(what: string, event: (group: Group, fleet: FakeFleet) => void): void {
    this.story.push(`! ${what}`);
    event(this.group!, this.#fleet);
  }

  /** Millpond ends and begins again, with the same processes and the same record, or with what a backup had of it. */
  async restart(backup?: Group): Promise<void> {
    this.story.push(backup ? `! restart with ${JSON.stringify(backup)}` : '! restart');
    if (backup) {
      this.group = structuredClone(backup);
      this.#epochs.clear();
    }
    this.#fleet = this.#fleet.reopen();
    await this.#fleet.adopt(new Set(membersOf(this.group!).map((member) => this.key(member.id))));
    // As addresses.ts does at every start.
    for (const member of membersOf(this.group!)) {
      member.address = this.#fleet.status(this.key(member.id)).address ?? member.address;
    }
  }

  /** As `millpond down` and a later start of it; `spoil` happens in between. Resolves with what each member saved. */
  async downAndUp(spoil: (saved: string[], fleet: FakeFleet) => void): Promise<Map<string, Set<string>>> {
    this.story.push('! down');
    const members = this.group!.shards.flatMap(({ primaryId, members: all }) =>
      [...all].sort((a, b) => Number(a.id === primaryId) - Number(b.id === primaryId)),
    );
    const saved = new Map(members.map(({ id }) => [id, this.keysOf(id)]));
    for (const { id } of members)
      await stopMember(this.#fleet, this.key(id), memberOf(this.group!, id)!.member);
    spoil([...saved.keys()], this.#fleet);
    await this.restart();
    return saved;
  }

  /**
   * Observes, plans, and carries out what is planned. `between` runs after every action; `false` ends the pass there,
   * as the end of Millpond would. Resolves with what was planned.
   */
  async pass(between: () => boolean = () => true): Promise<Action[]> {
    await turn();
    this.now += Simulation.passMs;
    if (!this.group) return [];
    const { lists } = plan(this.group, await this.observe());
    this.write();
    for (const actions of lists) {
      for (const action of actions) {
        this.story.push(JSON.stringify(action));
        this.#checkBefore(action);
        try {
          await this.#act(action);
        } catch (error) {
          // As in the controller: what fails ends its list, and the next look tells what to do about it.
          this.story.push(`  failed: ${String(error)}`);
          break;
        }
        await turn();
        this.write();
        this.#tell();
        this.check();
        if (!between()) return lists.flat();
      }
    }
    return lists.flat();
  }

  /** Passes until nothing is left to do. */
  async settle(): Promise<void> {
    for (let count = 0; count < MAX_PASSES; count++) {
      const actions = await this.pass();
      if (!this.group) return;
      if (actions.length > 0) continue;
      const observation = await this.observe();
      if (isSettled(this.group, observation) && !this.group.change) return;
    }
    assert.fail(this.telling('it does not settle'));
  }

  async observe(): Promise<Observation> {
    const members = await observeMembers(this.#fleet, scope, this.group!);
    return {
      at: this.now,
      members,
      wanted: this.wanted,
      migrating: false,
      electionUntil: 0,
      demotedGraceMs: this.graceMs,
    };
  }

  /** A client writes wherever a node lets it. */
  write(): void {
    for (const engine of this.engines()) engine.answer(['SET', `key-${++this.#writes}`, 'x']);
  }

  /** The keys that the member's process holds. */
  keysOf(memberId: string): Set<string> {
    return new Set(this.#fleet.engine(this.key(memberId))?.data.keys.keys());
  }

  engines(): NonNullable<ReturnType<FakeFleet['engine']>>[] {
    return membersOf(this.group!).flatMap((member) => this.#fleet.engine(this.key(member.id)) ?? []);
  }

  /** Role and number of keys of every member that runs. */
  #tell(): void {
    if (!this.group) return;
    const states = membersOf(this.group).map(({ id }) => {
      const engine = this.#fleet.engine(this.key(id));
      return `${id}: ${engine ? `${engine.hung ? 'hung ' : ''}${engine.role} ${this.keysOf(id).size}` : '-'}`;
    });
    this.story.push(`    ${states.join(', ')}`);
  }

  check(): void {
    if (!this.group) return;
    for (const shard of this.group.shards) {
      const writable = shard.members.filter((member) => this.#acceptsWrites(shard, member));
      assert.ok(writable.length <= 1, this.telling(`two accept writes: ${writable.map(({ id }) => id)}`));
      assert.ok(shard.epoch >= (this.#epochs.get(shard.id) ?? 0), this.telling('an epoch went back'));
      this.#epochs.set(shard.id, shard.epoch);
    }
  }

  telling = (problem: string): string =>
    `${problem}\n${this.story.slice(-60).join('\n')}\n${JSON.stringify(this.group)}`;

  /** A member that never held a place in service is no danger: no name leads to it. */
  #acceptsWrites(shard: Shard, member: Member): boolean {
    const engine = this.#fleet.engine(this.key(member.id));
    if (!engine || engine.hung || engine.paused || engine.role !== 'primary') return false;
    if (!this.group!.clusterEnabled) return member.phase !== 'creating' || member.id === shard.primaryId;
    return engine.cluster!.view.owners.includes(member.engineNodeId);
  }

  #checkBefore(action: Action): void {
    if (action.do === 'kill')
      assert.ok(!this.spared.has(action.memberId), this.telling('what is well is killed'));
    if (action.do === 'stop' || action.do === 'remove') this.spared.delete(action.memberId);
    if (action.do !== 'promote') return;
    const engine = this.#fleet.engine(this.key(action.memberId));
    if (!engine || engine.hung || engine.role === 'primary') return;
    const mine = engine.view();
    // One that has synced with nobody may be all that is left, if it came back with data of its own.
    assert.ok(
      !mine.neverSynced || engine.data.offset > 0,
      this.telling(`an empty replica is promoted: ${action.memberId}`),
    );
    const { shard } = memberOf(this.group!, action.memberId)!;
    for (const other of shard.members) {
      const view = this.#fleet.engine(this.key(other.id));
      if (!view || view.hung || view.view().neverSynced || other.phase === 'deleting') continue;
      assert.ok(
        view.data.offset <= mine.offset,
        this.telling(`${other.id} knew more than ${action.memberId}`),
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
      takeOvers: createTakeOvers(),
      nameOf: (memberId) => memberId,
      group: () => this.group,
      record: (transition) => {
        if (!this.group) return;
        const died = transition.kind === 'primary-changed' && transition.oldDied;
        const told = died ? { ...transition, newAddress: `127.9.201.${++this.#failovers}` } : transition;
        const { group } = advance(structuredClone(this.group), told, this.now);
        this.group = group.status === 'deleting' && group.shards.length === 0 ? undefined : group;
      },
      migrate: () => this.#migrate(),
    });
  }

  /** All slots that the change moves, at once. */
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
