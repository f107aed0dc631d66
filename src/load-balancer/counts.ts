// Counts what happens, by balancer, zone and target group, and reports it at most once a second. Nothing runs while
// nothing happens.

import type { BalancerCounts } from './load-balancers.ts';

const REPORT_EVERY_MS = 1_000;
/** Times of a group that a report has at most: further ones replace random earlier ones. */
const MOST_TIMES = 1_000;

class Tally {
  sums: Record<string, number> = {};
  times: number[] = [];
  #seen = 0;

  add(metric: string, count: number): void {
    this.sums[metric] = (this.sums[metric] ?? 0) + count;
  }

  addTime(seconds: number): void {
    this.#seen++;
    if (this.times.length < MOST_TIMES) {
      this.times.push(seconds);
      return;
    }
    const place = Math.floor(Math.random() * this.#seen);
    if (place < MOST_TIMES) this.times[place] = seconds;
  }

  get isEmpty(): boolean {
    return this.times.length === 0 && Object.keys(this.sums).length === 0;
  }
}

/** The counts of a balancer in one zone. The methods are AWS's names of metrics. */
export class ZoneCounts {
  readonly balancerArn: string;
  readonly zone: string;
  readonly #changed: () => void;
  #total = new Tally();
  #groups = new Map<string, Tally>();
  #connections = 0;
  #connectionsChanged = false;

  constructor(balancerArn: string, zone: string, changed: () => void) {
    this.balancerArn = balancerArn;
    this.zone = zone;
    this.#changed = changed;
  }

  /** Counts for the balancer alone. */
  add(metric: string, count = 1): void {
    this.#total.add(metric, count);
    this.#changed();
  }

  /** Counts for the target group and for the balancer. */
  addFor(targetGroupArn: string, metric: string, count = 1): void {
    this.#total.add(metric, count);
    this.#group(targetGroupArn).add(metric, count);
    this.#changed();
  }

  /** The time of a target's answer, in seconds. */
  addTime(targetGroupArn: string, seconds: number): void {
    this.#total.addTime(seconds);
    this.#group(targetGroupArn).addTime(seconds);
    this.#changed();
  }

  /** Counts an answer that comes from the balancer itself. */
  addOwnAnswer(status: number): void {
    this.add(`HTTPCode_ELB_${Math.floor(status / 100)}XX_Count`);
    if (status === 500 || status === 502 || status === 503 || status === 504)
      this.add(`HTTPCode_ELB_${status}_Count`);
  }

  /** A connection of a client, or to a target. */
  opened(): void {
    this.#connections++;
    this.#connectionsChanged = true;
    this.add('NewConnectionCount');
  }

  closed(): void {
    this.#connections--;
    this.#connectionsChanged = true;
    this.#changed();
  }

  /** What was counted since the last call. */
  take(): BalancerCounts[] {
    const { balancerArn, zone } = this;
    const total = this.#total;
    const taken: BalancerCounts[] = [];
    if (!total.isEmpty || this.#connectionsChanged) {
      taken.push({
        ...{ balancerArn, zone, sums: total.sums, targetResponseTimes: total.times },
        activeConnections: this.#connections,
      });
    }
    for (const [targetGroupArn, { sums, times }] of this.#groups) {
      taken.push({ balancerArn, zone, targetGroupArn, sums, targetResponseTimes: times });
    }
    this.#total = new Tally();
    this.#groups = new Map();
    this.#connectionsChanged = false;
    return taken;
  }

  #group(arn: string): Tally {
    let tally = this.#groups.get(arn);
    if (!tally) this.#groups.set(arn, (tally = new Tally()));
    return tally;
  }
}

/** The counts of all balancers. */
export class Counts {
  readonly #report: (counts: readonly BalancerCounts[]) => void;
  readonly #zones = new Map<string, ZoneCounts>();
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (counts: readonly BalancerCounts[]) => void) {
    this.#report = report;
  }

  of(balancerArn: string, zone: string): ZoneCounts {
    const key = `${balancerArn} ${zone}`;
    let counts = this.#zones.get(key);
    if (!counts) this.#zones.set(key, (counts = new ZoneCounts(balancerArn, zone, () => this.#changed())));
    return counts;
  }

  /** Reports at once, and forgets the balancer. */
  forget(balancerArn: string): void {
    this.report();
    for (const [key, counts] of this.#zones) if (counts.balancerArn === balancerArn) this.#zones.delete(key);
  }

  report(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counts = [...this.#zones.values()].flatMap((zone) => zone.take());
    if (counts.length > 0) this.#report(counts);
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.report(), REPORT_EVERY_MS).unref();
  }
}
