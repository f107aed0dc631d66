// A group of addresses: which target a request goes to, and the connections to the targets.

import type { Agent as HttpAgent } from 'node:http';
import { type AddressTargets, targetKey } from './load-balancers.ts';

/** A target, with the requests that it is answering. */
export interface Target {
  readonly key: string;
  readonly address: string;
  readonly port: number;
  outstanding: number;
}

/** Idle connections that are kept for each target, and for how long. */
const MOST_IDLE = 64;
const IDLE_MS = 60_000;

/** A group. Its settings and targets may be replaced at any time. */
export class AddressGroup {
  readonly agent: HttpAgent;
  #settings: AddressTargets;
  #targets: Target[] = [];
  readonly #isHealthy: (key: string) => boolean;
  #last = 0;

  constructor(settings: AddressTargets, isHealthy: (key: string) => boolean) {
    this.#settings = settings;
    this.#isHealthy = isHealthy;
    const { Agent } = process.getBuiltinModule(settings.protocol === 'HTTPS' ? 'node:https' : 'node:http');
    // AWS: the certificates of targets are not verified.
    this.agent = new Agent({
      ...{ keepAlive: true, maxFreeSockets: MOST_IDLE, timeout: IDLE_MS, rejectUnauthorized: false },
    });
    this.update(settings);
  }

  get settings(): AddressTargets {
    return this.#settings;
  }

  update(settings: AddressTargets): void {
    this.#settings = settings;
    const before = new Map(this.#targets.map((target) => [target.key, target]));
    this.#targets = settings.targets
      .filter(({ isDraining }) => !isDraining)
      .map((target) => {
        const key = targetKey(target);
        return before.get(key) ?? { key, address: target.address, port: target.port, outstanding: 0 };
      });
  }

  /** Closes idle connections; others close after their answers. `Agent.destroy` would end those, too. */
  close(): void {
    this.agent.maxFreeSockets = 0;
    for (const idle of Object.values(this.agent.freeSockets))
      for (const socket of idle ?? []) socket.destroy();
  }

  get targetCount(): number {
    return this.#targets.length;
  }

  /**
   * The target for a request; `bound`, if it can answer. Undefined when none is registered. AWS: when no target is healthy,
   * requests go to all of them.
   */
  pick(bound: string | undefined): Target | undefined {
    const healthy = this.#targets.filter(({ key }) => this.#isHealthy(key));
    const candidates = healthy.length > 0 ? healthy : this.#targets;
    if (candidates.length === 0) return undefined;
    const found = bound === undefined ? undefined : candidates.find(({ key }) => key === bound);
    if (found) return found;
    this.#last = (this.#last + 1) % candidates.length;
    const inTurn = candidates[this.#last]!;
    if (this.#settings.algorithm === 'round_robin') return inTurn;
    // Of those that are equally busy, the one whose turn it is.
    return candidates.reduce((best, each) => (each.outstanding < best.outstanding ? each : best), inTurn);
  }
}
