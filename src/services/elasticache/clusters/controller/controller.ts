// Makes every group what its record says: observe -> plan -> act, until the plan is empty.
// One pass at a time for a group; woken by API calls (through the record), by the fleet, and by its own clock.

import type { Scope } from '../../../../aws/scope.ts';
import { createReconciler, type Reconciler } from '../../../../control/reconciler.ts';
import type { EngineBinary, Fleet } from '../../../../engine/fleet.ts';
import { createTakeOvers } from '../../../../engine/resharding/index.ts';
import { OperationalError } from '../../../../kernel/errors.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { ElastiCache } from '../../context.ts';
import { nodeName } from '../../names/domain/endpoint-names.ts';
import type { Action } from '../domain/action.ts';
import { nextGraceMs } from '../domain/drain.ts';
import { type Group, membersOf } from '../domain/model.ts';
import type { Observation, WantedRun } from '../domain/observation.ts';
import { type Plan, plan } from '../domain/plan.ts';
import { isSettled } from '../domain/plan-change.ts';
import type { Transition } from '../domain/transition.ts';
import { act } from './act.ts';
import { withNewAddress } from './addresses.ts';
import { fleetKey, parseGroupKey, renderGroupKey } from './members.ts';
import type { Migrations } from './migrations.ts';
import { observeMembers } from './observe.ts';
import { createWaitLog } from './wait-log.ts';

export interface Controller {
  wake(scope: Scope, groupId: string): void;
  /** The group's latest observation and what would be done now; for `millpond why`. */
  explain(scope: Scope, group: Group): Promise<{ observation: Observation; plan: Plan }>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControllerOptions {
  elasticache: ElastiCache;
  fleet: Fleet;
  migrations: Migrations;
  /** How long after start a cluster's own election is given, in milliseconds. */
  electionMs: number;
  log: Log;
}

/** Looks at a settled group: often enough that what Describe says is what is. */
const SETTLED_LOOK_MS = 2_000;
/** Of a group that has been settled for half a minute. What the engines do by themselves is still seen within 5 s. */
const LONG_SETTLED_LOOK_MS = 4_000;
const LOOKS_UNTIL_LONG = 15;
const FIRST_LOOK_MS = 4;
const LAST_LOOK_MS = 250;

export function createController(options: ControllerOptions): Controller {
  const { elasticache, fleet, migrations, log } = options;
  const { observations } = elasticache;
  const startedAt = elasticache.clock.now();
  const pauses = new Map<string, number>();
  /** How often in a row a group was seen to be settled. */
  const settledLooks = new Map<string, number>();
  const lastPlans = new Map<string, string>();
  const waitLog = createWaitLog(log);
  const groupOfNode = new Map<string, string>();

  const reconciler: Reconciler = createReconciler({ name: 'groups', reconcile, log });

  const unsubscribe = fleet.onChange((nodeKey) => {
    const groupKey = groupOfNode.get(nodeKey);
    if (!groupKey) return;
    pauses.delete(groupKey);
    settledLooks.delete(groupKey);
    reconciler.wake(groupKey);
  });

  async function reconcile(key: string, signal: AbortSignal) {
    const { scope, groupId } = parseGroupKey(key);
    while (!signal.aborted) {
      // Asked before the record is read: a job that ends in between has told the record already.
      const migrating = migrations.isRunning(key);
      const group = elasticache.records.groups.get(scope, groupId);
      if (!group) return forgetGroup(key);
      for (const member of membersOf(group)) groupOfNode.set(fleetKey(scope, member.id), key);
      const { wanted, binary } = elasticache.wantedRun(scope, group);
      const observation = await observe(scope, group, wanted, migrating);
      const { lists, waits } = plan(group, observation);
      waitLog.tell(key, waits);
      if (lists.length === 0) return { lookAgainAfterMs: pauseOf(key, group, observation) };
      log.debug({ key, plan: lists }, 'acting');
      await carryOut(lists, scope, groupId, wanted, binary);
      // What did not help at once is given time before it is tried again.
      const text = JSON.stringify(lists);
      if (lastPlans.get(key) === text) return { lookAgainAfterMs: pauseOf(key, group, observation) };
      lastPlans.set(key, text);
      pauses.delete(key);
      settledLooks.delete(key);
    }
    return undefined;
  }

  async function observe(
    scope: Scope,
    group: Group,
    wanted: WantedRun,
    migrating: boolean,
  ): Promise<Observation> {
    const members = await observeMembers(fleet, scope, group);
    for (const [memberId, member] of members) observations.note(scope, memberId, member);
    return {
      at: elasticache.clock.now(),
      members,
      wanted,
      migrating,
      electionUntil: group.clusterEnabled && group.shards.length > 2 ? startedAt + options.electionMs : 0,
      demotedGraceMs: elasticache.options.demotedGraceMs,
    };
  }

  async function carryOut(
    lists: Action[][],
    scope: Scope,
    groupId: string,
    wanted: WantedRun,
    binary: EngineBinary,
  ) {
    const context = {
      fleet,
      scope,
      log,
      wanted,
      binary,
      demotedGraceMs: elasticache.options.demotedGraceMs,
      takeOvers: createTakeOvers(),
      nameOf: (memberId: string) => nodeName(elasticache.endpoints.namingOf(scope), memberId),
      group: () => elasticache.records.groups.get(scope, groupId),
      record: (transition: Transition) =>
        elasticache.groups.advance(scope, groupId, withNewAddress(elasticache, scope, groupId, transition)),
      migrate: () => migrations.begin(scope, groupId),
    };
    const outcomes = await Promise.allSettled(
      lists.map(async (actions) => {
        for (const action of actions) await act(action, context);
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
    if (!failure) return;
    const group = context.group();
    if (group?.change?.kind === 'create' && failure instanceof OperationalError && isHostFailure(failure)) {
      context.record({ kind: 'create-failed', reason: failure.message });
      log.error({ groupId, err: failure }, 'the group cannot be created on this host');
      return;
    }
    throw failure;
  }

  /** Nothing can be done now: when to look again. What is under way is looked at often, and less and less so. */
  function pauseOf(key: string, group: Group, observation: Observation): number {
    if (!group.change && isSettled(group, observation)) {
      pauses.delete(key);
      lastPlans.delete(key);
      const looks = (settledLooks.get(key) ?? 0) + 1;
      settledLooks.set(key, looks);
      return looks < LOOKS_UNTIL_LONG ? SETTLED_LOOK_MS : LONG_SETTLED_LOOK_MS;
    }
    settledLooks.delete(key);
    const { at, demotedGraceMs } = observation;
    const pause = pauses.get(key) ?? FIRST_LOOK_MS;
    pauses.set(key, Math.min(pause * 1.5, LAST_LOOK_MS));
    return Math.min(pause, nextGraceMs(group, at, demotedGraceMs) ?? pause);
  }

  function forgetGroup(key: string): undefined {
    pauses.delete(key);
    settledLooks.delete(key);
    lastPlans.delete(key);
    waitLog.forget(key);
    for (const [nodeKey, groupKey] of groupOfNode) {
      if (groupKey !== key) continue;
      groupOfNode.delete(nodeKey);
      observations.forget(nodeKey);
    }
    return undefined;
  }

  return {
    wake(scope, groupId) {
      const key = renderGroupKey(scope, groupId);
      pauses.delete(key);
      settledLooks.delete(key);
      reconciler.wake(key);
    },
    async explain(scope, group) {
      const { wanted } = elasticache.wantedRun(scope, group);
      const migrating = migrations.isRunning(renderGroupKey(scope, group.id));
      const observation = await observe(scope, group, wanted, migrating);
      return { observation, plan: plan(group, observation) };
    },
    idle: () => reconciler.idle(),
    async stop() {
      unsubscribe();
      await migrations.stop();
      await reconciler.stop();
    },
  };
}

/** The host lacks what a node needs; trying again by itself will not help a group that never ran. */
const isHostFailure = (error: OperationalError): boolean =>
  error.code === 'DiskFull' ||
  error.code === 'AddressInUse' ||
  error.code === 'EngineFailed' ||
  error.code === 'EngineMissing';
