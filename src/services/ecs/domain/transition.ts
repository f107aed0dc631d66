// Every way in which the record of a task advances. Pure.

import type { TaskStopCode } from '@aws-sdk/client-ecs';
import type { Health, Task, TaskContainer } from './model.ts';

export type Transition =
  | { to: 'networkReady'; address: string }
  | { to: 'pulling' }
  | { to: 'pulled'; digests: Readonly<Record<string, string>> }
  | { to: 'containerStarted'; container: string; at: number; imageDigest: string; stopSignal: string }
  | { to: 'containerSignalled'; container: string }
  /** `at` is absent where nobody knows it. */
  | { to: 'containerEnded'; container: string; at?: number; exitCode?: number; reason?: string }
  | { to: 'containerHealth'; container: string; health: Health }
  | { to: 'running' }
  | { to: 'stopping'; code: TaskStopCode; reason: string }
  | { to: 'executionStopped' }
  | { to: 'stopped' };

/** AWS: the most characters of the reason of a task or a container. */
const MOST_REASON = 1_024;

/** The record after the transition. */
export function advance(task: Task, transition: Transition, now: number): Task {
  const next: Task = { ...task, version: task.version + 1 };
  const change = (name: string, change: Partial<TaskContainer>): Task => ({
    ...next,
    containers: task.containers.map((one) => (one.name === name ? { ...one, ...change } : one)),
  });
  switch (transition.to) {
    case 'networkReady':
      return {
        ...next,
        lastStatus: task.lastStatus === 'PROVISIONING' ? 'PENDING' : task.lastStatus,
        connectedAt: task.connectedAt ?? now,
        network: { ...task.network, address: transition.address },
      };
    case 'pulling':
      return { ...next, pullStartedAt: now };
    case 'pulled':
      return {
        ...next,
        pullStoppedAt: now,
        containers: task.containers.map((one) => ({
          ...one,
          ...(transition.digests[one.name] && { imageDigest: transition.digests[one.name]! }),
        })),
      };
    case 'containerStarted': {
      const { at: startedAt, imageDigest, stopSignal } = transition;
      return change(transition.container, { lastStatus: 'RUNNING', startedAt, imageDigest, stopSignal });
    }
    case 'containerSignalled':
      return change(transition.container, { signalledAt: now });
    case 'containerEnded': {
      const { at: endedAt = now, exitCode, reason } = transition;
      return change(transition.container, {
        ...{ lastStatus: 'STOPPED', endedAt },
        ...(exitCode !== undefined && { exitCode }),
        ...(reason !== undefined && { reason: reason.slice(0, MOST_REASON) }),
      });
    }
    case 'containerHealth':
      return change(transition.container, { health: transition.health });
    case 'running':
      return { ...next, lastStatus: 'RUNNING', startedAt: now };
    case 'stopping':
      return {
        ...next,
        ...{ desiredStatus: 'STOPPED', stoppingAt: now, stopCode: transition.code },
        stoppedReason: transition.reason.slice(0, MOST_REASON),
        lastStatus: 'STOPPING',
      };
    case 'executionStopped':
      return { ...next, lastStatus: 'DEPROVISIONING', executionStoppedAt: now };
    case 'stopped':
      return {
        ...next,
        ...{ lastStatus: 'STOPPED', stoppedAt: now },
        containers: task.containers.map((one) => ({ ...one, lastStatus: 'STOPPED' })),
      };
  }
}
