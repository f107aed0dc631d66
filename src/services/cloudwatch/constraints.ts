// What CloudWatch answers to inputs that its model does not allow, and where its server allows something else. Its words
// are its own, the same in all its protocols.

import type { Fault } from '../../wire/fault.ts';
import type { ConstraintRules, Violation } from '../../wire/violation.ts';
import { invalidText, invalidValue, lengthText, notInSetText, tooManyText, validation } from './faults.ts';

/** Only the first is told, save by GetMetricData. */
function refuse(violations: readonly Violation[]): Fault {
  const told = violations.filter(({ breach }) => breach !== undefined);
  const ofQueries = told.filter(({ steps }) => steps[0] === 'MetricDataQueries');
  return ofQueries.length > 0 ? validation(...ofQueries.map(wordsOf)) : invalidValue(wordsOf(told[0]!));
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

/** As in the query protocol: `MetricData.member.1.Unit`. */
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
  because: 'the server says that either kind must be given, and which statistic is none: domain/statistic.ts',
};

const PERIOD = {
  instead: { min: undefined },
  because: 'the server names the periods that there are: domain/period.ts',
};

export const constraints: ConstraintRules = {
  refuse,
  exceptions: {
    'GetMetricStatisticsInput.Statistics': STATISTICS,
    'GetMetricStatisticsInput.ExtendedStatistics': STATISTICS,
    Period: PERIOD,
    'ListMetricsInput.Dimensions': {
      instead: { max: 30 },
      because: 'a metric has up to 30 dimensions, and each may be asked for; the model has 10 still',
    },
  },
};
