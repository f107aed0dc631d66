// The work for one instance: its network, its boots, its end. It does what a plan asks for, and tells what is seen. The
// record is the controller's.

import type { Scope } from '../../../aws/scope.ts';
import { WorkSlot } from '../../../control/work-slot.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Instance, InstanceSpec, Instances } from '../../../machines/instances/instances.ts';
import type { InstanceRecord } from '../model.ts';
import { LiveInstance } from './live-instance.ts';
import {
  freeAddress,
  type InterfaceFacts,
  type MachineNetworks,
  type OpenMachineNetwork,
  openMachineNetwork,
} from './machine-network.ts';
import type { Action, Observation, Run } from './observation.ts';
import type { Turns } from './turns.ts';

/** What the work of all instances shares. */
export interface WorkOptions {
  networks: MachineNetworks;
  instances(): Promise<Instances>;
  /** What an instance boots with. */
  specOf(scope: Scope, instance: InstanceRecord, network: OpenMachineNetwork): Promise<InstanceSpec>;
  /** Limits how many boot at the same time. */
  turns: Turns;
  /** When this host's processes began, in milliseconds since the epoch. */
  hostBeganAt: number;
  log: Log;
}

/** AWS: the guest has minutes. Services that take longer than this are killed. */
const GRACE_MS = 20_000;

/** The work for one instance. */
export class MachineWork {
  readonly #options: WorkOptions;
  readonly #scope: Scope;
  readonly #settled: (error?: unknown) => void;
  readonly #changed: () => void;
  readonly #network = new WorkSlot<OpenMachineNetwork>();
  readonly #release = new WorkSlot<void>();
  #boot = 0;
  #start = new WorkSlot<void>();
  #stop = new WorkSlot<void>();
  #live: LiveInstance | undefined;
  #isAdopted = false;
  /** What the interface goes by since the last change. */
  #facts: InterfaceFacts | undefined;

  /** `changed` is called when there is something new to see. */
  constructor(options: WorkOptions, scope: Scope, changed: () => void) {
    this.#options = options;
    this.#scope = scope;
    this.#changed = changed;
    this.#settled = (error) => {
      if (error !== undefined) options.log.warn({ err: error }, 'a part of an instance could not be done');
      changed();
    };
  }

  /** An instance that an earlier Millpond started, and which runs or has ended. */
  adopt(instance: Instance, boot: number): void {
    this.#boot = boot;
    this.#isAdopted = true;
    this.#live = this.#follow(instance);
  }

  #follow(instance: Instance): LiveInstance {
    const console = async () => (await this.#options.instances()).console(instance.id);
    return new LiveInstance(instance, console, this.#changed);
  }

  get live(): Instance | undefined {
    return this.#live && !this.#live.hasEnded ? this.#live.instance : undefined;
  }

  /** `wanted`: what its interface should go by. */
  observe(wanted: InterfaceFacts): Observation {
    const opened = this.#network.result;
    return {
      network: this.#network.state,
      ...(opened && { place: { address: opened.address, sshPort: opened.sshPort } }),
      isInterfaceStale: opened?.interface !== undefined && !isSame(this.#facts, wanted),
      ...{ boot: this.#boot, run: this.#run(), release: this.#release.state },
    };
  }

  #run(): Run {
    const live = this.#live;
    if (live?.hasEnded) {
      const isLost = this.#isAdopted && live.instance.startedAt < this.#options.hostBeganAt;
      return { is: 'ended', isLost };
    }
    if (live) return { is: 'running', booted: live.booted };
    const { state } = this.#start;
    if (state === 'working') return { is: 'starting' };
    return typeof state === 'object' ? { is: 'failed', reason: state.failed } : { is: 'absent' };
  }

  changeInterface(wanted: InterfaceFacts): void {
    this.#network.result?.interface?.change(wanted);
    this.#facts = wanted;
  }

  /** Begins a piece of work unless it was begun. */
  begin(instance: InstanceRecord, action: Action & { do: 'begin' }): void {
    switch (action.work) {
      case 'network':
        this.#network.begin(() => this.#open(instance), reasonOf, this.#settled);
        break;
      case 'start':
        this.#beginStart(instance);
        break;
      case 'stop':
        this.#stop.begin(() => this.end(instance.machine!.isForced ? 0 : GRACE_MS), reasonOf, this.#settled);
        break;
      case 'release':
        this.#release.begin(() => this.#remove(instance, action.files), reasonOf, this.#settled);
    }
  }

  #open(instance: InstanceRecord): Promise<OpenMachineNetwork> {
    return openMachineNetwork(this.#options.networks, this.#scope, instance, this.live?.pid);
  }

  #beginStart(instance: InstanceRecord): void {
    if (this.#boot !== instance.machine!.boot) {
      this.#boot = instance.machine!.boot;
      this.#live = undefined;
      this.#isAdopted = false;
      this.#start = new WorkSlot();
      this.#stop = new WorkSlot();
    }
    const start = async () => {
      const { instances, specOf, turns } = this.#options;
      await turns.take(async () => {
        const spec = await specOf(this.#scope, instance, this.#network.result!);
        const started = await (await instances()).start(spec);
        this.#live = this.#follow(started);
      });
    };
    this.#start.begin(start, reasonOf, this.#settled);
  }

  /** Ends its programs. */
  async end(graceMs = GRACE_MS): Promise<void> {
    await this.live?.stop(graceMs);
  }

  async #remove(instance: InstanceRecord, files: boolean): Promise<void> {
    const { networks, instances, log } = this.#options;
    await this.#network.result?.close();
    if (!files) return;
    await freeAddress(networks, instance);
    try {
      await (await instances()).remove(instance.instanceId);
    } catch (error) {
      log.warn({ err: error, instance: instance.instanceId }, 'files of an instance could not be deleted');
    }
  }

  /** Resolves when no work is being done. */
  async idle(): Promise<void> {
    await Promise.all([this.#network, this.#start, this.#release].map((slot) => slot.idle()));
  }
}

const isSame = (one: InterfaceFacts | undefined, other: InterfaceFacts): boolean =>
  one?.hasPublicAddress === other.hasPublicAddress &&
  one?.securityGroupIds.join() === other.securityGroupIds.join();

const reasonOf = (error: unknown): string =>
  error instanceof OperationalError || error instanceof Error ? error.message : String(error);
