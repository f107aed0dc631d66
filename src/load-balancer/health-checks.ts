// Checks the targets of one group, and reports their health when it changes.

import { checkAddress } from './check-address.ts';
import { functionResponse } from './function-answer.ts';
import { functionEvent } from './function-event.ts';
import { afterCheck, type CheckOutcome, DRAINING, type HealthState, REGISTERING } from './health-rules.ts';
import type { Invocations } from './invocations.ts';
import {
  type AddressTargets,
  type FunctionTarget,
  type HealthCheck,
  type InvokedFunction,
  type TargetGroup,
  type TargetHealth,
  targetKey,
} from './load-balancers.ts';
import type { GroupHealth } from './messages.ts';

/** AWS: the user agent of health checks. */
export const USER_AGENT = 'ELB-HealthChecker/2.0';

interface Checked {
  state: HealthState;
  timer: NodeJS.Timeout | undefined;
  isDraining: boolean;
}

/** What checks need. */
export interface CheckSurroundings {
  invocations: Invocations;
  /** The address from which a target is checked. */
  sourceFor(address: string): string | undefined;
  report(health: GroupHealth): void;
}

/** The health checks of a group. */
export class HealthChecks {
  readonly #surroundings: CheckSurroundings;
  readonly #targets = new Map<string, Checked>();
  #group: TargetGroup;
  /** The same object for as long as its settings are the same. */
  #settings: HealthCheck | undefined;

  constructor(group: TargetGroup, surroundings: CheckSurroundings, known: GroupHealth | undefined) {
    this.#group = group;
    this.#settings = group.healthCheck;
    this.#surroundings = surroundings;
    for (const [key, health] of known?.targets ?? []) {
      const state = { ...REGISTERING, health: health.state === 'draining' ? REGISTERING.health : health };
      this.#targets.set(key, { state, timer: undefined, isDraining: false });
    }
    this.update(group);
  }

  /** Follows the group's targets: a new one is checked at once. */
  update(group: TargetGroup): void {
    const before = JSON.stringify(this.#shown());
    const hasNewCheck = JSON.stringify(group.healthCheck) !== JSON.stringify(this.#settings);
    if (hasNewCheck) this.#settings = group.healthCheck;
    this.#group = group;
    const wanted = targetsOf(group);
    for (const [key, checked] of this.#targets) {
      if (wanted.has(key)) continue;
      clearTimeout(checked.timer);
      this.#targets.delete(key);
    }
    for (const [key, isDraining] of wanted) {
      let checked = this.#targets.get(key);
      if (!checked) this.#targets.set(key, (checked = { state: REGISTERING, timer: undefined, isDraining }));
      // A target that comes back is registered anew.
      if (checked.isDraining && !isDraining) checked.state = REGISTERING;
      checked.isDraining = isDraining;
      if (checked.timer !== undefined && !hasNewCheck) continue;
      clearTimeout(checked.timer);
      this.#check(key, checked);
    }
    if (JSON.stringify(this.#shown()) !== before) this.#report();
  }

  stop(): void {
    for (const { timer } of this.#targets.values()) clearTimeout(timer);
    this.#targets.clear();
  }

  isHealthy(key: string): boolean {
    return this.#targets.get(key)?.state.health.state === 'healthy';
  }

  #check(key: string, checked: Checked): void {
    const check = this.#settings;
    if (!check) return;
    const goesOn = () => this.#targets.get(key) === checked && this.#settings === check;
    // AWS: the time that a check takes does not change when the next one begins.
    checked.timer = setTimeout(() => this.#check(key, checked), check.intervalSeconds * 1_000).unref();
    void this.#outcome(key, check).then((outcome) => {
      if (!goesOn()) return;
      const before = checked.state.health;
      checked.state = afterCheck(checked.state, outcome, check);
      const { health } = checked.state;
      if (health.state !== before.state || health.description !== before.description) this.#report();
    });
  }

  #outcome(key: string, check: HealthCheck): Promise<CheckOutcome> {
    const group = this.#group;
    if (group.type === 'lambda')
      return checkFunction({ ...group, functionArn: key }, check, this.#surroundings.invocations);
    const target = group.targets.find((each) => targetKey(each) === key)!;
    return checkAddress(target, check, this.#surroundings.sourceFor(target.address), USER_AGENT);
  }

  #report(): void {
    this.#surroundings.report({ targetGroupArn: this.#group.arn, targets: this.#shown() });
  }

  #shown(): [string, TargetHealth][] {
    return [...this.#targets].map(([key, { state, isDraining }]) => [
      key,
      isDraining ? DRAINING : state.health,
    ]);
  }
}

/** The keys of the targets, and whether they are draining. */
function targetsOf(group: TargetGroup): Map<string, boolean> {
  if (group.type === 'address') return addressesOf(group);
  return new Map(group.functionArn !== undefined && group.healthCheck ? [[group.functionArn, false]] : []);
}

const addressesOf = ({ targets }: AddressTargets): Map<string, boolean> =>
  new Map(targets.map((target) => [targetKey(target), target.isDraining]));

/** AWS: the event of a health check has no header but the user agent. */
function checkFunction(
  group: FunctionTarget & InvokedFunction,
  check: HealthCheck,
  invocations: Invocations,
): Promise<CheckOutcome> {
  const { arn: targetGroupArn, functionArn, multiValueHeaders } = group;
  const [path = '/', ...query] = check.path.split('?');
  const event = functionEvent({
    ...{ targetGroupArn, multiValueHeaders, headers: ['user-agent', USER_AGENT], body: Buffer.alloc(0) },
    facts: { method: 'GET', path, query: query.join('?') },
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ is: 'timed out' }), check.timeoutSeconds * 1_000);
    invocations.invoke({ arn: targetGroupArn, functionArn }, event, (reply) => {
      clearTimeout(timer);
      const response = 'payload' in reply ? functionResponse(reply.payload, multiValueHeaders) : undefined;
      resolve(response ? { is: 'answered', status: response.status } : { is: 'failed' });
    });
  });
}
