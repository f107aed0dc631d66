// Cluster mode of the fake engines: which node owns which slots. Gossip is instant: all live nodes share one view, in
// which the highest epoch wins.

import { EngineError } from '../../engine/admin.ts';
import type { ClusterSeed } from '../../engine/fleet.ts';

interface FakeMember {
  id: string;
  address: string;
  port: number;
  primaryId: string | undefined;
  epoch: number;
}

/** The shared view of all nodes of one cluster. */
export class FakeClusterView {
  readonly members = new Map<string, FakeMember>();
  /** The owner of each slot, by id. */
  readonly owners: (string | undefined)[] = new Array(16_384);
  readonly migrating = new Map<string, string>();
  readonly importing = new Map<string, string>();
  readonly busPort: number;
  epoch = 0;

  constructor(seed: ClusterSeed) {
    this.busPort = seed.busPort;
    this.epoch = seed.epoch;
    for (const { slots, ...node } of seed.nodes) this.add({ ...node, primaryId: node.primaryId }, slots);
  }

  /** The number of slots of each owner. */
  slotCounts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const owner of this.owners) if (owner) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    return counts;
  }

  add(member: FakeMember, slots: [number, number][] = []): void {
    this.members.set(member.id, { ...member });
    for (const [first, last] of slots) this.owners.fill(member.id, first, last + 1);
  }
}

/** CLUSTER commands of one node over the shared view. */
export class FakeCluster {
  readonly view: FakeClusterView;
  readonly selfId: string;
  #own: FakeMember;
  readonly #isLive: (address: string, port: number) => boolean;
  readonly #meet: (address: string, port: number) => void;

  constructor(options: {
    view: FakeClusterView;
    selfId: string;
    isLive: (address: string, port: number) => boolean;
    meet: (address: string, port: number) => void;
  }) {
    this.view = options.view;
    this.selfId = options.selfId;
    this.#own = options.view.members.get(options.selfId)!;
    this.#isLive = options.isLive;
    this.#meet = options.meet;
  }

  /** A node that restarts at another address announces it to all others. */
  moveTo(address: string, port: number): void {
    Object.assign(this.#self(), { address, port });
  }

  primaryOfSelf(): { address: string; port: number } | undefined {
    const { primaryId } = this.#self();
    return primaryId === undefined ? undefined : this.view.members.get(primaryId);
  }

  answer([verb, ...args]: string[]): unknown {
    switch (verb!.toUpperCase()) {
      case 'MYID':
        return this.selfId;
      case 'NODES':
        return [...this.view.members.values()].map((member) => this.#line(member)).join('');
      case 'INFO':
        return this.#info();
      case 'FAILOVER':
        return this.#takeOver();
      case 'REPLICATE':
        return this.#replicate(args[0]!);
      case 'FORGET':
        return this.view.members.delete(args[0]!) ? 'OK' : new EngineError(`ERR Unknown node ${args[0]}`);
      case 'MEET':
        this.#meet(args[0]!, Number(args[1]));
        return 'OK';
      case 'BUMPEPOCH':
        this.#self().epoch = ++this.view.epoch;
        return `BUMPED ${this.view.epoch}`;
      case 'SETSLOT':
        return this.#setSlot(Number(args[0]), args[1]!.toUpperCase(), args[2]);
      default:
        return new EngineError(`ERR unknown subcommand '${verb}'. Try CLUSTER HELP.`);
    }
  }

  /** A node that the others have forgotten keeps its last own state. */
  #self(): FakeMember {
    return (this.#own = this.view.members.get(this.selfId) ?? this.#own);
  }

  #takeOver(): unknown {
    const self = this.#self();
    const oldId = self.primaryId;
    if (oldId === undefined) return new EngineError('ERR You should send CLUSTER FAILOVER to a replica');
    self.primaryId = undefined;
    self.epoch = ++this.view.epoch;
    this.view.owners.forEach((owner, slot) => {
      if (owner === oldId) this.view.owners[slot] = this.selfId;
    });
    for (const member of this.view.members.values()) {
      if (member.id === oldId || member.primaryId === oldId) member.primaryId = this.selfId;
    }
    return 'OK';
  }

  #replicate(primaryId: string): unknown {
    if (!this.view.members.has(primaryId)) return new EngineError(`ERR Unknown node ${primaryId}`);
    if (this.view.owners.includes(this.selfId)) {
      return new EngineError('ERR To set a master the node must be empty and without assigned slots.');
    }
    this.#self().primaryId = primaryId;
    return 'OK';
  }

  #setSlot(slot: number, what: string, id: string | undefined): unknown {
    const key = `${this.selfId} ${slot}`;
    this.view.migrating.delete(key);
    this.view.importing.delete(key);
    if (what === 'NODE') this.view.owners[slot] = id;
    if (what === 'MIGRATING') this.view.migrating.set(key, id!);
    if (what === 'IMPORTING') this.view.importing.set(key, id!);
    return 'OK';
  }

  #line(member: FakeMember): string {
    const live = this.#isLive(member.address, member.port);
    const flags = [
      ...(member.id === this.selfId ? ['myself'] : []),
      member.primaryId === undefined ? 'master' : 'slave',
      ...(live ? [] : ['fail']),
    ];
    const endpoint = `${member.address}:${member.port}@${this.view.busPort}`;
    const link = live ? 'connected' : 'disconnected';
    const head = [member.id, endpoint, flags.join(','), member.primaryId ?? '-', 0, 0, member.epoch, link];
    return `${[...head, ...this.#rangesOf(member.id), ...this.#movesOf(member.id)].join(' ')}\n`;
  }

  #rangesOf(id: string): string[] {
    const ranges: string[] = [];
    const { owners } = this.view;
    for (let slot = 0; slot < owners.length; slot++) {
      if (owners[slot] !== id) continue;
      const first = slot;
      while (owners[slot + 1] === id) slot++;
      ranges.push(first === slot ? `${first}` : `${first}-${slot}`);
    }
    return ranges;
  }

  #movesOf(id: string): string[] {
    if (id !== this.selfId) return [];
    const of = (moves: Map<string, string>, arrow: string) =>
      [...moves]
        .filter(([key]) => key.startsWith(id))
        .map(([key, other]) => `[${key.split(' ')[1]}-${arrow}-${other}]`);
    return [...of(this.view.migrating, '>'), ...of(this.view.importing, '<')];
  }

  #info(): string {
    const counts = this.view.slotCounts();
    const total = (ids: string[]) => ids.reduce((sum, id) => sum + counts.get(id)!, 0);
    const live = [...counts.keys()].filter((id) => {
      const member = this.view.members.get(id);
      return member && this.#isLive(member.address, member.port);
    });
    return [
      `cluster_state:${total(live) === 16_384 ? 'ok' : 'fail'}`,
      `cluster_slots_assigned:${total([...counts.keys()])}`,
      `cluster_slots_ok:${total(live)}`,
      `cluster_known_nodes:${this.view.members.size}`,
      `cluster_size:${counts.size}`,
      `cluster_current_epoch:${this.view.epoch}`,
      `cluster_my_epoch:${this.#self().epoch}`,
    ].join('\r\n');
  }
}
