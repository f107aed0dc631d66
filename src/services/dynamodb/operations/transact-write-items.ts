// TransactWriteItems.

import { createHash } from 'node:crypto';
import type { ConsumedCapacity, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import { consumedCapacity, noUsage, type Usage } from '../capacity.ts';
import type { DynamoDb } from '../context.ts';
import { readUnits } from '../domain/capacity.ts';
import type { Attributes } from '../domain/values.ts';
import {
  type CancellationReason,
  severalOnOneItem,
  tokenMismatch,
  transactionCancelled,
  transactionTooLarge,
} from '../faults/items.ts';
import { carryOut, collectionMetrics, type ItemWrite, planned, writeUsage } from '../item-writes.ts';
import type { Input, Operation } from '../sdk.ts';
import type { Change } from '../storage/items.ts';
import { positionText } from '../storage/stored-key.ts';
import type { OpenTable } from '../storage/tables.ts';
import { readTransactAction } from '../transact-actions.ts';

const MOST_BYTES = 4 * 1024 * 1024;

/** What a transaction did, by table. */
interface Outcome {
  usages: Map<OpenTable, Usage>;
  /** Read units that a repetition of the request costs, by the table's name. */
  repetition: [table: string, units: number][];
}

export const TransactWriteItems: Operation<'TransactWriteItems'> = async (dynamodb, input, context) => {
  const { storage, capacity, clock } = dynamodb;
  const actions = input.TransactItems.map((item: TransactWriteItem) => readTransactAction(item));
  const writes = actions.map((action) => action.on(dynamodb, context));
  checkDistinct(writes);
  for (const { table } of writes) capacity.admit(table, 'write');
  const token = input.ClientRequestToken;
  const digest = token === undefined ? undefined : digestOf(input);
  const outcome = await storage.change((): Outcome | string => {
    if (token === undefined || !digest) return carryOutAll(writes);
    const known = storage.tokens.find(context, token, clock.now());
    if (known && !known.digest.equals(digest)) throw tokenMismatch();
    if (known) return known.capacity;
    const made = carryOutAll(writes);
    const request = { digest, capacity: JSON.stringify(made.repetition) };
    storage.tokens.add(context, token, request, clock.now());
    return made;
  });
  if (typeof outcome === 'string') return repeated(dynamodb, context, outcome, input);
  for (const usage of outcome.usages.values()) capacity.consume(usage);
  return { ...capacityView(outcome.usages.values(), input), ...metricsView(writes, input) };
};

function checkDistinct(writes: readonly ItemWrite[]): void {
  const seen = new Set<string>();
  for (const { table, key } of writes) {
    const text = positionText(table.record.id, key);
    if (seen.has(text)) throw severalOnOneItem();
    seen.add(text);
  }
}

/** Every action is decided before the first one changes anything. Throws TransactionCanceledException. */
function carryOutAll(writes: readonly ItemWrite[]): Outcome {
  const reasons: CancellationReason[] = [];
  const changes: Change[] = [];
  for (const write of writes) {
    const reason = attempt(() => changes.push(planned(write)));
    reasons.push(reason ?? { Code: 'None' });
  }
  if (changes.length < writes.length) throw transactionCancelled(reasons);
  const bytes = changes.reduce(
    (sum, { before, after }) => sum + Math.max(before?.size ?? 0, after?.size ?? 0),
    0,
  );
  if (bytes > MOST_BYTES) throw transactionTooLarge();
  const usages = new Map<OpenTable, Usage>();
  const repetition = new Map<string, number>();
  for (const change of changes) {
    const { table, before, after } = change;
    let usage = usages.get(table);
    if (!usage) usages.set(table, (usage = writeUsage(table, true)));
    carryOut(change, usage);
    const units = readUnits((after ?? before)?.size ?? 0, 'transactional');
    repetition.set(table.record.name, (repetition.get(table.record.name) ?? 0) + units);
  }
  return { usages, repetition: [...repetition] };
}

/** Why an action fails; `undefined` if it does not. */
function attempt(action: () => void): CancellationReason | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { shape, message, members } = error;
    const Code = CODES[shape] ?? 'ValidationError';
    return {
      Code,
      Message: message,
      ...(members.Item !== undefined && { Item: members.Item as Attributes }),
    };
  }
}

const CODES: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
};

/** AWS: the same token with other actions is refused; how capacity is returned may differ. */
const digestOf = ({ TransactItems }: Input<'TransactWriteItems'>): Buffer =>
  createHash('sha256').update(JSON.stringify(TransactItems)).digest();

/** AWS: a repetition consumes reads, not writes. */
function repeated(
  { storage, capacity }: DynamoDb,
  scope: Scope,
  units: string,
  input: Input<'TransactWriteItems'>,
) {
  const usages = (JSON.parse(units) as Outcome['repetition']).flatMap(([name, each]) => {
    const table = storage.tables.find(scope, name);
    return table ? [{ ...noUsage(table, 'read', true), units: each }] : [];
  });
  for (const usage of usages) capacity.consume(usage);
  return capacityView(usages, input);
}

function capacityView(
  usages: Iterable<Usage>,
  { ReturnConsumedCapacity }: Input<'TransactWriteItems'>,
): { ConsumedCapacity?: ConsumedCapacity[] } {
  const shown = [...usages].flatMap((usage) => consumedCapacity(usage, ReturnConsumedCapacity) ?? []);
  return shown.length > 0 ? { ConsumedCapacity: shown } : {};
}

function metricsView(
  writes: readonly ItemWrite[],
  { ReturnItemCollectionMetrics }: Input<'TransactWriteItems'>,
) {
  const byTable = Map.groupBy(writes, ({ table }) => table.record.name);
  const shown = [...byTable].flatMap(([name, own]) => {
    const all = own.flatMap((write) => collectionMetrics(write, ReturnItemCollectionMetrics) ?? []);
    return all.length > 0 ? [[name, all] as const] : [];
  });
  return shown.length > 0 ? { ItemCollectionMetrics: Object.fromEntries(shown) } : {};
}
