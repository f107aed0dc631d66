// Brings balancers to their records: gives each its configuration after every change, and again at every start. Records
// are written first, so that a change that a kill interrupts is carried out by the next start.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { ListenerFailure, LoadBalancers } from '../../load-balancer/load-balancers.ts';
import type { HeldAddresses } from '../../network/held-addresses.ts';
import type { Enforcement, Network } from '../../network/network.ts';
import type { Store } from '../../store/store.ts';
import type { BalancerNames } from './balancer-names.ts';
import { configurationOf } from './configuration.ts';
import { arnOf, balancerIdOf } from './domain/names.ts';
import type { BalancerRecord, Place, Records } from './records.ts';

/** Carries changes of records out. No method rejects: failures are logged, and shown as the state of the balancer. */
export interface Balancing {
  /** Call it after each change of the balancer, its listeners or their rules. Resolves when it is in effect. */
  changed(scope: Scope, balancerId: string): Promise<void>;
  /** Call it after each change of the target group. */
  targetsChanged(scope: Scope, targetGroupId: string): Promise<void>;
  /** Call it after the records of the balancer are deleted. */
  deleted(scope: Scope, balancer: BalancerRecord): Promise<void>;
  /** Call it when nothing is at these addresses of a balancer any more. */
  left(places: readonly Place[]): Promise<void>;
  /** Why the balancer does not work. */
  failureOf(scope: Scope, balancerId: string): string | undefined;
  /** Why balancers do not work, and listeners do not listen at their ports: a sentence each. */
  notices(): string[];
  /** Gives every balancer its configuration. */
  begin(): Promise<void>;
}

/** What `createBalancing` needs. */
export interface BalancingDependencies {
  records: Records;
  store: Store;
  log: Log;
  loadBalancers: Pick<LoadBalancers, 'set' | 'remove'>;
  network: Pick<Network, 'ensure' | 'withdraw'>;
  addresses: HeldAddresses;
  enforcement: Pick<Enforcement, 'setNodes'> | undefined;
  names: BalancerNames;
}

/** Does nothing until it is called. */
export function createBalancing(dependencies: BalancingDependencies): Balancing {
  const { records, store, log, loadBalancers, network, addresses, enforcement, names } = dependencies;
  /** By scope and id: the work in progress, and the work after it. */
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();
  const failures = new Map<string, string>();
  const notListening = new Map<string, readonly ListenerFailure[]>();
  const keyOf = (scope: Scope, id: string) => `${scopeKey(scope)} ${id}`;

  /** One after the other; all changes during one configuration are in effect after the next one. */
  function changed(scope: Scope, id: string): Promise<void> {
    const key = keyOf(scope, id);
    const planned = waiting.get(key);
    if (planned) return planned;
    const begun = (running.get(key) ?? Promise.resolve()).then(() => {
      running.set(key, waiting.get(key)!);
      waiting.delete(key);
    });
    const work = begun.then(() => configure(scope, id, key));
    void work.then(() => running.get(key) === work && running.delete(key));
    waiting.set(key, work);
    return work;
  }

  async function configure(scope: Scope, id: string, key: string): Promise<void> {
    const balancer = records.balancers.find(scope, id);
    const arn = arnOf('balancer', scope, id);
    try {
      if (!balancer) {
        failures.delete(key);
        notListening.delete(key);
        await loadBalancers.remove(arn);
        return;
      }
      for (const { address } of balancer.places) await network.ensure(address);
      enforcement?.setNodes(arn, nodePlaces(balancer));
      const notHeard = await loadBalancers.set(configurationOf(records, scope, balancer));
      failures.delete(key);
      notListening.set(key, notHeard);
      for (const { listenerArn, reason } of notHeard) log.warn({ listener: listenerArn }, reason);
      if (!balancer.isActive) {
        store.transaction(() => {
          const current = records.balancers.find(scope, id);
          if (current) records.balancers.put(scope, { ...current, isActive: true });
        });
      }
    } catch (error) {
      log.warn({ err: error, balancer: arn }, 'a load balancer could not be set up');
      failures.set(
        key,
        error instanceof OperationalError ? error.message : 'An internal error; the log has more.',
      );
    }
  }

  /** AWS: the addresses of a balancer do not change. Here they do when the network of the nodes is another one. */
  function moved(scope: Scope, balancer: BalancerRecord): void {
    if (balancer.places.every(({ address, cidr }) => addresses.owns(address, cidr))) return;
    const places = balancer.places.map((place) => {
      if (addresses.owns(place.address, place.cidr)) return place;
      addresses.release(place.address);
      return { ...place, address: addresses.take(place.cidr) };
    });
    records.balancers.put(scope, { ...balancer, places });
    names.publish(scope, { ...balancer, places });
  }

  async function left(places: readonly Place[]): Promise<void> {
    for (const { address } of places) {
      try {
        await network.withdraw?.(address);
      } catch (error) {
        log.warn({ err: error, address }, 'an address could not be given back');
      }
      addresses.release(address);
    }
  }

  return {
    changed,
    async targetsChanged(scope, targetGroupId) {
      const rules = records.rules.by(scope, 'targetGroup', targetGroupId);
      const ids = new Set(rules.map(({ id }) => balancerIdOf(id)));
      await Promise.all([...ids].map((id) => changed(scope, id)));
    },
    async deleted(scope, balancer) {
      names.withdraw(scope, balancer);
      await changed(scope, balancer.id);
      enforcement?.setNodes(arnOf('balancer', scope, balancer.id), []);
      await left(balancer.places);
    },
    left,
    failureOf: (scope, id) => failures.get(keyOf(scope, id)),
    notices: () => {
      const about = (key: string, reason: string) => `Load balancer ${key.split('/').at(-2)}: ${reason}`;
      return [
        ...[...failures].map(([key, reason]) => about(key, reason)),
        ...[...notListening].flatMap(([key, all]) => all.map(({ reason }) => about(key, reason))),
      ];
    },
    async begin() {
      for await (const batch of records.balancers.everywhere()) {
        for (const { scope, value } of batch) {
          try {
            moved(scope, value);
          } catch (error) {
            log.warn({ err: error, balancer: value.id }, 'a load balancer has no address');
          }
          await changed(scope, value.id);
        }
      }
    },
  };
}

const nodePlaces = ({ places, securityGroupIds }: BalancerRecord) =>
  places.map(({ address, subnetId }) => ({ address, subnetId, securityGroupIds }));
