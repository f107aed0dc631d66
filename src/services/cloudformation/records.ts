// Where CloudFormation keeps its records: stacks, their definitions with the texts apart, resources, events, change
// sets, and the answers to the addresses that were handed out. No rules.

import type { RecordKind, Records as RecordsOf } from '../../aws/records.ts';
import { openRecords as openKind } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Indexes } from '../../store/document-indexes.ts';
import type { Collection, Store } from '../../store/store.ts';
import { stackDoesNotExist } from './faults.ts';
import type {
  ChangeSetRecord,
  Definition,
  ResourceRecord,
  StackEventRecord,
  StackRecord,
} from './stack/model.ts';

/** What was sent to an address that was handed out. */
export interface Callback {
  /** Unguessable; ends the address. */
  id: string;
  bodies: string[];
  /** Whether the function that is to answer has the address. */
  delivered: boolean;
  /** When the wait for it began. */
  since?: number | undefined;
}

export interface Records {
  /** By id, also after their deletion. Indexes: `name`, `export` and `import` of those that are there, `state`. */
  stacks: RecordsOf<StackRecord>;
  definitions: Collection<Definition>;
  /** A template's text as it was given, and with its transforms done where it has any; by its definition's id. */
  texts: Collection<{ text: string; processed?: string | undefined }>;
  /** By stack and logical id. Index: `physical`, the physical id. */
  resources: Parts<ResourceRecord>;
  /** By stack, newest first. */
  events: Parts<StackEventRecord>;
  /** By stack and name. Indexes: `id`, `definition`. */
  changeSets: Parts<ChangeSetRecord>;
  callbacks: Collection<Callback>;
}

/** Documents that belong to a stack. */
export interface Parts<T> {
  get(scope: Scope, stackId: string, part: string): T | undefined;
  put(scope: Scope, stackId: string, part: string, value: T): void;
  delete(scope: Scope, stackId: string, part: string): void;
  /** All of a stack's. */
  clear(scope: Scope, stackId: string): void;
  /** Sorted by part, `from` and `after` as collections take them. */
  list(scope: Scope, stackId: string, options?: PartsRange): T[];
  count(scope: Scope, stackId: string): number;
  /** Of any stack: those to which the index gives this key. */
  by(scope: Scope, index: string, key: string): T[];
  countBy(scope: Scope, index: string, key: string): number;
}

export interface PartsRange {
  from?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

/** A name is free again once its stack is deleted. */
export const isGone = (stack: Pick<StackRecord, 'status'>): boolean => stack.status === 'DELETE_COMPLETE';

const STACK: RecordKind<StackRecord> = {
  collection: 'cloudformation/stack',
  idOf: ({ stackId }) => stackId,
  notFound: stackDoesNotExist,
  indexes: {
    name: (stack) => (isGone(stack) ? undefined : stack.stackName),
    /** Newest first: those that are here, and all. */
    age: (stack) => (isGone(stack) ? [ALL + ageKey(stack)] : [ALL + ageKey(stack), HERE + ageKey(stack)]),
    /** Those that an operation goes on with. */
    busy: ({ operation }) => operation && BUSY,
    state: (stack) => (isGone(stack) ? 'gone' : 'here'),
    export: (stack) => (isGone(stack) ? [] : stack.outputs.flatMap(({ exportName }) => exportName ?? [])),
    import: (stack) => (isGone(stack) ? [] : stack.imports),
  },
};

/** What the keys of the index `age` begin with. */
export const ALL = 'all ';
export const HERE = 'here ';

/** The key of the index `busy`. */
export const BUSY = 'yes';

/** AWS: the newest come first. */
const ageKey = ({ createdAt, stackId }: StackRecord): string =>
  `${String(1e15 - createdAt).padStart(16, '0')} ${stackId}`;

export function openRecords(store: Store): Records {
  return {
    stacks: openKind(store, STACK),
    definitions: store.collection('cloudformation/definition'),
    texts: store.collection('cloudformation/text'),
    resources: partsOf<ResourceRecord>(store, 'cloudformation/resource', {
      physical: ({ made }) => made?.physicalId,
    }),
    events: partsOf<StackEventRecord>(store, 'cloudformation/event'),
    changeSets: partsOf<ChangeSetRecord>(store, 'cloudformation/change-set', {
      id: ({ changeSetId }) => changeSetId,
      definition: ({ definitionId }) => definitionId,
    }),
    callbacks: store.collection('cloudformation/callback'),
  };
}

function partsOf<T>(store: Store, name: string, indexes?: Indexes<T>): Parts<T> {
  type Part = { key: string; value: T };
  const inside = Object.entries(indexes ?? {}).map(
    ([index, keysOf]) => [index, ({ value }: Part) => keysOf(value)] as const,
  );
  const collection = store.collection<Part>(name, indexes && Object.fromEntries(inside));
  const keyOf = (stackId: string, part: string) => `${uuidOf(stackId)}/${part}`;
  return {
    get: (scope, stackId, part) => collection.get(scope, keyOf(stackId, part))?.value,
    put: (scope, stackId, part, value) => {
      const key = keyOf(stackId, part);
      collection.put(scope, key, { key, value });
    },
    delete: (scope, stackId, part) => collection.delete(scope, keyOf(stackId, part)),
    clear(scope, stackId) {
      const prefix = keyOf(stackId, '');
      for (const { id } of collection.entries(scope, { prefix })) collection.delete(scope, id);
    },
    list(scope, stackId, { from, after, limit } = {}) {
      const prefix = keyOf(stackId, '');
      const range = {
        prefix,
        ...(from !== undefined && { from: prefix + from }),
        ...(after !== undefined && { after: prefix + after }),
        limit,
      };
      return collection.list(scope, range).map(({ value }) => value);
    },
    count: (scope, stackId) => collection.count(scope, keyOf(stackId, '')),
    by: (scope, index, key) => collection.by(scope, index, key).map(({ value }) => value),
    countBy: (scope, index, key) => collection.countBy(scope, index, key),
  };
}

/** The last part of a stack's ARN. */
export const uuidOf = (stackId: string): string => stackId.slice(stackId.lastIndexOf('/') + 1);
