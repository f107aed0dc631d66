// Where CloudFormation keeps its records: stacks, their definitions with the texts apart, resources, events, change
// sets, and the answers of whoever was given an address to answer to. No rules.

import type { Scope } from '../../kernel/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import type {
  ChangeSetRecord,
  Definition,
  ResourceRecord,
  StackEventRecord,
  StackRecord,
} from './stack/model.ts';

/** What was sent to an address that was given away. */
export interface Callback {
  /** Unguessable; ends the address. */
  id: string;
  bodies: string[];
  /** The one who was told the address has it. */
  delivered: boolean;
  /** When the wait for it began. */
  since?: number | undefined;
}

export interface Records {
  stacks: Collection<StackRecord>;
  definitions: Collection<Definition>;
  /** A template's text as it was given, and with its transforms done where it has any; by its definition's id. */
  texts: Collection<{ text: string; processed?: string | undefined }>;
  /** By stack and logical id. */
  resources: Parts<ResourceRecord>;
  /** By stack, newest first. */
  events: Parts<StackEventRecord>;
  /** By stack and name. */
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
  /** Sorted by part, `from` inclusive. */
  list(scope: Scope, stackId: string, options?: { from?: string; limit?: number }): T[];
}

export function openRecords(store: Store): Records {
  return {
    stacks: store.collection('cloudformation/stack'),
    definitions: store.collection('cloudformation/definition'),
    texts: store.collection('cloudformation/text'),
    resources: partsOf(store.collection('cloudformation/resource')),
    events: partsOf(store.collection('cloudformation/event')),
    changeSets: partsOf(store.collection('cloudformation/change-set')),
    callbacks: store.collection('cloudformation/callback'),
  };
}

function partsOf<T>(collection: Collection<{ key: string; value: T }>): Parts<T> {
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
      for (const { key } of collection.list(scope, { prefix })) collection.delete(scope, key);
    },
    list(scope, stackId, { from = '', limit } = {}) {
      const prefix = keyOf(stackId, '');
      return collection.list(scope, { prefix, from: prefix + from, limit }).map(({ value }) => value);
    },
  };
}

/** The last part of a stack's ARN. */
export const uuidOf = (stackId: string): string => stackId.slice(stackId.lastIndexOf('/') + 1);
