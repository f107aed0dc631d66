// Reconciles every task with its record: observe, plan, act, until the plan is empty. Containers outlive Millpond: the next
// start adopts those that run, and sees the end of those that ended.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import { createReconciler, type Reconciler } from '../../../control/reconciler.ts';
import type { Container } from '../../../machines/containers/containers.ts';
import type { Ecs } from '../context.ts';
import type { Action } from '../domain/action.ts';
import type { Task } from '../domain/model.ts';
import { plan } from '../domain/plan.ts';
import { ALIVE } from '../records.ts';
import type { ContainerLabels } from './container-spec.ts';
import type { LiveContainer } from './live-container.ts';
import { TaskWork, type WorkOptions } from './task-work.ts';

/** Runs tasks in the background. */
export interface Controller {
  /** Finds the containers that earlier Millponds started, and holds the addresses of tasks. Starts nothing. */
  adopt(): Promise<void>;
  /** Begins to run tasks. Call it after `adopt`. */
  begin(): void;
  /** The record was made or has changed. */
  wake(scope: Scope, taskId: string): void;
  live(scope: Scope, taskId: string, container: string): LiveContainer | undefined;
  /** Ends the background work; containers go on. */
  stop(): Promise<void>;
  /** Stops all tasks. Call it after `stop`. Their last output is delivered by the next Millpond. */
  endAll(): Promise<void>;
  /** Resolves when no pass is running. For tests. */
  idle(): Promise<void>;
}

/** What `createController` needs. */
export interface ControllerOptions extends Omit<WorkOptions, 'signal' | 'callees' | 'log'> {
  ecs: Ecs;
}

const keyOf = (scope: Scope, taskId: string): string => `${scopeKey(scope)}/${taskId}`;
/** More than the longest stop timeout. */
const LONGEST_END_MS = 150_000;
const LOOK_EVERY_MS = 1_000;
/** own. Why tasks stop with Millpond. */
const STOPPED_WITH_MILLPOND = 'Millpond was stopped, and its tasks with it.';

/** Does nothing until `adopt`. */
export function createController({ ecs, ...options }: ControllerOptions): Controller {
  const { records, clock, log } = ecs;
  const stopping = new AbortController();
  const works = new Map<string, TaskWork>();
  let isBegun = false;
  let isEnding = false;
  let reconciler: Reconciler = createReconciler({ name: 'tasks', reconcile, log });

  const workOptions: WorkOptions = { ...options, callees: ecs, log, signal: stopping.signal };

  function workOf(scope: Scope, taskId: string): TaskWork {
    const key = keyOf(scope, taskId);
    let work = works.get(key);
    if (!work) {
      work = new TaskWork(workOptions, scope, () => reconciler.wake(key));
      if (isEnding) work.keepOutput();
      works.set(key, work);
    }
    return work;
  }

  async function reconcile(key: string, signal: AbortSignal) {
    const [accountId, region, taskId] = key.split('/') as [string, string, string];
    const scope: Scope = { accountId, region };
    while (!signal.aborted) {
      const task = records.tasks.find(scope, taskId);
      if (!task) return forget(key);
      if (task.lastStatus === 'STOPPED') {
        const isGone = isEnding || (await works.get(key)?.removeLeft(task)) !== false;
        return isGone ? forget(key) : undefined;
      }
      const work = workOf(scope, taskId);
      const now = clock.now();
      const { actions, lookAgainAt } = plan(task, work.observe(task), now);
      let isChanged = false;
      for (const action of actions) {
        act(scope, taskId, work, action);
        isChanged ||= action.do !== 'signal';
      }
      if (!isChanged)
        return lookAgainAt === undefined ? undefined : { lookAgainAfterMs: Math.max(0, lookAgainAt - now) };
    }
    return undefined;
  }

  function act(scope: Scope, taskId: string, work: TaskWork, action: Action): void {
    if (action.do === 'record') ecs.advance(scope, taskId, action.transition);
    else if (action.do === 'signal') work.signal(action.container, action.signal);
    else work.begin(records.tasks.existing(scope, taskId), action);
  }

  function forget(key: string): undefined {
    works.delete(key);
    return undefined;
  }

  function adoptContainer(container: Container): void {
    const labels = container.labels as unknown as ContainerLabels;
    const scope = { accountId: labels.account, region: labels.region };
    const task = records.tasks.find(scope, labels.task);
    const record = task?.containers.find(({ name }) => name === labels.container);
    if (task && record) {
      workOf(scope, task.id).adopt(task, record, container);
      return;
    }
    // Its record was lost.
    container.signal('SIGKILL');
    void container.ended
      .then(() => container.remove())
      .catch((error) => log.warn({ err: error }, 'a container could not be removed'));
  }

  async function allTasks(): Promise<{ scope: Scope; task: Task }[]> {
    const all: { scope: Scope; task: Task }[] = [];
    for await (const batch of records.tasks.everywhere())
      for (const { scope, value } of batch) all.push({ scope, task: value });
    return all;
  }

  return {
    async adopt() {
      const tasks = await allTasks();
      if (tasks.length === 0) return;
      const { addresses, openInterface } = options.networks;
      for (const { task } of tasks) {
        const { address, cidr } = task.network;
        if (task.lastStatus === 'STOPPED' || openInterface || address === undefined) continue;
        if (addresses.owns(address, cidr)) addresses.hold(address);
      }
      for (const container of await (await options.containers()).find()) adoptContainer(container);
    },
    begin() {
      isBegun = true;
      for (const key of works.keys()) reconciler.wake(key);
      for (const { scope, value } of records.tasks.byAnywhere('alive', ALIVE))
        reconciler.wake(keyOf(scope, value.id));
    },
    wake(scope, taskId) {
      if (isBegun) reconciler.wake(keyOf(scope, taskId));
    },
    live: (scope, taskId, container) => works.get(keyOf(scope, taskId))?.live(container),
    idle: () => reconciler.idle(),
    async stop() {
      stopping.abort();
      await reconciler.stop();
      await Promise.all([...works.values()].map((work) => work.stop()));
    },
    async endAll() {
      isEnding = true;
      reconciler = createReconciler({ name: 'tasks that end', reconcile, log });
      for (const work of works.values()) work.keepOutput();
      for (const { scope, value } of records.tasks.byAnywhere('alive', ALIVE)) {
        if (value.desiredStatus === 'RUNNING') {
          ecs.advance(scope, value.id, {
            to: 'stopping',
            code: 'UserInitiated',
            reason: STOPPED_WITH_MILLPOND,
          });
        }
        reconciler.wake(keyOf(scope, value.id));
      }
      const deadline = clock.now() + LONGEST_END_MS;
      while (records.tasks.byAnywhere('alive', ALIVE).length > 0 && clock.now() < deadline) {
        await ecs.changes.next(LOOK_EVERY_MS);
      }
      await reconciler.stop();
    },
  };
}
