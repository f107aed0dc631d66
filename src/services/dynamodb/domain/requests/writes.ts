// What PutItem, UpdateItem, DeleteItem and the actions of TransactWriteItems say, checked as far as no table is needed,
// in AWS's order. Pure.

import { wrongReturnValues } from '../../faults/requests.ts';
import { itemTooLarge } from '../../faults/values.ts';
import type { Condition } from '../condition.ts';
import { updateOf } from '../expressions/index.ts';
import { type AttributeUpdateInput, legacyUpdate } from '../legacy/updates.ts';
import { LARGEST_ITEM, sizeOf } from '../sizes.ts';
import type { Update } from '../update.ts';
import { type Attributes, checkAttributes, type GivenAttributes, type Item } from '../values.ts';
import { type ConditionInput, checkParameters, readCondition } from './parameters.ts';

/** Which attributes a write returns. */
export type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

interface WriteInput extends ConditionInput {
  ReturnValues?: string | undefined;
}
/** PutItem, or Put of a transaction. */
export interface PutInput extends WriteInput {
  Item: GivenAttributes;
}
/** DeleteItem, or Delete or ConditionCheck of a transaction. */
export interface DeleteInput extends WriteInput {
  Key: GivenAttributes;
}
/** UpdateItem, or Update of a transaction. */
export interface UpdateInput extends WriteInput {
  Key: GivenAttributes;
  UpdateExpression?: string | undefined;
  AttributeUpdates?: Readonly<Record<string, AttributeUpdateInput>> | undefined;
}

const CONDITION = ['ConditionExpression'];
const EXPECTED = ['Expected', 'ConditionalOperator'];

/** Reads a put. `bytes` is the item's size. Brings numbers into normal form, in place. Throws ValidationException. */
export function readPut(input: PutInput): {
  item: Item;
  bytes: number;
  condition: Condition | undefined;
  returnValues: ReturnValues;
} {
  checkParameters(input, CONDITION, EXPECTED);
  const item: GivenAttributes = input.Item;
  checkAttributes(item);
  const returnValues = oldOrNone(input);
  const bytes = sizeOf(item);
  if (bytes > LARGEST_ITEM) throw itemTooLarge();
  return { item, bytes, condition: readCondition(input), returnValues };
}

/** Reads a deletion or a condition check. Throws ValidationException. */
export function readDelete(input: DeleteInput): {
  key: Attributes;
  condition: Condition | undefined;
  returnValues: ReturnValues;
} {
  checkParameters(input, CONDITION, EXPECTED);
  const key: GivenAttributes = input.Key;
  checkAttributes(key);
  const returnValues = oldOrNone(input);
  return { key, condition: readCondition(input), returnValues };
}

/** Reads an update. Without any, it is one that changes nothing. Throws ValidationException. */
export function readUpdate(input: UpdateInput): {
  key: Attributes;
  update: Update;
  condition: Condition | undefined;
  returnValues: ReturnValues;
} {
  checkParameters(input, ['UpdateExpression', ...CONDITION], ['AttributeUpdates', ...EXPECTED]);
  const key: GivenAttributes = input.Key;
  checkAttributes(key);
  let update = legacyUpdate(input.AttributeUpdates);
  const condition = readCondition(input, (placeholders) => {
    const { UpdateExpression: text } = input;
    if (text !== undefined) update = updateOf(text, placeholders);
  });
  return { key, update, condition, returnValues: (input.ReturnValues ?? 'NONE') as ReturnValues };
}

function oldOrNone({ ReturnValues: given = 'NONE' }: WriteInput): ReturnValues {
  if (given !== 'NONE' && given !== 'ALL_OLD') throw wrongReturnValues();
  return given;
}
