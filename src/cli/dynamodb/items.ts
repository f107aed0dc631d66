// `millpond dynamodb items TABLE`: prints the items of a table as AWS's console shows them, a row for each item.

import { type ConfigFlags, parseConfig } from '../../config.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { type CliContext, print, printError } from '../context.ts';
import { ApiError, type Caller, callerOf, checkRegion, signedFor } from '../query-request.ts';
import { runningInstance } from '../running.ts';
import { type Item, itemRows } from './item-rows.ts';

/** The flags of the command. */
export interface ItemsFlags {
  region?: string;
  index?: string;
  limit?: string;
  json?: boolean;
}

const DEFAULT_LIMIT = 100;
const ANSWER_TIMEOUT_MS = 30_000;
const LEAST_COLUMN = 20;
const DEFAULT_WIDTH = 120;

/** Throws CommandFailed with the API's message, or TimedOut. */
export async function showItems(
  context: CliContext,
  { region, index, limit, json, ...flags }: ConfigFlags & ItemsFlags,
  table: string,
): Promise<void> {
  const config = parseConfig(flags, context.env);
  checkRegion(region);
  const most = limit === undefined ? DEFAULT_LIMIT : readLimit(limit);
  const { url } = runningInstance(config.dataDir).listening;
  const caller = callerOf(context.env, region, config.region);
  const call = <T>(operation: string, input: object) => request<T>(url, caller, operation, input);
  try {
    const { Table } = await call<Described>('DescribeTable', { TableName: table });
    const { items, hasMore } = await readItems(call, { TableName: table, IndexName: index }, most);
    if (json) return print(JSON.stringify(items, undefined, 2));
    const keys = Table.KeySchema.map(({ AttributeName }) => AttributeName);
    const width = process.stdout.columns || DEFAULT_WIDTH;
    for (const line of itemRows(items, keys, Math.max(LEAST_COLUMN, Math.floor(width / 4)))) print(line);
    const count = `${items.length} item${items.length === 1 ? '' : 's'}`;
    printError(hasMore ? `the first ${count}; there are more, see --limit` : count);
  } catch (error) {
    if (error instanceof ApiError) throw new OperationalError('CommandFailed', error.message, error);
    throw error;
  }
}

interface Described {
  Table: { KeySchema: { AttributeName: string }[] };
}

interface Page {
  Items: Item[];
  LastEvaluatedKey?: Item;
}

async function readItems(
  call: <T>(operation: string, input: object) => Promise<T>,
  of: object,
  most: number,
): Promise<{ items: Item[]; hasMore: boolean }> {
  const items: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    // One more than is shown tells whether there are more.
    const Limit = most + 1 - items.length;
    const page: Page = await call('Scan', { ...of, Limit, ExclusiveStartKey });
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && items.length <= most);
  return { items: items.slice(0, most), hasMore: items.length > most };
}

function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return limit;
  throw new OperationalError(
    'InvalidOption',
    `--limit must be a number from 1 to 999999, not ${JSON.stringify(text)}.`,
  );
}

/** Calls DynamoDB. Throws ApiError, or TimedOut when there is no answer. */
async function request<T>(url: string, caller: Caller, operation: string, input: object): Promise<T> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(input),
      headers: {
        ...signedFor('dynamodb', caller),
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    text = await answer.text();
  } catch (error) {
    throw new OperationalError('TimedOut', `${operation}: the API at ${url} does not answer.`, error);
  }
  const parsed = JSON.parse(text) as Record<string, string>;
  if (answer.ok) return parsed as T;
  throw new ApiError(parsed.__type ?? 'Unknown', parsed.message ?? text.slice(0, 200));
}
