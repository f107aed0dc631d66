// Reconciles every group with its record: observe, plan, act, until the plan is empty. Each group has one pass at a
// time. Changes of the record, the fleet and a timer start passes.

import type { Scope } from '../../../../aws/scope.ts';
import { createReconciler, type Reconciler } from '../../../../control/reconciler.ts';
import type { EngineBinary, Fleet } from '../../../../engine/fleet.ts';
import { createTakeOvers } from '../../../../engine/resharding/index.ts';
import { OperationalError } from '../../../../kernel/errors.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { ElastiCache } from '../../context.ts';
import type { Followers } from '../../feeds/followers.ts';
import { nodeName } from '../../names/domain/endpoint-names.ts';
import type { Action } from '../domain/action.ts';
import { nextGraceMs } from '../domain/drain.ts';
import { type Group, membersOf } from '../domain/model.ts';
import type { Observation, WantedRun } from '../domain/observation.ts';
import { type Plan, plan } from '../domain/plan.ts';
import { isSettled } from '../domain/plan-change.ts';
import type { Transition } from '../domain/transition.ts';
import { act } from './act.ts';
import { moveToOwnAddresses, withNewAddress } from './addresses.ts';
import { fleetKey, parseGroupKey, renderGroupKey } from './members.ts';
import type { Migrations } from './migrations.ts';
import { observeMembers } from './observe.ts';
import { createStartRetries } from './start-retries.ts';
import { createWaitLog } from './wait-log.ts';

/** Reconciles all groups in the background. */
export interface Controller {
  /** Starts a pass over the group soon. */
  wake(scope: Scope, groupId: string): void;
  /** A new observation of the group and its plan, without acting; for `millpond why`. */
  explain(scope: Scope, group: Group): Promise<{ observation: Observation; plan: Plan }>;
  /** Resolves when no pass is running or due at once. */
  idle(): Promise<void>;
  /** Ends the background work. The nodes keep running. */
  stop(): Promise<void>;
}

/** The dependencies of the controller. */
export interface ControllerOptions {
  elasticache: ElastiCache;
  fleet: Fleet;
  /** Feeds, which follow nodes. */
  followers: Followers;
  migrations: Migrations;
  /** How long after the start a cluster's own election may take, in milliseconds. */
  electionMs: number;
  /** See Observation.failureDetectionMs. */
  failureDetectionMs: number;
  log: Log;
}

/** The interval between passes over a settled group, short enough that Describe shows the real state. */
const SETTLED_LOOK_MS = 2_000;
/** The interval once a group has been settled for half a minute. Changes by the engines are still seen within 5 s. */
const LONG_SETTLED_LOOK_MS = 4_000;
const LOOKS_UNTIL_LONG = 15;
const FIRST_LOOK_MS = 4;
const LAST_LOOK_MS = 250;

/** Does nothing until `wake`. */
export function createController(options: ControllerOptions): Controller {
  const { elasticache, fleet, followers, migrations, log } = options;
  const { observations } = elasticache;
  const startedAt = elasticache.clock.now();
  /** Whether the last passes found a group settled, and how many in a row agree on that. */
  const looks = new Map<string, { settled: boolean; count: number }>();
  const lastPlans = new Map<string, string>();
  const waitLog = createWaitLog(log);
  const startRetries = createStartRetries();
  const groupOfNode = new Map<string, string>();

  const reconciler: Reconciler = createReconciler({ name: 'groups', reconcile, log });

  const unsubscribe = fleet.onChange((nodeKey) => {
    const groupKey = groupOfNode.get(nodeKey);
    if (!groupKey) return;
    looks.delete(groupKey);
    reconciler.wake(groupKey);
  });

  async function reconcile(key: string, signal: AbortSignal) {
    const { scope, groupId } = parseGroupKey(key);
    while (!signal.aborted) {
      // Read before the record: a job that ends in between has already updated the record.
      const migrating = migrations.isRunning(key);
      const group = elasticache.records.groups.get(scope, groupId);
      if (!group) return forgetGroup(key);
      for (const member of membersOf(group)) groupOfNode.set(fleetKey(scope, member.id), key);
      const { wanted, binary } = elasticache.wantedRun(scope, group);
      const observation = await observe(scope, group, wanted, migrating);
      const { lists, waits } = plan(group, observation);
      waitLog.report(key, waits);
      if (lists.length === 0) return { lookAgainAfterMs: pauseOf(key, group, observation) };
      log.debug({ key, plan: lists }, 'acting');
      await carryOut(lists, scope, groupId, wanted, binary);
      // An unchanged plan did not take effect yet: wait before it runs again.
      const text = JSON.stringify(lists);
      if (lastPlans.get(key) === text) return { lookAgainAfterMs: pauseOf(key, group, observation) };
      lastPlans.set(key, text);
      looks.delete(key);
    }
    return undefined;
  }

  async function observe(
    scope: Scope,
    group: Group,
    wanted: WantedRun,
    migrating: boolean,
  ): Promise<Observation> {
    const members = await observeMembers(fleet, scope, group, elasticache.reachIn(scope));
    for (const [memberId, member] of members) {
      observations.note(scope, memberId, member);
      const nodeKey = fleetKey(scope, memberId);
      if (member.view && !member.view.loading) startRetries.reset(nodeKey);
      const wait = startRetries.waitMs(nodeKey);
      if (wait > 0) member.startWaitMs = wait;
    }
    followers.nodesChanged(scope, group.id);
    return {
      at: elasticache.clock.now(),
      members,
      wanted,
      migrating,
      electionUntil: group.clusterEnabled && group.shards.length > 2 ? startedAt + options.electionMs : 0,
      demotedGraceMs: elasticache.options.demotedGraceMs,
      failureDetectionMs: options.failureDetectionMs,
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
      followers,
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
        for (const action of actions) {
          if (action.do === 'start') startRetries.attempted(fleetKey(scope, action.memberId));
          await act(action, context);
        }
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
    const isElsewhere = failure instanceof OperationalError && failure.code === 'AddressUnavailable';
    if (group && isElsewhere && moveToOwnAddresses(elasticache, fleet, scope, group)) return;
    throw failure;
  }

  /** The time until the next pass. While something is under way, passes are frequent at first and then slow down. */
  function pauseOf(key: string, group: Group, observation: Observation): number {
    const settled = !group.change && isSettled(group, observation);
    const before = looks.get(key);
    const count = before?.settled === settled ? before.count + 1 : 1;
    looks.set(key, { settled, count });
    if (settled) {
      lastPlans.delete(key);
      return count < LOOKS_UNTIL_LONG ? SETTLED_LOOK_MS : LONG_SETTLED_LOOK_MS;
    }
    const { at, demotedGraceMs } = observation;
    const pause = Math.min(FIRST_LOOK_MS * 1.5 ** (count - 1), LAST_LOOK_MS);
    return Math.min(pause, nextGraceMs(group, at, demotedGraceMs) ?? pause);
  }

  function forgetGroup(key: string): undefined {
    looks.delete(key);
    lastPlans.delete(key);
    waitLog.forget(key);
    for (const [nodeKey, groupKey] of groupOfNode) {
      if (groupKey !== key) continue;
      groupOfNode.delete(nodeKey);
      observations.forget(nodeKey);
      startRetries.reset(nodeKey);
    }
    return undefined;
  }

  return {
    wake(scope, groupId) {
      const key = renderGroupKey(scope, groupId);
      looks.delete(key);
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

/** True when the host lacks what a node needs. A retry does not help a group that never ran. */
const isHostFailure = (error: OperationalError): boolean =>
  error.code === 'DiskFull' ||
  error.code === 'AddressInUse' ||
  error.code === 'EngineFailed' ||
  error.code === 'EngineMissing';
