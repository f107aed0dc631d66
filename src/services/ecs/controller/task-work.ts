// The work for one task: network, variables, images, log streams, containers. It does what a plan asks for, and tells what
// is seen. The record is the controller's.

import type { Scope } from '../../../aws/scope.ts';
import { WorkSlot } from '../../../control/work-slot.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Container, Containers, Image } from '../../../machines/containers/containers.ts';
import type { Cover } from '../../../machines/machine.ts';
import type { LayerFile } from '../../manifest.ts';
import type { Callees } from '../context.ts';
import type { Action } from '../domain/action.ts';
import { logTarget } from '../domain/log-configuration.ts';
import type { Task, TaskContainer } from '../domain/model.ts';
import type { Observation, Run, SeenContainer, SeenEnd } from '../domain/observation.ts';
import { runtimeId } from '../view.ts';
import { containerSpec, hostNameOf, volumeNames } from './container-spec.ts';
import { prepareImage } from './images.ts';
import { LiveContainer } from './live-container.ts';
import { deliverOutput, openStream } from './log-delivery.ts';
import { cannotConnect, cannotLog, cannotPull, cannotReadSecrets, cannotStart } from './reasons.ts';
import { type FoundVariables, readVariables } from './secrets.ts';
import { closeUnopened, type OpenTaskNetwork, openTaskNetwork, type TaskNetworks } from './task-network.ts';

/** What the work of all tasks shares. */
export interface WorkOptions {
  callees: Callees;
  networks: TaskNetworks;
  containers(): Promise<Containers>;
  /** See ImagesOptions. */
  layerFile?: LayerFile | undefined;
  /** The variables that every container has. */
  environmentOf(scope: Scope): Record<string, string>;
  /** The URL of the API where containers run. */
  apiUrl(): string;
  /** The files that containers have in place of their image's. */
  filesOf(machine: {
    resolver: string | undefined;
    address: string;
    hostName: string;
  }): Promise<readonly Cover[]>;
  log: Log;
  /** Aborts when Millpond stops: containers go on, and nobody reads their output. */
  signal: AbortSignal;
}

interface ContainerWork {
  image: WorkSlot<Image>;
  log: WorkSlot<void>;
  start: WorkSlot<void>;
  live?: LiveContainer;
}

/** The work for one task. */
export class TaskWork {
  readonly #options: WorkOptions;
  readonly #scope: Scope;
  readonly #changed: () => void;
  readonly #settled = (error?: unknown) => {
    if (error !== undefined) this.#options.log.warn({ err: error }, 'a part of a task could not be done');
    this.#changed();
  };
  readonly #network = new WorkSlot<OpenTaskNetwork>();
  readonly #variables = new WorkSlot<FoundVariables>();
  readonly #release = new WorkSlot<void>();
  readonly #containers = new Map<string, ContainerWork>();
  /** Nobody takes the output any more: it stays for the next Millpond. */
  #keepsOutput = false;

  /** `changed` is called when there is something new to see. */
  constructor(options: WorkOptions, scope: Scope, changed: () => void) {
    this.#options = options;
    this.#scope = scope;
    this.#changed = changed;
  }

  /** A container that runs or has ended. */
  adopt(task: Task, record: TaskContainer, container: Container, stopSignal?: string): void {
    const { callees, log, signal } = this.#options;
    const target = logTarget(record.definition.logConfiguration, {
      ...{ container: record.name, taskId: task.id, runtimeId: runtimeId(task, record) },
    });
    const scope = this.#scope;
    this.#of(record.name).live = new LiveContainer(container, {
      ...{ record, changed: this.#changed, stopSignal: stopSignal ?? record.stopSignal },
      deliver: (seen) => deliverOutput(container, { logs: callees.logs, scope, target, seen, log, signal }),
    });
  }

  /** The containers of the task. */
  live(name: string): LiveContainer | undefined {
    return this.#containers.get(name)?.live;
  }

  observe(task: Task): Observation {
    const address = this.#network.result?.address;
    return {
      network: this.#network.state,
      ...(address !== undefined && { address }),
      secrets: this.#variables.state,
      release: this.#release.state,
      containers: new Map(task.containers.map(({ name }) => [name, this.#see(this.#of(name))])),
    };
  }

  /** Whether containers share the network of this host. */
  get #sharesPorts(): boolean {
    return this.#options.networks.openInterface === undefined;
  }

  #see({ image, log, start, live }: ContainerWork): SeenContainer {
    const digest = image.result?.digest ?? live?.container.imageDigest;
    return {
      ...{ image: image.state, log: log.state, run: runOf(start, live, this.#sharesPorts) },
      ...(digest !== undefined && { imageDigest: digest }),
      isDrained: this.#keepsOutput || !live || live.isDrained,
      health: live?.health ?? 'UNKNOWN',
    };
  }

  /** Begins a piece of work unless it was begun. */
  begin(task: Task, action: Action & { do: 'begin' }): void {
    const named = (wanted: string) => task.containers.find(({ name }) => name === wanted)!;
    switch (action.work) {
      case 'network':
        this.#beginNetwork(task);
        break;
      case 'secrets':
        this.#beginSecrets(task);
        break;
      case 'release':
        this.#beginRelease(task);
        break;
      case 'image':
        this.#beginImage(named(action.container));
        break;
      case 'log':
        this.#beginLog(task, named(action.container));
        break;
      case 'start':
        this.#beginStart(task, named(action.container));
    }
  }

  #beginNetwork(task: Task): void {
    const running = [...this.#containers.values()].find(({ live }) => live && !live.end)?.live;
    const open = () => openTaskNetwork(this.#options.networks, this.#scope, task, running?.container.pid);
    this.#network.begin(open, cannotConnect, this.#settled);
  }

  #beginSecrets(task: Task): void {
    const missing = task.containers.filter(({ startedAt }) => startedAt === undefined);
    const read = () => readVariables(this.#options.callees, this.#scope, missing);
    this.#variables.begin(read, cannotReadSecrets, this.#settled);
  }

  #beginImage({ name, definition, imageDigest }: TaskContainer): void {
    const { callees, containers, layerFile } = this.#options;
    const prepare = () =>
      prepareImage({ ecr: callees.ecr, containers, layerFile }, definition.image!, imageDigest);
    this.#of(name).image.begin(prepare, cannotPull, this.#settled);
  }

  #beginLog(task: Task, { name, definition, ...container }: TaskContainer): void {
    const target = logTarget(definition.logConfiguration, {
      ...{ container: name, taskId: task.id, runtimeId: runtimeId(task, container) },
    });
    const open = async () => {
      if (target) await openStream(this.#options.callees.logs, this.#scope, target);
    };
    this.#of(name).log.begin(open, cannotLog, this.#settled);
  }

  #beginStart(task: Task, container: TaskContainer): void {
    this.#of(container.name).start.begin(() => this.#start(task, container), cannotStart, this.#settled);
  }

  async #start(task: Task, container: TaskContainer): Promise<void> {
    const { containers, environmentOf, apiUrl, filesOf } = this.#options;
    const network = this.#network.result!;
    const image = this.#of(container.name).image.result!;
    const { address } = network;
    const covers = await filesOf({
      ...{ resolver: network.interface?.resolver, address, hostName: hostNameOf(this.#scope, address) },
    });
    const spec = containerSpec(container, image, {
      ...{ scope: this.#scope, task, network, covers, apiUrl: apiUrl() },
      environment: environmentOf(this.#scope),
      found: this.#variables.result?.get(container.name) ?? {},
    });
    const started = await (await containers()).start(spec);
    this.adopt(task, container, started, image.defaults.stopSignal);
  }

  signal(name: string, signal: string): void {
    this.live(name)?.container.signal(signal);
  }

  /** Removes what the task leaves. Work that was begun meanwhile has ended: the plan waits for it. */
  #beginRelease(task: Task): void {
    const release = async () => {
      await (this.#network.result
        ? this.#network.result.close()
        : closeUnopened(this.#options.networks, task));
      if (this.#keepsOutput) return;
      await this.#remove(task);
    };
    const failed = (error: unknown) => String(error);
    this.#release.begin(release, failed, this.#settled);
  }

  async #remove(task: Task): Promise<void> {
    const { log } = this.#options;
    try {
      const lives = [...this.#containers.values()].flatMap(({ live }) => live ?? []);
      await Promise.all(lives.map(({ container }) => container.remove()));
      const names = volumeNames(task);
      if (names.length > 0) await (await this.#options.containers()).removeVolumes(names);
    } catch (error) {
      log.warn({ err: error, task: task.id }, 'files of a task could not be deleted');
    }
  }

  /**
   * For a task that has ended: removes what an earlier Millpond left of it, once its output is delivered. Resolves with
   * whether nothing is left; if not, there will be something new to see.
   */
  async removeLeft(task: Task): Promise<boolean> {
    if (this.#release.state !== 'none') return true;
    const lives = [...this.#containers.values()].flatMap(({ live }) => live ?? []);
    for (const { container, end } of lives) if (!end) container.signal('SIGKILL');
    if (lives.some(({ end, isDrained }) => !end || !isDrained)) return false;
    await this.#remove(task);
    return true;
  }

  /** From now on output stays where it is, for the next Millpond. */
  keepOutput(): void {
    this.#keepsOutput = true;
  }

  /** Ends the watching; containers go on. Resolves when no work is being done. */
  async stop(): Promise<void> {
    for (const { live } of this.#containers.values()) live?.unwatch();
    // An image may take minutes; nothing is lost when that work ends with the process.
    const slots = [...this.#containers.values()].flatMap(({ log, start }) => [log, start]);
    await Promise.all([this.#network, this.#variables, this.#release, ...slots].map((slot) => slot.idle()));
  }

  #of(name: string): ContainerWork {
    let work = this.#containers.get(name);
    if (!work) {
      work = { image: new WorkSlot(), log: new WorkSlot(), start: new WorkSlot() };
      this.#containers.set(name, work);
    }
    return work;
  }
}

function runOf(start: WorkSlot<void>, live: LiveContainer | undefined, sharesPorts: boolean): Run {
  if (live) {
    const { startedAt, imageDigest } = live.container;
    return live.end
      ? { is: 'ended', end: endOf(live, sharesPorts), startedAt, imageDigest }
      : { is: 'running', startedAt, imageDigest, stopSignal: live.stopSignal ?? 'SIGTERM' };
  }
  if (start.state === 'working') return { is: 'starting' };
  return typeof start.state === 'object' ? { is: 'failed', reason: start.state.failed } : { is: 'absent' };
}

const endOf = ({ end, notListening }: LiveContainer, sharesPorts: boolean): SeenEnd => ({
  ...end!,
  ...(sharesPorts && notListening && { notListening }),
});
