// Builds CloudFormation from its parts. It knows only CloudFormation's own resource types; the others are passed in.

import { createReconciler } from '../../control/reconciler.ts';
import type { ResourceType } from '../../control/resource-type.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { CloudFormation, CloudFormationOptions, Neighbours } from './context.ts';
import { createExecutor } from './execution/executor.ts';
import { createNotices } from './execution/notices.ts';
import { operations } from './operations.ts';
import { createTemplateReader, type TemplateReader } from './reading/reader.ts';
import { BUSY, openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { type Callbacks, openCallbacks } from './types/callbacks.ts';
import { ownTypes } from './types/own-types.ts';
import { recordedType } from './types/recorded.ts';

/** What CloudFormation needs from Millpond. */
export interface CloudFormationDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** The resource types of all other services. */
  types: readonly ResourceType[];
  neighbours: Neighbours;
  options?: CloudFormationOptions;
  /** A reader that several instances share; the default is a reader of its own, which ends with it. */
  reader?: TemplateReader;
}

/** The running service. */
export interface CloudFormationService {
  service: Service;
  callbacks: Callbacks;
  /** Listens for callbacks and continues the operations that were under way. */
  start(): Promise<void>;
  /** Resolves when no operation is under way; for tests. */
  idle(): Promise<void>;
  /** Interrupts every operation; the next start continues it. */
  stop(): Promise<void>;
}

/** Builds the service; nothing runs before `start`. */
export function createCloudFormation(dependencies: CloudFormationDependencies): CloudFormationService {
  const { store, clock, neighbours, options = {} } = dependencies;
  const log = dependencies.log.child({ service: 'cloudformation' });
  const records = openRecords(store);
  const notices = createNotices();
  const reader = dependencies.reader ?? createTemplateReader();
  const callbacks = openCallbacks({ records, store, notices, log });
  const types = new Map<string, ResourceType>();
  const cf: CloudFormation = {
    store,
    records,
    clock,
    log,
    neighbours,
    options,
    reader,
    knownTypes: () => [...types.keys()],
    notices,
    typeNamed(name) {
      const known = types.get(name.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : name);
      return known ?? (options.unknownResources === 'record' ? recordedType(name) : undefined);
    },
    wake: (stackId) => store.afterCommit(() => reconciler.wake(stackId)),
  };
  for (const type of [...ownTypes(cf, callbacks), ...dependencies.types]) types.set(type.name, type);
  const executor = createExecutor(cf);
  const reconciler = createReconciler({
    name: 'cloudformation',
    log,
    async reconcile(stackId, signal) {
      await executor.run(stackId, signal);
      return undefined;
    },
  });

  return {
    service: defineService<Sdk, CloudFormation>('cloudformation', cf, operations, { constraints }),
    callbacks,
    async start() {
      await callbacks.start();
      for (const { id } of records.stacks.byAnywhere('busy', BUSY)) reconciler.wake(id);
    },
    idle: () => reconciler.idle(),
    async stop() {
      await reconciler.stop();
      await callbacks.stop();
      if (!dependencies.reader) await reader.stop();
    },
  };
}
