// The task metadata endpoint, versions 3 and 4, at the API. The path has a secret of the container, which it finds in its
// variables: `/v4/SECRET`, `/v4/SECRET/task`, `…/stats`, `…/task/stats`, `…/taskWithTags`.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../../../aws/scope.ts';
import type { Controller } from '../controller/controller.ts';
import type { Task, TaskContainer } from '../domain/model.ts';
import type { Records } from '../records.ts';
import { parseMetadataPath } from './path.ts';
import { statsOf } from './stats.ts';
import { containerMetadata, taskMetadata } from './view.ts';

/** Answers a request for which `isMetadataRequest` holds. */
export function serveMetadata(
  {
    records,
    controller,
  }: { records: Pick<Records, 'tasks' | 'definitions'>; controller: Pick<Controller, 'live'> },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { id, what } = parseMetadataPath(request)!;
  const [found] = records.tasks.byAnywhere('metadata', id!);
  if (!found || found.value.lastStatus === 'STOPPED') {
    answer(response, 404, 'Unable to get container metadata.');
    return;
  }
  if (request.method !== 'GET') {
    answer(response, 405, 'Only GET is supported.');
    return;
  }
  const { scope, value: task } = found;
  const container = task.containers.find(({ metadataId }) => metadataId === id)!;
  answer(response, 200, bodyOf(what, { scope, task, container, controller }));
}

interface Found {
  scope: Scope;
  task: Task;
  container: TaskContainer;
  controller: Pick<Controller, 'live'>;
}

function bodyOf(what: string | undefined, { scope, task, container, controller }: Found): unknown {
  const statsFor = (one: TaskContainer) =>
    statsOf(task, one, controller.live(scope, task.id, one.name)?.container.pid);
  switch (what) {
    case 'task':
      return taskMetadata(scope, task, false);
    case 'taskWithTags':
      return taskMetadata(scope, task, true);
    case 'stats':
      return statsFor(container);
    case 'task/stats':
      return Object.fromEntries(task.containers.map((one) => [one.id, statsFor(one)]));
    default:
      return containerMetadata(scope, task, container);
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
