// Reconciles every instance that has a machine with its record: observe, plan, act, until the plan is empty. Instances
// outlive Millpond: the next start adopts those that run, and boots those again that ended with the host.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import { createReconciler, type Reconciler } from '../../../control/reconciler.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Instance } from '../../../machines/instances/instances.ts';
import type { Store } from '../../../store/store.ts';
import type { InstanceRecord } from '../model.ts';
import type { Records } from '../records.ts';
import type { InterfaceFacts } from './machine-network.ts';
import { holdAddress } from './machine-network.ts';
import { MachineWork, type WorkOptions } from './machine-work.ts';
import type { Action } from './observation.ts';
import { plan } from './plan.ts';
import { advance, type Transition } from './transition.ts';

/** Runs instances in the background. */
export interface Controller {
  /** Finds the instances that earlier Millponds started, and holds the addresses of all. Starts nothing. */
  adopt(): Promise<void>;
  /** Begins to run instances. Call it after `adopt`. */
  begin(): void;
  /** The record was made or has changed. */
  wake(scope: Scope, instanceId: string): void;
  /** Something that several instances go by may have changed. */
  wakeAll(): void;
  /** The running machine of an instance. */
  live(scope: Scope, instanceId: string): Instance | undefined;
  /** Why nothing is done with an instance now, for people. */
  waits(scope: Scope, instance: InstanceRecord): string | undefined;
  /** Ends the background work; instances go on. */
  stop(): Promise<void>;
  /** Ends the programs of all instances; the next Millpond boots them. Call it after `stop`. */
  endAll(): Promise<void>;
  /** Resolves when no pass is running. For tests. */
  idle(): Promise<void>;
}

/** What `createController` needs. */
export interface ControllerOptions extends WorkOptions {
  store: Store;
  records: Pick<Records, 'instances' | 'addresses'>;
  clock: Clock;
  /** Called after each change of a record. */
  changed(): void;
}

/** What the interface of an instance should go by. */
function interfaceOf(
  { addresses }: Pick<Records, 'addresses'>,
  scope: Scope,
  { instanceId, groupIds, publicIp }: InstanceRecord,
): InterfaceFacts {
  const hasElastic = addresses.countBy(scope, 'instance', instanceId) > 0;
  return { securityGroupIds: groupIds, hasPublicAddress: publicIp !== undefined || hasElastic };
}

/** The labels of a machine. */
export interface MachineLabels {
  account: string;
  region: string;
  boot: string;
}

const keyOf = (scope: Scope, instanceId: string): string => `${scopeKey(scope)}/${instanceId}`;

/** Does nothing until `adopt`. */
export function createController(options: ControllerOptions): Controller {
  const { store, records, clock, log } = options;
  const works = new Map<string, MachineWork>();
  let isBegun = false;
  const reconciler: Reconciler = createReconciler({ name: 'instances', reconcile, log });

  function workOf(scope: Scope, instanceId: string): MachineWork {
    const key = keyOf(scope, instanceId);
    let work = works.get(key);
    if (!work) {
      work = new MachineWork(options, scope, () => isBegun && reconciler.wake(key));
      works.set(key, work);
    }
    return work;
  }

  async function reconcile(key: string, signal: AbortSignal): Promise<undefined> {
    const [accountId, region, instanceId] = key.split('/') as [string, string, string];
    const scope: Scope = { accountId, region };
    while (!signal.aborted) {
      const instance = records.instances.find(scope, instanceId);
      if (!instance?.machine || instance.state === 'stopped' || instance.state === 'terminated') {
        works.delete(key);
        return;
      }
      const work = workOf(scope, instanceId);
      const { actions } = plan(instance, work.observe(interfaceOf(records, scope, instance)));
      if (actions.length === 0) return;
      for (const action of actions) act(scope, instance, work, action);
      // Work that was begun wakes the key when it is done.
      if (actions.every((action) => action.do === 'begin')) return;
    }
  }

  function act(scope: Scope, instance: InstanceRecord, work: MachineWork, action: Action): void {
    if (action.do === 'begin') work.begin(instance, action);
    else if (action.do === 'changeInterface') work.changeInterface(interfaceOf(records, scope, instance));
    else advanceRecord(scope, instance.instanceId, action.transition);
  }

  function advanceRecord(scope: Scope, instanceId: string, transition: Transition): void {
    store.transaction(() => {
      const before = records.instances.find(scope, instanceId);
      if (before?.machine) records.instances.put(scope, advance(before, transition, clock.now()));
    });
    log.debug({ instance: instanceId, transition }, 'an instance has changed');
    options.changed();
  }

  function adoptInstance(instance: Instance): void {
    const labels = instance.labels as unknown as MachineLabels;
    const scope = { accountId: labels.account, region: labels.region };
    const record = records.instances.find(scope, instance.id);
    if (record?.machine && record.state !== 'terminated') {
      workOf(scope, instance.id).adopt(instance, Number(labels.boot));
      return;
    }
    // Its record was lost.
    void instance.stop(0).catch((error) => log.warn({ err: error }, 'an instance could not be ended'));
  }

  async function alive(): Promise<{ scope: Scope; value: InstanceRecord }[]> {
    return records.instances.byAnywhere('alive', 'yes').filter(({ value }) => value.machine);
  }

  return {
    async adopt() {
      const all = await alive();
      for (const { value } of all) holdAddress(options.networks, value);
      // Instances without records are ended, too, wherever some were booted.
      if (!(await anyMachine())) return;
      const instances = await options.instances();
      for (const instance of await instances.find()) adoptInstance(instance);
      // Before any other instance can boot, so that none of its files are taken for those of a lost one.
      await instances
        .prune(new Set(all.map(({ value }) => value.instanceId)))
        .catch((error) => log.warn({ err: error }, 'files of lost instances could not be deleted'));
    },
    begin() {
      isBegun = true;
      void alive().then((all) => {
        for (const { scope, value } of all) reconciler.wake(keyOf(scope, value.instanceId));
      });
    },
    wake(scope, instanceId) {
      if (isBegun) reconciler.wake(keyOf(scope, instanceId));
    },
    wakeAll() {
      if (!isBegun) return;
      options.changed();
      for (const key of works.keys()) reconciler.wake(key);
    },
    live: (scope, instanceId) => works.get(keyOf(scope, instanceId))?.live,
    waits(scope, instance) {
      if (!instance.machine) return undefined;
      return plan(instance, workOf(scope, instance.instanceId).observe(interfaceOf(records, scope, instance)))
        .waits;
    },
    idle: () => reconciler.idle(),
    async stop() {
      await reconciler.stop();
      await Promise.all([...works.values()].map((work) => work.idle()));
    },
    async endAll() {
      await Promise.all([...works.values()].map((work) => work.end()));
      for (const { scope, value } of await alive()) {
        const isUp = value.state === 'running' || value.state === 'pending';
        if (isUp) advanceRecord(scope, value.instanceId, { to: 'lost' });
      }
    },
  };

  async function anyMachine(): Promise<boolean> {
    for await (const batch of records.instances.everywhere())
      if (batch.some(({ value }) => value.machine)) return true;
    return false;
  }
}
