// The context that every operation of ECS receives. service.ts builds it once.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from '../../wire/client.ts';
import type { Changes } from './changes.ts';
import type { Task } from './domain/model.ts';
import type { Transition } from './domain/transition.ts';
import type { Records } from './records.ts';

/** The services that ECS calls. */
export interface Callees {
  ec2: Client<typeof import('@aws-sdk/client-ec2')>;
  ecr: Client<typeof import('@aws-sdk/client-ecr')>;
  logs: Client<typeof import('@aws-sdk/client-cloudwatch-logs')>;
  s3: Client<typeof import('@aws-sdk/client-s3')>;
  ssm: Client<typeof import('@aws-sdk/client-ssm')>;
}

/** The context of ECS's operations. */
export interface Ecs extends Callees {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  /** Writes the record after this transition, and wakes its controller. Nothing happens when there is no such task. */
  advance(scope: Scope, taskId: string, transition: Transition): Task | undefined;
  /** A task's record was made or has changed. */
  taskChanged(scope: Scope, taskId: string): void;
  /** Tells of every change of a task. */
  changes: Changes;
}
