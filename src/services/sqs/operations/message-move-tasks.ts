// StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask.

import { randomUUID } from 'node:crypto';
import type { Sqs } from '../context.ts';
import type { MoveTask } from '../domain/model.ts';
import { isFifoName, queueArn } from '../domain/queue-names.ts';
import { invalidParameterValue, outsideOf, sourceNotFound, taskNotFound, unsupported } from '../faults.ts';
import { type FoundQueue, findQueueByArn } from '../records.ts';
import type { Operation } from '../sdk.ts';

const MOST_LISTED = 10;
const MOST_PER_SECOND = 500;
/** The most finished tasks that are kept for a queue. */
const MOST_KEPT = 10;

/** One task at a time for a source queue. Throws ResourceNotFound, InvalidParameterValue, UnsupportedOperation. */
export const StartMessageMoveTask: Operation<'StartMessageMoveTask'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: mostPerSecond } = input;
    const { scope, queue } = found(sqs, SourceArn);
    if (DestinationArn !== undefined) {
      const to = found(sqs, DestinationArn);
      if (isFifoName(to.queue.name) !== isFifoName(queue.name)) {
        throw invalidParameterValue('Source queue and destination queue must be of the same type.' /* own */);
      }
    }
    if (SourceArn === DestinationArn)
      throw invalidParameterValue(
        'Source queue arn and destination queue arn must not be the same.' /* own */,
      );
    if (mostPerSecond !== undefined && (mostPerSecond < 1 || mostPerSecond > MOST_PER_SECOND)) {
      throw outsideOf('MaxNumberOfMessagesPerSecond', mostPerSecond, 1, MOST_PER_SECOND);
    }
    if (sqs.records.queues.countBy(scope, 'deadLetterTarget', SourceArn) === 0) {
      throw invalidParameterValue('Source queue must be configured as a Dead Letter Queue.');
    }
    const { moveTasks } = sqs.records;
    if (moveTasks.countBy(context, 'running', SourceArn) > 0) {
      throw unsupported(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    removeOldest(sqs, { scope, queue });
    const task: MoveTask = {
      id: randomUUID(),
      source: SourceArn,
      ...(DestinationArn !== undefined && { destination: DestinationArn }),
      ...(mostPerSecond !== undefined && { mostPerSecond }),
      status: 'RUNNING',
      moved: 0,
      toMove: sqs.mailboxes.counts(scope, queue).visible,
      startedAt: sqs.clock.now(),
    };
    moveTasks.add(scope, task);
    sqs.moveTasks.begin(scope, task);
    return { TaskHandle: handleOf(task) };
  });

/** The tasks of a source queue, newest first. Throws ResourceNotFound, InvalidParameterValue. */
export const ListMessageMoveTasks: Operation<'ListMessageMoveTasks'> = (sqs, input) => {
  const limit = input.MaxResults ?? 1;
  if (limit < 1 || limit > MOST_LISTED) throw outsideOf('MaxResults', limit, 1, MOST_LISTED);
  const { scope } = found(sqs, input.SourceArn);
  return {
    Results: newestFirst(sqs.records.moveTasks.by(scope, 'source', input.SourceArn))
      .slice(0, limit)
      .map((task) => ({
        ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task) }),
        Status: task.status,
        SourceArn: task.source,
        ...(task.destination !== undefined && { DestinationArn: task.destination }),
        ...(task.mostPerSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.mostPerSecond }),
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        ...(task.failure !== undefined && { FailureReason: task.failure }),
        StartedTimestamp: task.startedAt,
      })),
  };
};

/** Messages that were moved stay moved. Throws ResourceNotFound. */
export const CancelMessageMoveTask: Operation<'CancelMessageMoveTask'> = (sqs, input, context) =>
  sqs.store.transaction(() => {
    const id = readHandle(input.TaskHandle);
    const { moved } = sqs.records.moveTasks.change(context, id, (task) => {
      if (task.status !== 'RUNNING') throw taskNotFound();
      return { ...task, status: 'CANCELLING' };
    });
    return { ApproximateNumberOfMessagesMoved: moved };
  });

function found(sqs: Sqs, arn: string): FoundQueue {
  const queue = findQueueByArn(sqs.records, arn);
  if (!queue) throw sourceNotFound();
  return queue;
}

function removeOldest(sqs: Sqs, { scope, queue }: FoundQueue): void {
  const tasks = newestFirst(sqs.records.moveTasks.by(scope, 'source', queueArn(scope, queue.name)));
  for (const { id } of tasks.slice(MOST_KEPT - 1)) sqs.records.moveTasks.remove(scope, id);
}

const newestFirst = (tasks: MoveTask[]): MoveTask[] => tasks.sort((a, b) => b.startedAt - a.startedAt);

const handleOf = ({ id, source }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: source })).toString('base64');

function readHandle(handle: string): string {
  const id = /"taskId":"([0-9a-f-]{36})"/.exec(Buffer.from(handle, 'base64').toString())?.[1];
  if (id === undefined) throw taskNotFound();
  return id;
}
