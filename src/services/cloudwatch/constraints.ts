// How CloudWatch words the refusal of input that its model does not allow, and where its server differs from the
// model. The wording is the same in all its protocols.

import type { Fault } from '../../wire/fault.ts';
import type { ConstraintRules, Violation } from '../../wire/violation.ts';
import { invalidText, invalidValue, lengthText, notInSetText, tooManyText, validation } from './faults.ts';

/** AWS: only GetMetricData reports all violations; other operations report the first. */
function refuse(violations: readonly Violation[]): Fault {
  const reported = violations.filter(({ breach }) => breach !== undefined);
  const ofQueries = reported.filter(({ steps }) => steps[0] === 'MetricDataQueries');
  return ofQueries.length > 0 ? validation(...ofQueries.map(wordsOf)) : invalidValue(wordsOf(reported[0]!));
}

function wordsOf(violation: Violation): string {
  const { steps, breach, shown } = violation;
  const parameter = steps.map(nameOf).join('.');
  if (breach?.kind === 'enumeration') return notInSetText(parameter, String(breach.limit).slice(1, -1));
  if (breach?.kind === 'maxLength' && COLLECTIONS.has(String(steps.at(-1)))) {
    return tooManyText(parameter, Number(breach.limit));
  }
  if (breach?.kind === 'maxLength' || breach?.kind === 'minLength') {
    return lengthText(parameter, breach.kind === 'maxLength' ? 'most' : 'least', Number(breach.limit));
  }
  return invalidText(shown, parameter);
}

/** Names members as the query protocol does: `MetricData.member.1.Unit`. */
const nameOf = (step: Violation['steps'][number]): string =>
  typeof step === 'number' ? `member.${step}` : typeof step === 'object' ? step.key : step;

const COLLECTIONS = new Set([
  'Dimensions',
  'Statistics',
  'ExtendedStatistics',
  'KeyAttributes',
  'Attributes',
]);

const STATISTICS = {
  instead: { min: undefined, item: undefined },
  because: 'the server requires one of the two members and names unknown statistics: domain/statistic.ts',
};

const PERIOD = {
  instead: { min: undefined },
  because: 'the server lists the valid periods: domain/period.ts',
};

/** CloudWatch's exceptions to its model, and its validation errors. */
export const constraints: ConstraintRules = {
  refuse,
  exceptions: {
    'GetMetricStatisticsInput.Statistics': STATISTICS,
    'GetMetricStatisticsInput.ExtendedStatistics': STATISTICS,
    Period: PERIOD,
    'ListMetricsInput.Dimensions': {
      instead: { max: 30 },
      because: 'a metric has up to 30 dimensions, and a request may name each; the model still has 10',
    },
  },
};
