// The collections in which CloudFormation stores stacks, definitions, template texts, resources, events, change sets
// and callbacks. It contains no rules; the shapes of the records are in stack/model.ts.

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

/** A response URL of a custom resource or a wait condition, with what was sent to it. */
export interface Callback {
  /** The unguessable last part of the URL. */
  id: string;
  /** The bodies of the requests that came, in order. */
  bodies: string[];
  /** Whether the function that must answer has received the URL. */
  delivered: boolean;
  /** When the wait began, in milliseconds since the epoch. */
  since?: number | undefined;
}

/** All collections of CloudFormation. */
export interface Records {
  /** By stack id, including deleted ones. The indexes are those of STACK. */
  stacks: RecordsOf<StackRecord>;
  definitions: Collection<Definition>;
  /** By definition id: the template's text as given and, if it has transforms, the processed text. */
  texts: Collection<{ text: string; processed?: string | undefined }>;
  /** By stack and logical id. Index: `physical` (the physical id). */
  resources: Parts<ResourceRecord>;
  /** By stack. They are sorted newest first. */
  events: Parts<StackEventRecord>;
  /** By stack and name. Indexes: `id`, `definition`. */
  changeSets: Parts<ChangeSetRecord>;
  callbacks: Collection<Callback>;
}

/** Documents that belong to a stack; `part` identifies one within its stack. */
export interface Parts<T> {
  get(scope: Scope, stackId: string, part: string): T | undefined;
  put(scope: Scope, stackId: string, part: string, value: T): void;
  delete(scope: Scope, stackId: string, part: string): void;
  /** Deletes all documents of a stack. */
  clear(scope: Scope, stackId: string): void;
  /** Sorted by part. */
  list(scope: Scope, stackId: string, options?: PartsRange): T[];
  count(scope: Scope, stackId: string): number;
  /** The documents of any stack that the index lists under this key. */
  by(scope: Scope, index: string, key: string): T[];
  countBy(scope: Scope, index: string, key: string): number;
}

/** `from` includes the part it names, `after` excludes it. */
export interface PartsRange {
  from?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

/** Whether the stack is deleted. Its record remains, and its name is free again. */
export const isGone = (stack: Pick<StackRecord, 'status'>): boolean => stack.status === 'DELETE_COMPLETE';

const STACK: RecordKind<StackRecord> = {
  collection: 'cloudformation/stack',
  idOf: ({ stackId }) => stackId,
  notFound: stackDoesNotExist,
  indexes: {
    name: (stack) => (isGone(stack) ? undefined : stack.stackName),
    /** Newest first, with the prefix HERE for existing stacks and ALL for every stack. */
    age: (stack) => (isGone(stack) ? [ALL + ageKey(stack)] : [ALL + ageKey(stack), HERE + ageKey(stack)]),
    /** Stacks with an operation under way. */
    busy: ({ operation }) => operation && BUSY,
    state: (stack) => (isGone(stack) ? 'gone' : 'here'),
    export: (stack) => (isGone(stack) ? [] : stack.outputs.flatMap(({ exportName }) => exportName ?? [])),
    import: (stack) => (isGone(stack) ? [] : stack.imports),
  },
};

/** The prefixes of keys of the index `age`: every stack, and stacks that are not deleted. */
export const ALL = 'all ';
export const HERE = 'here ';

/** The only key of the index `busy`, which lists stacks with an operation under way. */
export const BUSY = 'yes';

/** AWS: the newest stack comes first. */
const ageKey = ({ createdAt, stackId }: StackRecord): string =>
  `${String(1e15 - createdAt).padStart(16, '0')} ${stackId}`;

/** Opens the collections. Their names and indexes are persisted: a change needs a migration. */
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
