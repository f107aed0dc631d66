// Every error CloudWatch answers, with its exact text. Members of lists are named as in the query protocol, whichever
// one the client speaks: `MetricData.member.1.Unit`.

import { Fault } from '../../wire/fault.ts';

export const invalidValue = (message: string): Fault => new Fault('InvalidParameterValueException', message);
const invalidCombination = (message: string): Fault =>
  new Fault('InvalidParameterCombinationException', message);
const missing = (message: string): Fault => new Fault('MissingRequiredParameterException', message);

/** AWS: what GetMetricData has to say is one line each, and a line's end behind the last one too. */
export const validation = (...lines: readonly string[]): Fault =>
  new Fault('ValidationException', lines.map((line) => `${line}\n`).join(''));

export const invalid = (value: unknown, parameter: string): Fault =>
  invalidValue(invalidText(value, parameter));

export const invalidText = (value: unknown, parameter: string): string =>
  `The value ${shortened(value)} for parameter ${parameter} is invalid.`;

const shortened = (value: unknown): string => {
  const text = String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

export const required = (parameter: string): Fault => missing(`The parameter ${parameter} is required.`);

export const noValue = (datum: string): Fault =>
  missing(
    `At least one of the parameters ${datum}.Value, ${datum}.Values and ${datum}.StatisticValues is required.`,
  );

export const bothGiven = (one: string, other: string): Fault =>
  invalidCombination(mutuallyExclusive(one, other));

export const mutuallyExclusive = (one: string, other: string): string =>
  `The parameters ${one} and ${other} are mutually exclusive and you have specified both.`;

export const tooMany = (collection: string, most: number): Fault =>
  invalidValue(tooManyText(collection, most));

export const tooManyText = (collection: string, most: number): string =>
  `The collection ${collection} must not have a size greater than ${most}.`;

export const unequal = (one: string, other: string): Fault =>
  invalidValue(`The parameters ${one} and ${other} must be of the same size.`);

export const notInSetText = (parameter: string, values: string): string =>
  `The parameter ${parameter} must be a value in the set [ ${values} ].`;

export const outsideOfTwoWeeks = (parameter: string): Fault =>
  invalidValue(`The parameter ${parameter} must specify a time within the past two weeks.`);

export const lengthText = (parameter: string, which: 'least' | 'most', length: number): string =>
  `The parameter ${parameter} must have a length of at ${which} ${length}.`;

export const sameDimensionTwice = (parameter: string): Fault =>
  invalidValue(`The collection ${parameter} must not name a dimension twice.`);

export const maximumBelowMinimum = (parameter: string): Fault =>
  invalidValue(`The parameter ${parameter}.Maximum must not be less than ${parameter}.Minimum.`);

export const wrongPeriod = (parameter: string): Fault => invalidValue(wrongPeriodText(parameter));

export const wrongPeriodText = (parameter: string): string =>
  `The parameter ${parameter} must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.`;

export const startNotBeforeEnd = (): Fault => invalidValue(START_NOT_BEFORE_END);
export const START_NOT_BEFORE_END = 'The parameter StartTime must be less than the parameter EndTime.';

export const noStatistic = (): Fault =>
  invalidCombination('Must specify either Statistics or ExtendedStatistics');

export const tooManyDatapoints = (asked: number, most: number): Fault =>
  invalidCombination(
    `You have requested up to ${asked.toLocaleString('en-US')} datapoints, which exceeds the limit of ${most.toLocaleString('en-US')}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );

export const notAStatistic = (name: string, parameter: string): string =>
  `The value ${shortened(name)} for parameter ${parameter} is not a valid statistic.`;

export const uncomputed = (name: string): string => `Millpond does not compute the statistic ${name}.`;

export const invalidStatistic = (name: string, parameter: string): Fault =>
  invalidValue(notAStatistic(name, parameter));

export const uncomputedStatistic = (name: string): Fault => invalidValue(uncomputed(name));

export const inExpression = (id: string, what: string): string => `Error in expression '${id}': ${what}`;

export const invalidNextToken = (): Fault =>
  new Fault('InvalidNextToken', 'The value for parameter NextToken is invalid.');
