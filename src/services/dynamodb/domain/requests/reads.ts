// What GetItem, BatchGetItem, TransactGetItems, Query and Scan say, checked as far as no table is needed, in AWS's
// order. Pure.

import { Fault } from '../../../../wire/fault.ts';
import { noKeyConditions } from '../../faults/key-conditions.ts';
import {
  indexRequired,
  invalidStartValue,
  type PagedOperation,
  projectionNotAllowed,
  projectionRequired,
  segmentMissing,
  segmentTooHigh,
  totalSegmentsMissing,
} from '../../faults/requests.ts';
import type { Condition } from '../condition.ts';
import { conditionOf, keyConditionIn, Placeholders, projectionOf } from '../expressions/index.ts';
import type { KeyCondition } from '../key-condition.ts';
import { legacyProjection } from '../legacy/attributes-to-get.ts';
import { type ComparisonInput, legacyFilter } from '../legacy/conditions.ts';
import { legacyKeyCondition } from '../legacy/key-conditions.ts';
import type { Projection } from '../projection.ts';
import { type Attributes, checkAttributes, type GivenAttributes } from '../values.ts';
import { checkParameters, type ProjectionInput, readProjection } from './parameters.ts';

/** GetItem, or Get of a transaction. */
export interface GetInput extends ProjectionInput {
  Key: GivenAttributes;
}
/** The keys of one table in BatchGetItem. */
export interface KeysInput extends ProjectionInput {
  Keys: readonly GivenAttributes[];
}
interface PagedInput extends ProjectionInput {
  FilterExpression?: string | undefined;
  ConditionalOperator?: string | undefined;
  ExclusiveStartKey?: GivenAttributes | undefined;
  Select?: string | undefined;
  IndexName?: string | undefined;
}
type Comparisons = Readonly<Record<string, ComparisonInput>> | undefined;
/** Query. */
export interface QueryInput extends PagedInput {
  KeyConditionExpression?: string | undefined;
  KeyConditions?: Comparisons;
  QueryFilter?: Comparisons;
}
/** Scan. */
export interface ScanInput extends PagedInput {
  ScanFilter?: Comparisons;
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
}

/** What a query or a scan has besides its own. */
export interface PagedRead {
  filter: Condition | undefined;
  projection: Projection | undefined;
  startKey: Attributes | undefined;
}

/** Reads a get. Throws ValidationException. */
export function readGet(input: GetInput): { key: Attributes; projection: Projection | undefined } {
  checkParameters(input, ['ProjectionExpression'], ['AttributesToGet']);
  const key: GivenAttributes = input.Key;
  checkAttributes(key);
  return { key, projection: readProjection(input) };
}

/** Reads the keys of one table. AWS: unlike in GetItem, the projection is checked first. Throws ValidationException. */
export function readKeys(input: KeysInput): {
  keys: Attributes[];
  projection: Projection | undefined;
} {
  checkParameters(input, ['ProjectionExpression'], ['AttributesToGet']);
  const projection = readProjection(input);
  for (const key of input.Keys) checkAttributes(key);
  return { keys: input.Keys as Attributes[], projection };
}

/** Reads a query. Throws ValidationException. */
export function readQuery(input: QueryInput): PagedRead & { keyCondition: KeyCondition } {
  const { KeyConditions: legacyKey, KeyConditionExpression: keyText } = input;
  const legacy = ['AttributesToGet', 'QueryFilter', 'ConditionalOperator'];
  // AWS: KeyConditions may be used with the expressions of the others.
  if (keyText !== undefined) legacy.push('KeyConditions');
  const expressions = ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'];
  checkParameters(input, expressions, legacy);
  const legacyParts = {
    filter: legacyFilter(input.QueryFilter, input.ConditionalOperator),
    projection: input.AttributesToGet && legacyProjection(input.AttributesToGet),
  };
  checkSelect('Query', input);
  const startKey = readStartKey(input);
  if (!legacyKey && keyText === undefined) throw noKeyConditions();
  const placeholders = new Placeholders(input);
  const key =
    keyText === undefined ? undefined : conditionOf('KeyConditionExpression', keyText, placeholders);
  const read = readPaged(input, placeholders, legacyParts);
  const keyCondition = key ? keyConditionIn(key) : legacyKeyCondition(legacyKey!);
  return { ...read, startKey, keyCondition };
}

/** Reads a scan. Throws ValidationException. */
export function readScan(input: ScanInput): PagedRead {
  const expressions = ['ProjectionExpression', 'FilterExpression'];
  checkParameters(input, expressions, ['AttributesToGet', 'ScanFilter', 'ConditionalOperator']);
  const projection = input.AttributesToGet && legacyProjection(input.AttributesToGet);
  const filter = legacyFilter(input.ScanFilter, input.ConditionalOperator);
  checkSelect('Scan', input);
  const startKey = readStartKey(input);
  checkSegments(input);
  const read = readPaged(input, new Placeholders(input), { filter, projection });
  return { ...read, startKey };
}

function readPaged(
  { FilterExpression: filterText, ProjectionExpression: projectionText }: PagedInput,
  placeholders: Placeholders,
  legacy: { filter: Condition | undefined; projection: Projection | undefined },
): Omit<PagedRead, 'startKey'> {
  const filter =
    filterText === undefined ? legacy.filter : conditionOf('FilterExpression', filterText, placeholders);
  const projection =
    projectionText === undefined ? legacy.projection : projectionOf(projectionText, placeholders);
  placeholders.checkAllUsed();
  return { filter, projection };
}

function checkSelect(operation: PagedOperation, input: PagedInput): void {
  const { Select: select, IndexName: index } = input;
  if (select === undefined) return;
  const given = (['AttributesToGet', 'ProjectionExpression'] as const).find(
    (name) => input[name] !== undefined,
  );
  if (select === 'SPECIFIC_ATTRIBUTES') {
    if (!given) throw projectionRequired(operation);
    return;
  }
  if (given) throw projectionNotAllowed(operation, given, select);
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined) throw indexRequired(operation);
}

/** AWS: the errors of values that are not called errors of the start key. */
const OWN_ERRORS = /contains duplicates|number set|numeric value|significant digits|number with magnitude/;

function readStartKey({ ExclusiveStartKey: key }: PagedInput): Attributes | undefined {
  if (!key) return undefined;
  try {
    checkAttributes(key);
    return key;
  } catch (error) {
    throw error instanceof Fault && !OWN_ERRORS.test(error.message) ? invalidStartValue(error) : error;
  }
}

function checkSegments({ Segment: segment, TotalSegments: total }: ScanInput): void {
  if (segment !== undefined && total === undefined) throw totalSegmentsMissing();
  if (total === undefined) return;
  if (segment === undefined) throw segmentMissing();
  if (segment >= total) throw segmentTooHigh(segment, total);
}
