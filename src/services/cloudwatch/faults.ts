// Every error of CloudWatch, with AWS's text. Members of lists are named as in the query protocol, whatever protocol
// the client uses: `MetricData.member.1.Unit`. Functions that return a string make one line of GetMetricData's error.

import { Fault } from '../../wire/fault.ts';

/** InvalidParameterValue with any text. */
export const invalidValue = (message: string): Fault => new Fault('InvalidParameterValueException', message);
const invalidCombination = (message: string): Fault =>
  new Fault('InvalidParameterCombinationException', message);
const missing = (message: string): Fault => new Fault('MissingRequiredParameterException', message);

/** GetMetricData's error. AWS: each problem is one line, and the last line ends in a line break too. */
export const validation = (...lines: readonly string[]): Fault =>
  new Fault('ValidationException', lines.map((line) => `${line}\n`).join(''));

/** For a value that the parameter does not allow. */
export const invalid = (value: unknown, parameter: string): Fault =>
  invalidValue(invalidText(value, parameter));

/** The text of `invalid`. Values are cut to 300 characters. */
export const invalidText = (value: unknown, parameter: string): string =>
  `The value ${shortened(value)} for parameter ${parameter} is invalid.`;

const shortened = (value: unknown): string => {
  const text = String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};

/** For an absent parameter. */
export const required = (parameter: string): Fault => missing(`The parameter ${parameter} is required.`);

/** For a datum without a value. `datum` is its path: `MetricData.member.1`. */
export const noValue = (datum: string): Fault =>
  missing(
    `At least one of the parameters ${datum}.Value, ${datum}.Values and ${datum}.StatisticValues is required.`,
  );

/** For two parameters of which only one may be given. */
export const bothGiven = (one: string, other: string): Fault =>
  invalidCombination(mutuallyExclusive(one, other));

/** The text of `bothGiven`. */
export const mutuallyExclusive = (one: string, other: string): string =>
  `The parameters ${one} and ${other} are mutually exclusive and you have specified both.`;

/** For a list that is too long. */
export const tooMany = (collection: string, most: number): Fault =>
  invalidValue(tooManyText(collection, most));

/** The text of `tooMany`. */
export const tooManyText = (collection: string, most: number): string =>
  `The collection ${collection} must not have a size greater than ${most}.`;

/** For two lists that must have the same length. */
export const unequal = (one: string, other: string): Fault =>
  invalidValue(`The parameters ${one} and ${other} must be of the same size.`);

/** `values` is the list of valid values as text. */
export const notInSetText = (parameter: string, values: string): string =>
  `The parameter ${parameter} must be a value in the set [ ${values} ].`;

/** For a timestamp that is too old or too new. */
export const outsideOfTwoWeeks = (parameter: string): Fault =>
  invalidValue(`The parameter ${parameter} must specify a time within the past two weeks.`);

/** For a text that is too short or too long. */
export const lengthText = (parameter: string, which: 'least' | 'most', length: number): string =>
  `The parameter ${parameter} must have a length of at ${which} ${length}.`;

/** For a dimension name that is given twice. */
export const sameDimensionTwice = (parameter: string): Fault =>
  invalidValue(`The collection ${parameter} must not name a dimension twice.`);

/** For a statistic set whose maximum is less than its minimum. */
export const maximumBelowMinimum = (parameter: string): Fault =>
  invalidValue(`The parameter ${parameter}.Maximum must not be less than ${parameter}.Minimum.`);

/** For a period that CloudWatch does not have. */
export const wrongPeriod = (parameter: string): Fault => invalidValue(wrongPeriodText(parameter));

/** The text of `wrongPeriod`. */
export const wrongPeriodText = (parameter: string): string =>
  `The parameter ${parameter} must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.`;

/** For a time range that is empty. */
export const startNotBeforeEnd = (): Fault => invalidValue(START_NOT_BEFORE_END);
/** The text of `startNotBeforeEnd`. */
export const START_NOT_BEFORE_END = 'The parameter StartTime must be less than the parameter EndTime.';

/** For GetMetricStatistics without a statistic. */
export const noStatistic = (): Fault =>
  invalidCombination('Must specify either Statistics or ExtendedStatistics');

/** For GetMetricStatistics over too many periods. */
export const tooManyDatapoints = (asked: number, most: number): Fault =>
  invalidCombination(
    `You have requested up to ${asked.toLocaleString('en-US')} datapoints, which exceeds the limit of ${most.toLocaleString('en-US')}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );

/** The text for an unknown statistic. */
export const notAStatistic = (name: string, parameter: string): string =>
  `The value ${shortened(name)} for parameter ${parameter} is not a valid statistic.`;

/** For an unknown statistic. */
export const invalidStatistic = (name: string, parameter: string): Fault =>
  invalidValue(notAStatistic(name, parameter));

/** The text for a problem in the expression of the query with this id. */
export const inExpression = (id: string, what: string): string => `Error in expression '${id}': ${what}`;

/** For a page token that the list did not issue. */
export const invalidNextToken = (): Fault =>
  new Fault('InvalidNextToken', 'The value for parameter NextToken is invalid.');
