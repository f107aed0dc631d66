// What DynamoDB's expressions and their legacy equivalents mean to the operations that use them. Pure.

import type { KeyRange, KeySchema } from '../keys.ts';
import type { Attributes, Item } from '../values.ts';

/** A condition or a filter, bound to the values of a request. */
export interface Condition {
  /** Throws no error: operands of the wrong type make a comparison false. An absent item has no attributes. */
  holds(item: Item | undefined): boolean;
}

/** An update, bound to the values of a request. */
export interface Update {
  /** The top-level attributes that the update names; none of them may be part of a key. */
  readonly attributes: readonly string[];
  /** The item after the update: a new object that shares what did not change. Throws ValidationException. */
  apply(item: Item): Item;
  /** The parts of an item that the update names, for UPDATED_OLD and UPDATED_NEW; `undefined` when there are none. */
  updatedIn(item: Item): Attributes | undefined;
}

/** A projection: the parts of an item that a request wants. */
export interface Projection {
  /** The top-level attributes that it names. */
  readonly attributes: readonly string[];
  of(item: Item): Item;
}

/** The condition on the key in a query, not yet compared with a schema. */
export interface KeyCondition {
  /** Compares it with the key of the table or index. Throws ValidationException in AWS's words. */
  in(schema: KeySchema): BoundKeyCondition;
}

/** The keys that a query reads. */
export interface BoundKeyCondition extends KeyRange {
  hash: Buffer;
}
