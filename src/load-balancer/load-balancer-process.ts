// Load balancers that run: a process of their own takes the requests (program.ts), so that they do not hold up Millpond's
// event loop. It is started at the first balancer and ends after the last one. If it dies, it is started again with all
// balancers.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { getCompileCacheDir } from 'node:module';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { OperationalError } from '../kernel/errors.ts';
import { STOP_GRACE_MS } from '../kernel/http-server.ts';
import type { Log } from '../kernel/log.ts';
import type { Network } from '../network/network.ts';
import { type Channel, createChannel, type Frame } from './channel.ts';
import type {
  Balancer,
  FunctionReply,
  FunctionTarget,
  ListenerFailure,
  LoadBalancerEvents,
  LoadBalancers,
  TargetHealth,
} from './load-balancers.ts';
import {
  type CountsMessage,
  type DoneMessage,
  decodeInvocation,
  encodeReply,
  FROM_PROCESS,
  type GroupHealth,
  type Hello,
  type LogMessage,
  type ServedCertificate,
  TO_PROCESS,
} from './messages.ts';

/** What balancers need of Millpond. */
export interface LoadBalancersOptions {
  network: Pick<Network, 'kind' | 'inside'>;
  /** What HTTPS listeners serve. Called at each start of the process. */
  certificate(): ServedCertificate;
  log: Log;
}

/** Next to this file, both in a clone and in the bundle. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './program.ts' : './load-balancer.js', import.meta.url),
);
/** The file descriptor of the channel in the process. */
const CHANNEL = 3;
/** AWS: the limit of a function's answer. */
const MOST_ANSWER_BYTES = 1024 * 1024;
/** Answers that wait to be read by the process. Beyond that, they fail. */
const MOST_QUEUED_BYTES = 64 * 1024 * 1024;
/** A process that lived this long has not failed at its start. */
const LIVES_MS = 10_000;
/** After this many deaths in a row, `set` rejects. The process is started at the next change again. */
const MOST_DEATHS = 6;
const FIRST_DELAY_MS = 50;
const MOST_STDERR = 4_000;
const MOST_IN_SENTENCE = 200;

/** A started process. */
interface Running {
  child: ChildProcess;
  channel: Channel;
  startedAt: number;
  stderr: string;
  isLeaving: boolean;
  ended: Promise<void>;
  waiting: Map<number, Waiting>;
}

interface Waiting {
  arn: string;
  done: PromiseWithResolvers<ListenerFailure[]>;
  isRemoval: boolean;
}

/** Nothing is started before the first `set`. */
export function openLoadBalancers(options: LoadBalancersOptions): LoadBalancers {
  return new LoadBalancerProcess(options);
}

class LoadBalancerProcess implements LoadBalancers {
  readonly #network: LoadBalancersOptions['network'];
  readonly #certificate: () => ServedCertificate;
  readonly #log: Log;
  readonly #cookieKey = randomBytes(32).toString('hex');
  readonly #balancers = new Map<string, Balancer>();
  readonly #health = new Map<string, Map<string, TargetHealth>>();
  /** All that have not ended: the current one, and those that finish their answers. */
  readonly #processes = new Set<Running>();
  #current: Running | undefined;
  #events: LoadBalancerEvents | undefined;
  #lastId = 0;
  #deaths = 0;
  #restart: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ network, certificate, log }: LoadBalancersOptions) {
    this.#network = network;
    this.#certificate = certificate;
    this.#log = log.child({ part: 'load-balancers' });
  }

  connect(events: LoadBalancerEvents): void {
    this.#events = events;
  }

  set(balancer: Balancer): Promise<ListenerFailure[]> {
    this.#balancers.set(balancer.arn, balancer);
    this.#forgetHealth();
    const done = Promise.withResolvers<ListenerFailure[]>();
    const running = this.#current ?? this.#start();
    this.#sendSet(running, balancer, done);
    return done.promise;
  }

  async remove(arn: string): Promise<void> {
    this.#balancers.delete(arn);
    this.#forgetHealth();
    const running = this.#current;
    if (!running) return;
    const done = Promise.withResolvers<ListenerFailure[]>();
    const id = this.#nextId();
    running.waiting.set(id, { arn, done, isRemoval: true });
    running.channel.send(TO_PROCESS.remove, id, JSON.stringify({ arn }));
    if (this.#balancers.size === 0) this.#leave(running);
    await done.promise;
  }

  health(targetGroupArn: string): ReadonlyMap<string, TargetHealth> {
    return this.#health.get(targetGroupArn) ?? new Map();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    this.#balancers.clear();
    const running = [...this.#processes];
    for (const { channel, child } of running) {
      channel.send(TO_PROCESS.leave, 0, '');
      child.ref();
    }
    if (this.#current) this.#current.isLeaving = true;
    const impatience = setTimeout(() => {
      for (const { child } of running) child.kill('SIGKILL');
    }, STOP_GRACE_MS);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(impatience);
  }

  #nextId(): number {
    return (this.#lastId = (this.#lastId + 1) >>> 0);
  }

  /** The process ends after its answers in progress; a later balancer gets another one. */
  #leave(running: Running): void {
    running.isLeaving = true;
    this.#current = undefined;
    running.channel.send(TO_PROCESS.leave, 0, '');
  }

  #sendSet(running: Running, balancer: Balancer, done: PromiseWithResolvers<ListenerFailure[]>): void {
    const id = this.#nextId();
    running.waiting.set(id, { arn: balancer.arn, done, isRemoval: false });
    const health: GroupHealth[] = balancer.targetGroups.map(({ arn }) => ({
      targetGroupArn: arn,
      targets: [...this.health(arn)],
    }));
    running.channel.send(TO_PROCESS.set, id, JSON.stringify({ balancer, health }));
  }

  #start(): Running {
    clearTimeout(this.#restart);
    this.#restart = undefined;
    const [program, ...args] = this.#network.inside([
      ...[process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM],
    ] as [string, ...string[]]);
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // It needs nothing of our environment, and must not get credentials.
      env: {
        ...{ PATH: process.env.PATH ?? '', LC_ALL: 'C' },
        ...(getCompileCacheDir() && { NODE_COMPILE_CACHE: getCompileCacheDir() }),
      },
    });
    const ended = Promise.withResolvers<void>();
    const running: Running = {
      ...{ child, startedAt: performance.now(), stderr: '', isLeaving: false, ended: ended.promise },
      channel: createChannel(child.stdio[CHANNEL] as Socket, (frame) => this.#receive(running, frame)),
      waiting: new Map(),
    };
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      running.stderr = (running.stderr + text).slice(-MOST_STDERR);
    });
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    child.once('close', (code, signal) => {
      this.#processes.delete(running);
      ended.resolve();
      this.#hasEnded(running, failure?.message ?? `${signal ?? `exit code ${code}`}`);
    });
    this.#processes.add(running);
    this.#current = running;
    const hello: Hello = {
      ...{ network: this.#network.kind, certificate: this.#certificate(), cookieKey: this.#cookieKey },
    };
    running.channel.send(TO_PROCESS.hello, 0, JSON.stringify(hello));
    return running;
  }

  #hasEnded(running: Running, how: string): void {
    const { waiting, isLeaving, stderr, startedAt } = running;
    for (const { isRemoval, done } of waiting.values()) if (isRemoval) done.resolve([]);
    const sets = [...waiting.values()].filter(({ isRemoval }) => !isRemoval);
    if (isLeaving || this.#isStopped || this.#current !== running) {
      for (const { done } of sets) done.resolve([]);
      return;
    }
    this.#current = undefined;
    this.#deaths = performance.now() - startedAt > LIVES_MS ? 1 : this.#deaths + 1;
    this.#log.error(
      { how, deaths: this.#deaths, stderr },
      'the process that takes the requests of load balancers has ended',
    );
    if (this.#deaths >= MOST_DEATHS) return void this.#giveUp(sets, how, stderr);
    this.#restart = setTimeout(() => this.#startAgain(sets), FIRST_DELAY_MS * (2 ** this.#deaths - 2));
  }

  /** With all balancers; who waited for one still waits. */
  #startAgain(sets: readonly Waiting[]): void {
    if (this.#balancers.size === 0) {
      for (const { done } of sets) done.resolve([]);
      return;
    }
    const running = this.#current ?? this.#start();
    for (const balancer of this.#balancers.values()) {
      const done = Promise.withResolvers<ListenerFailure[]>();
      for (const waiting of sets) {
        if (waiting.arn === balancer.arn) done.promise.then(waiting.done.resolve, waiting.done.reject);
      }
      done.promise.catch(() => {});
      this.#sendSet(running, balancer, done);
    }
    for (const { arn, done } of sets) if (!this.#balancers.has(arn)) done.resolve([]);
  }

  #giveUp(sets: readonly Waiting[], how: string, stderr: string): void {
    this.#deaths = 0;
    const reason = (stderr.trim().split('\n').at(-1) || how).slice(0, MOST_IN_SENTENCE);
    const error = new OperationalError(
      'CommandFailed',
      `Load balancers cannot run here: their process ends when it starts (${reason}).`,
    );
    for (const { done } of sets) done.reject(error);
  }

  #receive(running: Running, { kind, id, payload }: Frame): void {
    if (kind === FROM_PROCESS.invoke) return void this.#invoke(running, id, payload);
    const message: unknown = JSON.parse(payload.toString());
    switch (kind) {
      case FROM_PROCESS.done: {
        const { failures } = message as DoneMessage;
        const waiting = running.waiting.get(id);
        running.waiting.delete(id);
        waiting?.done.resolve([...failures]);
        return;
      }
      case FROM_PROCESS.counts:
        return void this.#events?.counted(message as CountsMessage);
      case FROM_PROCESS.health:
        if (!running.isLeaving) this.#keepHealth(message as GroupHealth);
        return;
      case FROM_PROCESS.log: {
        const { level, fields, message: text } = message as LogMessage;
        return void this.#log[level](fields, text);
      }
    }
  }

  #invoke(running: Running, id: number, payload: Buffer): void {
    const { targetGroupArn, event } = decodeInvocation(payload);
    const target = this.#functionOf(targetGroupArn);
    const reply = (answer: FunctionReply) => {
      const isTooLarge = 'payload' in answer && answer.payload.length > MOST_ANSWER_BYTES;
      const isBehind = running.channel.queuedBytes() > MOST_QUEUED_BYTES;
      const sent: FunctionReply = isTooLarge
        ? { failed: 'tooLarge' }
        : isBehind
          ? { failed: 'internal' }
          : answer;
      running.channel.send(TO_PROCESS.reply, id, encodeReply(sent));
    };
    // The group was changed while the event was on its way.
    if (!target || !this.#events) return void reply({ failed: 'missing' });
    void this.#events.invoke(target, event).then(reply);
  }

  #functionOf(targetGroupArn: string): FunctionTarget | undefined {
    for (const { targetGroups } of this.#balancers.values()) {
      for (const group of targetGroups)
        if (group.arn === targetGroupArn && group.type === 'lambda') return group;
    }
    return undefined;
  }

  #keepHealth({ targetGroupArn, targets }: GroupHealth): void {
    this.#health.set(targetGroupArn, new Map(targets));
    this.#events?.healthChanged(targetGroupArn);
  }

  /** Of groups that no balancer has any more. */
  #forgetHealth(): void {
    const groups = new Set(
      [...this.#balancers.values()].flatMap(({ targetGroups }) => targetGroups.map(({ arn }) => arn)),
    );
    for (const arn of this.#health.keys()) if (!groups.has(arn)) this.#health.delete(arn);
  }
}
