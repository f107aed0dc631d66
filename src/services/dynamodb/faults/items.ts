// The errors of operations on items, in AWS's words.

import { Fault } from '../../../wire/fault.ts';
import type { Item } from '../domain/values.ts';
import { invalid } from './validation.ts';

/** `item` is what the condition was compared with, if the request wants it. */
export const conditionFailed = (item?: Item): Fault =>
  new Fault('ConditionalCheckFailedException', 'The conditional request failed', {
    ...(item && { members: { Item: item } }),
  });

/** The table, or one of its global indexes, has used up its throughput. */
export const throughputExceeded = (isIndex: boolean): Fault =>
  new Fault(
    'ProvisionedThroughputExceededException',
    isIndex
      ? 'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. ' +
          'Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API'
      : 'The level of configured provisioned throughput for the table was exceeded. ' +
          'Consider increasing your provisioning level with the UpdateTable API.',
  );

/** Why one action of a transaction failed; `code` is `None` where it did not. */
export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

/** A transaction of which an action failed. */
export const transactionCancelled = (reasons: readonly CancellationReason[]): Fault =>
  new Fault(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { members: { CancellationReasons: reasons } },
  );

export const tokenMismatch = (): Fault =>
  new Fault(
    'IdempotentParameterMismatchException',
    'The parameters of this request do not match those of an earlier request with the same client request token.' /* own */,
  );

/** AWS: one text for TransactWriteItems and TransactGetItems. */
export const severalOnOneItem = (): Fault =>
  invalid('Transaction request cannot include multiple operations on one item');

/** An entry of a transaction without an action, or with several. */
export const actionMissing = (): Fault =>
  invalid('TransactItems can only contain one of Check, Put, Update or Delete');

/** own: the items of a transaction have more than 4 MB. */
export const transactionTooLarge = (): Fault =>
  invalid('The aggregate size of the items in the transaction exceeds the limit of 4 MB');
