// ECS's records.

import { type RecordKind, type Records as RecordsOf, openRecords as recordsOf } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Cluster, Definition, Task, TaskStatus } from './domain/model.ts';
import { cannotDescribeDefinition, clusterNotFound, taskNotFound } from './faults.ts';

const CLUSTER: RecordKind<Cluster> = {
  collection: 'ecs/cluster',
  idOf: ({ name }) => name,
  notFound: clusterNotFound,
};

const REVISION_DIGITS = 10;
const GREATEST_REVISION = 9_999_999_999;

/** The key of a task definition. Families sort by name, their revisions as numbers. */
export const definitionKey = (family: string, revision: number): string =>
  `${family} ${String(revision).padStart(REVISION_DIGITS, '0')}`;

/** The prefix of the keys of a family. */
export const ofFamily = (family: string): string => `${family} `;

const DEFINITION: RecordKind<Definition> = {
  collection: 'ecs/definition',
  idOf: ({ family, revision }) => definitionKey(family, revision),
  indexes: {
    status: (one) => `${one.status} ${definitionKey(one.family, one.revision)}`,
    // The latest revision of a family comes first.
    latest: (one) => `${one.status} ${definitionKey(one.family, GREATEST_REVISION - one.revision)}`,
  },
  notFound: cannotDescribeDefinition,
};

/** The only key of the index `alive`. */
export const ALIVE = 'yes';

const TASK: RecordKind<Task> = {
  collection: 'ecs/task',
  idOf: ({ id }) => id,
  indexes: {
    /** Unique: the tasks of a cluster by what is wanted of them. */
    wanted: ({ cluster, desiredStatus, id }) => `${cluster} ${desiredStatus} ${id}`,
    status: ({ cluster, lastStatus }) => `${cluster} ${lastStatus}`,
    /** Tasks that have something or will. */
    alive: ({ lastStatus }) => (lastStatus === 'STOPPED' ? undefined : ALIVE),
    definition: ({ definition, lastStatus }) =>
      lastStatus === 'STOPPED' ? undefined : definitionKey(definition.family, definition.revision),
    metadata: ({ containers }) => containers.map(({ metadataId }) => metadataId),
  },
  notFound: taskNotFound,
};

/** A family: what outlives its revisions. */
interface Family {
  /** The last revision that was registered. Numbers are not given twice. */
  latest: number;
}

/** The answer to an earlier RunTask with a client token. */
export interface ClientToken {
  /** A digest of the parameters. */
  digest: string;
  taskIds: string[];
  at: number;
}

/** A setting of the account, or of one of its principals. */
export interface Setting {
  name: string;
  value: string;
  /** Absent: the default of the account. */
  principalArn?: string;
}

/** ECS's collections. */
export interface Records {
  clusters: RecordsOf<Cluster>;
  definitions: RecordsOf<Definition>;
  families: Collection<Family>;
  tasks: RecordsOf<Task>;
  clientTokens: Collection<ClientToken>;
  settings: Collection<Setting>;
}

/** Opens ECS's collections in the store. */
export const openRecords = (store: Store): Records => ({
  clusters: recordsOf(store, CLUSTER),
  definitions: recordsOf(store, DEFINITION),
  families: store.collection('ecs/family'),
  tasks: recordsOf(store, TASK),
  clientTokens: store.collection('ecs/client-token'),
  settings: store.collection('ecs/setting'),
});

/** The cluster with this name unless it was deleted. Throws ClusterNotFoundException. */
export function activeCluster({ clusters }: Pick<Records, 'clusters'>, scope: Scope, name: string): Cluster {
  const found = clusters.existing(scope, name);
  if (found.status !== 'ACTIVE') throw clusterNotFound();
  return found;
}

/** How many tasks of a cluster have one of these states. */
export const countTasks = (
  { tasks }: Pick<Records, 'tasks'>,
  scope: Scope,
  cluster: string,
  ...statuses: readonly TaskStatus[]
): number =>
  statuses.reduce((sum, status) => sum + tasks.countBy(scope, 'status', `${cluster} ${status}`), 0);
