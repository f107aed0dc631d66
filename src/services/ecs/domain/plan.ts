// Decides what a task needs next, from its record and what is seen of it. It may run at any time, after any crash, any
// number of times. Pure.

import type { Action } from './action.ts';
import { mayStop, readinessOf } from './dependencies.ts';
import type { Task, TaskContainer } from './model.ts';
import type { Observation, SeenContainer, SeenEnd } from './observation.ts';
import type { Transition } from './transition.ts';

/** What to do now. */
export interface Plan {
  /** In order. Empty when there is nothing to do before something changes. */
  actions: Action[];
  /** Why it waits, for people. */
  waits?: string;
  /** When to look again even if nothing changes, in milliseconds since the epoch. */
  lookAgainAt?: number;
}

/** AWS: seconds between the signal and SIGKILL where the definition says nothing. */
export const DEFAULT_STOP_TIMEOUT_S = 30;

const UNSEEN: SeenContainer = {
  ...{ image: 'none', log: 'none', run: { is: 'absent' }, isDrained: true, health: 'UNKNOWN' },
};

/** The plan for a task. */
export function plan(task: Task, seen: Observation, now: number): Plan {
  if (task.lastStatus === 'STOPPED') return { actions: [] };
  const ends = seenEnds(task, seen);
  if (ends.length > 0) return { actions: ends };
  if (task.desiredStatus === 'STOPPED') return planStop(task, seen, now);
  const ended = planForEnd(task);
  if (ended) return record(ended);
  const network = planNetwork(task, seen);
  if (network) return network;
  const health = seenHealth(task, seen);
  if (health.length > 0) return { actions: health };
  if (task.lastStatus === 'RUNNING') return { actions: [], waits: 'its containers run' };
  return planPull(task, seen) ?? planStart(task, seen, now);
}

const record = (transition: Transition): Plan => ({ actions: [{ do: 'record', transition }] });
const seenOf = (seen: Observation, { name }: TaskContainer): SeenContainer =>
  seen.containers.get(name) ?? UNSEEN;

/** A task that cannot start. */
const failed = (reason: string): Plan => record({ to: 'stopping', code: 'TaskFailedToStart', reason });

/** Starts and ends of containers that the record does not have yet. */
function seenEnds(task: Task, seen: Observation): Action[] {
  return task.containers.flatMap((container): Action[] => {
    const { run, isDrained } = seenOf(seen, container);
    if (container.lastStatus === 'STOPPED') return [];
    const started = (at: number, imageDigest: string, stopSignal: string): Action[] =>
      container.startedAt === undefined
        ? [
            {
              do: 'record',
              transition: { to: 'containerStarted', container: container.name, at, imageDigest, stopSignal },
            },
          ]
        : [];
    switch (run.is) {
      case 'running':
        return started(run.startedAt, run.imageDigest, run.stopSignal);
      case 'ended':
        return [
          ...started(run.startedAt, run.imageDigest, 'SIGTERM'),
          // Its last output may say why it has ended.
          ...(isDrained ? [{ do: 'record' as const, transition: endOf(container, run.end) }] : []),
        ];
      case 'absent':
        // It ran, and is not there any more: the machine was restarted, or its files were deleted.
        return container.lastStatus === 'RUNNING'
          ? [{ do: 'record', transition: { to: 'containerEnded', container: container.name } }]
          : [];
      default:
        return [];
    }
  });
}

/** own. On AWS every task has an address of its own. */
const NOT_LISTENING = {
  'in use': 'EADDRINUSE: tasks share the ports of this machine unless they run in subnets',
  'not allowed': 'EACCES: tasks may not listen below port 1024 unless they run in subnets',
} as const;

/** AWS: a container whose memory is used up ends with 137 and this reason. */
function endOf({ name }: TaskContainer, end: SeenEnd): Transition {
  const reason = end.isOutOfMemory
    ? 'OutOfMemoryError: Container killed due to memory usage'
    : end.failure
      ? `CannotStartContainerError: ${end.failure}`
      : end.notListening && end.exitCode !== 0
        ? `${NOT_LISTENING[end.notListening.because]}: ${end.notListening.line}`
        : undefined;
  return {
    ...{ to: 'containerEnded', container: name, at: end.at },
    ...(end.exitCode !== undefined && { exitCode: end.exitCode }),
    ...(reason && { reason }),
  };
}

const ESSENTIAL_EXITED = 'Essential container in task exited';

/** AWS: the end of an essential container ends the task. */
function planForEnd(task: Task): Transition | undefined {
  const ended = task.containers.filter(({ lastStatus }) => lastStatus === 'STOPPED');
  const essential = ended.find(({ definition }) => definition.essential !== false);
  if (!essential && ended.length < task.containers.length) return undefined;
  const first = essential ?? ended[0]!;
  const couldNotStart = first.reason?.startsWith('CannotStartContainerError');
  const notListening = Object.values(NOT_LISTENING).some((words) => first.reason?.startsWith(words));
  return couldNotStart
    ? { to: 'stopping', code: 'TaskFailedToStart', reason: first.reason! }
    : {
        to: 'stopping',
        code: 'EssentialContainerExited',
        reason: `${ESSENTIAL_EXITED}${notListening ? `: ${first.reason}` : ''}`,
      };
}

/** `undefined` when the task has its network. After a restart of Millpond it gets it again. */
function planNetwork(task: Task, seen: Observation): Plan | undefined {
  const { network, address } = seen;
  const hasEnded = task.containers.every((one) => seenOf(seen, one).run.is === 'ended');
  if (network === 'none' && hasEnded) return { actions: [], waits: 'the last output of its containers' };
  if (network === 'none') return { actions: [{ do: 'begin', work: 'network' }] };
  if (network === 'working') return { actions: [], waits: 'its network' };
  if (network !== 'done') {
    // What runs goes on: its interface is there, only Millpond cannot join it.
    return task.lastStatus === 'RUNNING' ? undefined : failed(network.failed);
  }
  if (address !== undefined && task.network.address !== address)
    return record({ to: 'networkReady', address });
  return task.lastStatus === 'PROVISIONING' ? record({ to: 'networkReady', address: address! }) : undefined;
}

const seenHealth = (task: Task, seen: Observation): Action[] =>
  task.containers.flatMap((container): Action[] => {
    const { health, run } = seenOf(seen, container);
    if (run.is !== 'running' || health === container.health) return [];
    // A Millpond that has just started has not checked yet.
    if (health === 'UNKNOWN') return [];
    return [{ do: 'record', transition: { to: 'containerHealth', container: container.name, health } }];
  });

/** Secrets, images and log streams; `undefined` when all that is to be started has them. */
function planPull(task: Task, seen: Observation): Plan | undefined {
  if (task.pullStartedAt === undefined) return record({ to: 'pulling' });
  const missing = task.containers.filter(({ startedAt }) => startedAt === undefined);
  if (missing.length === 0) return undefined;
  if (missing.some(({ definition }) => needsSecrets(definition))) {
    if (seen.secrets === 'none') return { actions: [{ do: 'begin', work: 'secrets' }] };
    if (seen.secrets === 'working') return { actions: [], waits: 'its secrets' };
    if (seen.secrets !== 'done') return failed(seen.secrets.failed);
  }
  return (
    planWork(missing, seen, 'image') ?? planPulled(task, missing, seen) ?? planWork(missing, seen, 'log')
  );
}

const needsSecrets = ({ secrets = [], environmentFiles = [] }: TaskContainer['definition']): boolean =>
  secrets.length + environmentFiles.length > 0;

function planWork(
  containers: readonly TaskContainer[],
  seen: Observation,
  work: 'image' | 'log',
): Plan | undefined {
  const begun: Action[] = [];
  let waits: string | undefined;
  for (const container of containers) {
    const state = seenOf(seen, container)[work];
    if (state === 'none') begun.push({ do: 'begin', work, container: container.name });
    else if (state === 'working') waits = `the ${work} of ${container.name}`;
    else if (state !== 'done') return failedContainer(container, state.failed);
  }
  if (begun.length > 0) return { actions: begun };
  return waits === undefined ? undefined : { actions: [], waits };
}

/** AWS: the reason of a pull is that of the container, too. */
function failedContainer({ name }: TaskContainer, reason: string): Plan {
  const isOfTask = reason.startsWith('ResourceInitializationError');
  return {
    actions: [
      ...(isOfTask ? [] : [ended(name, reason)]),
      { do: 'record', transition: { to: 'stopping', code: 'TaskFailedToStart', reason } },
    ],
  };
}

const ended = (container: string, reason: string): Action => ({
  do: 'record',
  transition: { to: 'containerEnded', container, reason },
});

function planPulled(task: Task, pulled: readonly TaskContainer[], seen: Observation): Plan | undefined {
  if (task.pullStoppedAt !== undefined) return undefined;
  const digests = pulled.map((one) => [one.name, seenOf(seen, one).imageDigest ?? ''] as const);
  return record({ to: 'pulled', digests: Object.fromEntries(digests) });
}

/** Starts the containers whose dependencies allow it. AWS: a task runs once all its containers have started. */
function planStart(task: Task, seen: Observation, now: number): Plan {
  const begun: Action[] = [];
  let waits: string | undefined;
  let lookAgainAt = Number.POSITIVE_INFINITY;
  for (const container of task.containers) {
    if (container.startedAt !== undefined || container.lastStatus === 'STOPPED') continue;
    const { run } = seenOf(seen, container);
    if (run.is === 'failed') return failedContainer(container, run.reason);
    if (run.is === 'starting') {
      waits = `the start of ${container.name}`;
      continue;
    }
    const readiness = readinessOf(container, task.containers, now, (at) => {
      lookAgainAt = Math.min(lookAgainAt, at);
    });
    if (readiness.may === 'never') return failedContainer(container, readiness.because);
    if (readiness.may === 'wait') waits = `${readiness.for}, on which ${container.name} depends`;
    else begun.push({ do: 'begin', work: 'start', container: container.name });
  }
  if (begun.length > 0) return { actions: begun };
  if (waits === undefined) return record({ to: 'running' });
  return { actions: [], waits, ...(Number.isFinite(lookAgainAt) && { lookAgainAt }) };
}

/** Ends the containers, dependants first, and removes what the task has. */
function planStop(task: Task, seen: Observation, now: number): Plan {
  const starting = task.containers.find((one) => seenOf(seen, one).run.is === 'starting');
  const running = task.containers.filter((one) => seenOf(seen, one).run.is === 'running');
  const actions: Action[] = [];
  let lookAgainAt = Number.POSITIVE_INFINITY;
  for (const container of running) {
    const { name, signalledAt, stopSignal = 'SIGTERM', definition } = container;
    if (signalledAt === undefined) {
      if (!mayStop(container, task.containers)) continue;
      actions.push(
        { do: 'record', transition: { to: 'containerSignalled', container: name } },
        { do: 'signal', container: name, signal: stopSignal },
      );
      continue;
    }
    const deadline = signalledAt + (definition.stopTimeout ?? DEFAULT_STOP_TIMEOUT_S) * 1_000;
    if (now >= deadline) actions.push({ do: 'signal', container: name, signal: 'SIGKILL' });
    // A signal may come before the program can receive it: SIGKILL is sent again.
    lookAgainAt = Math.min(lookAgainAt, now >= deadline ? now + KILL_AGAIN_MS : deadline);
  }
  if (running.length > 0 || starting) {
    const waits = starting ? `the start of ${starting.name}` : `the end of ${running[0]!.name}`;
    return { actions, waits, ...(Number.isFinite(lookAgainAt) && { lookAgainAt }) };
  }
  if (seen.network === 'working') return { actions: [], waits: 'its network' };
  const undrained = task.containers.find((one) => !seenOf(seen, one).isDrained);
  if (undrained) return { actions: [], waits: `the last output of ${undrained.name}` };
  if (task.executionStoppedAt === undefined) return record({ to: 'executionStopped' });
  if (seen.release === 'none') return { actions: [{ do: 'begin', work: 'release' }] };
  if (seen.release === 'working') return { actions: [], waits: 'the removal of what it leaves' };
  return record({ to: 'stopped' });
}

const KILL_AGAIN_MS = 1_000;
