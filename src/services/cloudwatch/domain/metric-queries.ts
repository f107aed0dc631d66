// Reads and checks the queries of GetMetricData. AWS reports all problems at once. Pure.

import { Fault } from '../../../wire/fault.ts';
import { inExpression, mutuallyExclusive, notAStatistic, validation, wrongPeriodText } from '../faults.ts';
import { readUnit } from './datum.ts';
import { type Expression, ExpressionProblem, parseExpression } from './expression.ts';
import { checkMetricName, checkNamespace, identityKey, readDimensions } from './identity.ts';
import { isPeriod } from './period.ts';
import { anyStatistic, type Statistic } from './statistic.ts';

/** A checked query. */
export interface Query {
  id: string;
  label: string | undefined;
  isReturned: boolean;
  of: MetricQuery | { kind: 'expression'; expression: Expression };
}

/** The part of a query that names a metric. */
export interface MetricQuery {
  kind: 'metric';
  /** See `identityKey`. */
  key: string;
  name: string;
  period: number;
  statistic: Statistic;
  /** Index in UNITS; `undefined` for all units. */
  unit: number | undefined;
}

/** A query as in requests. */
export interface GivenQuery {
  Id?: string | undefined;
  MetricStat?: GivenMetricStat | undefined;
  Expression?: string | undefined;
  Label?: string | undefined;
  ReturnData?: boolean | undefined;
  Period?: number | undefined;
  AccountId?: string | undefined;
}

interface GivenMetricStat {
  Metric?:
    | {
        Namespace?: string | undefined;
        MetricName?: string | undefined;
        Dimensions?: { Name?: string | undefined; Value?: string | undefined }[] | undefined;
      }
    | undefined;
  Period?: number | undefined;
  Stat?: string | undefined;
  Unit?: string | undefined;
}

const MOST_QUERIES = 500;
const MOST_LINES = 50;

/** `accountId` is the caller's. Throws ValidationError with one line for each problem. */
export function readQueries(given: readonly GivenQuery[], accountId: string): Query[] {
  if (given.length === 0) throw validation('The collection MetricDataQueries must not be empty.');
  if (given.length > MOST_QUERIES)
    throw validation(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  const lines: string[] = [];
  const queries = given.flatMap((query, place) => {
    const path = `MetricDataQueries.member.${place + 1}`;
    if (query.AccountId !== undefined && query.AccountId !== accountId)
      lines.push(`Millpond reads no metrics of other accounts: ${path}.AccountId.`);
    const read = collecting(lines, () => readQuery(query, path, lines));
    return read ? [read] : [];
  });
  const ids = given.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length)
    lines.push('The values for parameter id in MetricDataQueries are not unique.');
  if (lines.length > 0) throw validation(...lines.slice(0, MOST_LINES));
  return queries;
}

/** Turns the fault that a check throws into a line of the error. */
function collecting<T>(lines: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    lines.push(error.message);
    return undefined;
  }
}

function readQuery(query: GivenQuery, path: string, lines: string[]): Query | undefined {
  const { Id: id = '', MetricStat, Expression, Period } = query;
  if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(id)) {
    lines.push(
      `The value ${id.slice(0, 300)} for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  const isReturned = query.ReturnData ?? true;
  if (MetricStat && Expression !== undefined) {
    lines.push(mutuallyExclusive(`${path}.Expression`, `${path}.MetricStat`));
    return undefined;
  }
  if (MetricStat && Period !== undefined)
    lines.push(mutuallyExclusive(`${path}.Period`, `${path}.MetricStat`));
  else if (Period !== undefined && !isPeriod(Period)) lines.push(wrongPeriodText(`${path}.Period`));
  if (MetricStat) {
    const of = readMetric(MetricStat, `${path}.MetricStat`, lines);
    return of && { id, label: query.Label, isReturned, of };
  }
  if (Expression === undefined) {
    lines.push(`The parameter ${path}.MetricStat is required.`);
    return undefined;
  }
  try {
    return {
      id,
      label: query.Label,
      isReturned,
      of: { kind: 'expression', expression: parseExpression(Expression) },
    };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    lines.push(inExpression(id, error.message));
    return undefined;
  }
}

function readMetric(given: GivenMetricStat, path: string, lines: string[]): MetricQuery | undefined {
  const { Metric = {}, Period = 0, Stat = '', Unit } = given;
  if (!isPeriod(Period)) lines.push(wrongPeriodText(`${path}.Period`));
  const statistic = anyStatistic(Stat);
  if (!statistic) {
    lines.push(notAStatistic(Stat, `${path}.Stat`));
    return undefined;
  }
  if (Metric.Namespace === undefined) lines.push(`The parameter ${path}.Metric.Namespace is required.`);
  if (Metric.MetricName === undefined) lines.push(`The parameter ${path}.Metric.MetricName is required.`);
  if (Metric.Namespace === undefined || Metric.MetricName === undefined) return undefined;
  const identity = {
    namespace: checkNamespace(Metric.Namespace, `${path}.Metric.Namespace`),
    name: checkMetricName(Metric.MetricName, `${path}.Metric.MetricName`),
    dimensions: readDimensions(Metric.Dimensions, `${path}.Metric.Dimensions`),
  };
  return {
    kind: 'metric',
    key: identityKey(identity),
    name: identity.name,
    period: Period,
    statistic,
    unit: Unit === undefined ? undefined : readUnit(Unit),
  };
}
