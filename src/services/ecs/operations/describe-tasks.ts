// DescribeTasks, ListTasks and StopTask.

import type { Failure, Task as ShownTask } from '@aws-sdk/client-ecs';
import type { Scope } from '../../../aws/scope.ts';
import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import type { Ecs } from '../context.ts';
import { clusterName, taskArn, taskId } from '../domain/identifiers.ts';
import { invalidParameter, taskNotFound } from '../faults.ts';
import { pageRequest, taskPages } from '../paging.ts';
import { activeCluster } from '../records.ts';
import type { Operation } from '../sdk.ts';
import { viewTask } from '../view.ts';

const MOST_DESCRIBED = 100;

/**
 * Tasks that are not there are failures of the answer. The answer to a waiter is delayed while the tasks change. Throws
 * ClusterNotFoundException, InvalidParameterException.
 */
export const DescribeTasks: Operation<'DescribeTasks'> = async (ecs, input, context) => {
  const { name } = activeCluster(ecs.records, context, clusterName(input.cluster));
  if (input.tasks.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (input.tasks.length > MOST_DESCRIBED)
    throw invalidParameter(`tasks can have at most ${MOST_DESCRIBED} items.`);
  const ids = input.tasks.map(taskId);
  if (context.isWaiter) await untilSettled(ecs, context, ids);
  const tasks: ShownTask[] = [];
  const failures: Failure[] = [];
  for (const id of ids) {
    const task = ecs.records.tasks.find(context, id);
    if (task?.cluster === name) tasks.push(viewTask(context, task, input.include));
    else failures.push({ arn: taskArn(context, name, id), reason: 'MISSING' });
  }
  return { tasks, failures };
};

/** AWS: the tasks that are to run, unless the request asks for stopped ones. Throws ClusterNotFoundException. */
export const ListTasks: Operation<'ListTasks'> = async (ecs, input, context) => {
  const { name } = activeCluster(ecs.records, context, clusterName(input.cluster));
  if (input.serviceName !== undefined && input.startedBy !== undefined) {
    throw invalidParameter('cannot specify serviceName and startedBy in the same request.');
  }
  const { desiredStatus = 'RUNNING', family, startedBy, launchType } = input;
  const isOfOthers = [input.serviceName, input.containerInstance, input.daemonName].some(
    (one) => one !== undefined,
  );
  const { items, token } = await taskPages.ofIndex(ecs.records.tasks, context, 'wanted', {
    ...pageRequest(input),
    prefix: `${name} ${desiredStatus} `,
    wanted: (task) =>
      !isOfOthers &&
      (family === undefined || task.definition.family === family) &&
      (startedBy === undefined || task.startedBy === startedBy) &&
      (launchType === undefined || task.launchType === launchType),
  });
  return {
    taskArns: items.map(({ value }) => taskArn(context, name, value.id)),
    ...(token !== undefined && { nextToken: token }),
  };
};

/** AWS: stopping a task twice changes nothing. Throws ClusterNotFoundException, InvalidParameterException. */
export const StopTask: Operation<'StopTask'> = (ecs, input, context) => {
  const { name } = activeCluster(ecs.records, context, clusterName(input.cluster));
  const task = ecs.records.tasks.find(context, taskId(input.task));
  if (task?.cluster !== name) throw taskNotFound();
  if (task.desiredStatus === 'STOPPED') return { task: viewTask(context, task) };
  const reason = input.reason || 'Task stopped by user';
  const stopped = ecs.advance(context, task.id, { to: 'stopping', code: 'UserInitiated', reason });
  return { task: viewTask(context, stopped ?? task) };
};

/** Resolves when none of these tasks is starting or ending any more. */
async function untilSettled(
  { records, changes, clock }: Ecs,
  scope: Scope,
  ids: readonly string[],
): Promise<void> {
  const until = clock.now() + WAITER_HOLD_MS;
  const isSettled = (id: string) => {
    const { lastStatus, desiredStatus } = records.tasks.find(scope, id) ?? {};
    return (
      lastStatus === undefined ||
      lastStatus === 'STOPPED' ||
      (lastStatus === 'RUNNING' && desiredStatus === 'RUNNING')
    );
  };
  for (let left = WAITER_HOLD_MS; left > 0 && !ids.every(isSettled); left = until - clock.now())
    await changes.next(left);
}
