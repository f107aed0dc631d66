// ECS: clusters, task definitions and tasks, which run as containers of machines/containers/. There are no services,
// container instances and sessions in containers.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../../aws/scope.ts';
import type { ServiceInterfaces } from '../../aws/service-interface.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { createChanges } from './changes.ts';
import { constraints } from './constraints.ts';
import type { Callees, Ecs } from './context.ts';
import { type ControllerOptions, createController } from './controller/controller.ts';
import { sweepDefinition } from './definitions.ts';
import { advance, type Transition } from './domain/transition.ts';
import { interfacesOf } from './interfaces.ts';
import { isMetadataRequest } from './metadata/path.ts';
import { serveMetadata } from './metadata/serve.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSweeper } from './sweeper.ts';

/** What `createEcs` needs. */
export interface EcsDependencies extends Callees, Omit<ControllerOptions, 'ecs'> {
  store: Store;
  clock: Clock;
  log: Log;
}

/** ECS as the manifest runs it. */
export interface EcsService {
  service: Service;
  serviceInterfaces: ServiceInterfaces;
  /** Finds the containers that earlier Millponds started, and holds the addresses of tasks. Await it before a request. */
  adopt(): Promise<void>;
  /** Begins to run tasks. */
  begin(): void;
  /** Answers a request to the task metadata endpoint; false for any other. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  stop(): Promise<void>;
  /** Stops all tasks. Call it after `stop`. */
  endPrograms(): Promise<void>;
  /** Deletes what AWS has forgotten. For tests. */
  sweep(): Promise<void>;
  /** Resolves when no task is being looked at. For tests. */
  idle(): Promise<void>;
}

/** Builds ECS. It runs nothing before `begin`. */
export function createEcs({ store, clock, ...dependencies }: EcsDependencies): EcsService {
  const { ec2, ecr, logs, s3, ssm, ...options } = dependencies;
  const log = dependencies.log.child({ service: 'ecs' });
  const records = openRecords(store);
  const changes = createChanges();

  function advanceTask(scope: Scope, taskId: string, transition: Transition) {
    const task = store.transaction(() => {
      const before = records.tasks.find(scope, taskId);
      if (!before) return undefined;
      const after = advance(before, transition, clock.now());
      records.tasks.put(scope, after);
      if (after.lastStatus === 'STOPPED') sweepDefinition({ records }, scope, after.definition);
      return after;
    });
    log.debug({ task: taskId, transition }, 'a task has changed');
    taskChanged(scope, taskId);
    return task;
  }

  function taskChanged(scope: Scope, taskId: string): void {
    changes.notify();
    controller.wake(scope, taskId);
  }

  const ecs: Ecs = {
    ...{ store, records, clock, log, changes, taskChanged, advance: advanceTask },
    ...{ ec2, ecr, logs, s3, ssm },
  };
  const controller = createController({ ecs, ...options });
  const sweeper = createSweeper(ecs, options.containers, log);
  return {
    service: defineService<Sdk, Ecs>('ecs', ecs, operations, { constraints }),
    serviceInterfaces: async (scope) => interfacesOf(records, scope),
    adopt: () => controller.adopt(),
    begin() {
      controller.begin();
      sweeper.start();
    },
    take(request, response) {
      if (!isMetadataRequest(request)) return false;
      serveMetadata({ records, controller }, request, response);
      return true;
    },
    async stop() {
      await sweeper.stop();
      await controller.stop();
    },
    endPrograms: () => controller.endAll(),
    sweep: () => sweeper.sweep(),
    idle: () => controller.idle(),
  };
}
