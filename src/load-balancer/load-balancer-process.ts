// Load balancers that run: a process of their own takes the requests (program.ts), so that they do not hold up Millpond's
// event loop. It is started at the first balancer and ends after the last one. If it dies, it is started again with all
// balancers.

import { randomBytes } from 'node:crypto';
import type { Frame } from '../kernel/channel.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { causeOf, Deaths } from '../kernel/own-program.ts';
import type { Network } from '../network/network.ts';
import type {
  Balancer,
  ListenerFailure,
  LoadBalancerEvents,
  LoadBalancers,
  TargetHealth,
} from './load-balancers.ts';
import {
  type CountsMessage,
  decodeInvocation,
  FROM_PROCESS,
  type GroupHealth,
  type LogMessage,
  type ServedCertificate,
} from './messages.ts';
import { type Ended, RunningProcess, type UnansweredSet } from './running-process.ts';

/** What balancers need of Millpond. */
export interface LoadBalancersOptions {
  network: Pick<Network, 'kind' | 'inside'>;
  /** What HTTPS listeners serve. Called at each start of the process. */
  certificate(): ServedCertificate;
  log: Log;
}

/** Nothing is started before the first `set`. */
export const openLoadBalancers = (options: LoadBalancersOptions): LoadBalancers =>
  new LoadBalancerProcess(options);

class LoadBalancerProcess implements LoadBalancers {
  readonly #options: LoadBalancersOptions;
  readonly #log: Log;
  readonly #cookieKey = randomBytes(32).toString('hex');
  readonly #balancers = new Map<string, Balancer>();
  readonly #health = new Map<string, Map<string, TargetHealth>>();
  /** All that have not ended: the current one, and those that finish their answers. */
  readonly #processes = new Set<RunningProcess>();
  #current: RunningProcess | undefined;
  #events: LoadBalancerEvents | undefined;
  readonly #deaths = new Deaths();
  /** The process is started again when this fires, for those who wait. */
  #restart: { timer: NodeJS.Timeout; unanswered: readonly UnansweredSet[] } | undefined;
  #isStopped = false;

  constructor(options: LoadBalancersOptions) {
    this.#options = options;
    this.#log = options.log.child({ part: 'load-balancers' });
  }

  connect(events: LoadBalancerEvents): void {
    this.#events = events;
  }

  async set(balancer: Balancer): Promise<ListenerFailure[]> {
    if (this.#isStopped) return [];
    this.#balancers.set(balancer.arn, balancer);
    this.#groupsChanged();
    const done = Promise.withResolvers<ListenerFailure[]>();
    if (this.#current) this.#current.set(balancer, this.#healthOf(balancer), done);
    else this.#startAll([{ arn: balancer.arn, done }]);
    return await done.promise;
  }

  async remove(arn: string): Promise<void> {
    this.#balancers.delete(arn);
    this.#groupsChanged();
    const running = this.#current;
    const removed = running?.remove(arn);
    if (this.#balancers.size === 0) {
      // It ends after its answers in progress; a later balancer gets another process.
      running?.leave();
      this.#current = undefined;
    }
    await removed;
  }

  health(targetGroupArn: string): ReadonlyMap<string, TargetHealth> {
    return this.#health.get(targetGroupArn) ?? new Map();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#balancers.clear();
    // Answers those who wait for a start.
    this.#startAll([]);
    await Promise.all([...this.#processes].map((each) => each.stop()));
  }

  /** With all balancers. Answers those who wait, also those of a process that has ended. */
  #startAll(waiting: readonly UnansweredSet[]): void {
    clearTimeout(this.#restart?.timer);
    const all = [...(this.#restart?.unanswered ?? []), ...waiting];
    this.#restart = undefined;
    for (const { arn, done } of all) if (!this.#balancers.has(arn)) done.resolve([]);
    if (this.#balancers.size === 0) return;
    const running = this.#start();
    for (const balancer of this.#balancers.values()) {
      const done = Promise.withResolvers<ListenerFailure[]>();
      for (const each of all) {
        if (each.arn === balancer.arn) done.promise.then(each.done.resolve, each.done.reject);
      }
      done.promise.catch(() => {});
      running.set(balancer, this.#healthOf(balancer), done);
    }
  }

  #start(): RunningProcess {
    const { network, certificate } = this.#options;
    const hello = { network: network.kind, certificate: certificate(), cookieKey: this.#cookieKey };
    const running = new RunningProcess(network.inside, hello, (frame, from) => this.#receive(frame, from));
    this.#processes.add(running);
    this.#current = running;
    void running.ended.then((ended) => {
      this.#processes.delete(running);
      this.#hasEnded(running, ended);
    });
    return running;
  }

  /** `set` rejects after several deaths in a row. The process is started again nevertheless. */
  #hasEnded(running: RunningProcess, end: Ended): void {
    const { how, errors, unanswered } = end;
    if (running.isLeaving || this.#isStopped) {
      for (const { done } of unanswered) done.resolve([]);
      return;
    }
    this.#current = undefined;
    const delayMs = this.#deaths.note(end);
    this.#log.error(
      { how, errors, deathsInARow: this.#deaths.inARow },
      'the process of load balancers has ended',
    );
    const goesOn = !this.#deaths.areTooMany;
    this.#restart = {
      timer: setTimeout(() => this.#startAll([]), delayMs),
      unanswered: goesOn ? unanswered : [],
    };
    if (goesOn) return;
    const sentence = `Load balancers cannot run here: their process ends when it starts (${causeOf(end)}).`;
    for (const { done } of unanswered) done.reject(new OperationalError('CommandFailed', sentence));
  }

  #receive({ kind, id, payload }: Frame, from: RunningProcess): void {
    if (kind === FROM_PROCESS.invoke) return void this.#invoke(id, payload, from);
    const message: unknown = JSON.parse(payload.toString());
    switch (kind) {
      case FROM_PROCESS.counts:
        return void this.#events?.counted(message as CountsMessage);
      case FROM_PROCESS.health:
        if (!from.isLeaving) this.#keepHealth(message as GroupHealth);
        return;
      case FROM_PROCESS.log: {
        const { level, fields, message: text } = message as LogMessage;
        return void this.#log[level](fields, text);
      }
    }
  }

  #invoke(id: number, payload: Buffer, from: RunningProcess): void {
    if (!this.#events) return void from.reply(id, { failed: 'internal' });
    const { target, event } = decodeInvocation(payload);
    void this.#events.invoke(target, event).then((reply) => from.reply(id, reply));
  }

  #keepHealth({ targetGroupArn, targets }: GroupHealth): void {
    this.#health.set(targetGroupArn, new Map(targets));
    this.#events?.healthChanged(targetGroupArn);
  }

  #healthOf({ targetGroups }: Balancer): GroupHealth[] {
    return targetGroups.map(({ arn }) => ({ targetGroupArn: arn, targets: [...this.health(arn)] }));
  }

  #groupsChanged(): void {
    const groups = [...this.#balancers.values()].flatMap(({ targetGroups }) => targetGroups);
    const arns = new Set(groups.map(({ arn }) => arn));
    for (const arn of this.#health.keys()) if (!arns.has(arn)) this.#health.delete(arn);
  }
}
