// Filters of mappings, as `FilterCriteria` of an event source mapping: each is an object or its JSON text; one of them must
// hold for the change record. AWS: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html. Pure.

import { InvalidFilter } from '../../aws/filter-conditions.ts';
import { holdsIn, isObject, readRule } from '../../aws/filter-rule.ts';
import { LanguageError } from './path.ts';

/** Whether a change record passes. */
export type RecordFilter = (record: object) => boolean;

/** AWS: the longest pattern, in characters. */
const MOST_CHARACTERS = 4096;
/** AWS: these are operators of topics and of EventBridge, not of event source mappings. */
const NOT_HERE = ['cidr', 'wildcard'];

/** Reads a filter. Throws a LanguageError. */
export function readFilter(given: unknown): RecordFilter {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  if (text.length > MOST_CHARACTERS) {
    throw new LanguageError(`a filter has ${MOST_CHARACTERS} characters at most`);
  }
  const pattern = typeof given === 'string' ? parse(given) : given;
  if (!isObject(pattern)) throw new LanguageError('a filter is an object of names and lists of conditions');
  try {
    const { rule } = readRule(pattern, { without: NOT_HERE });
    return (record) => holdsIn(rule, record);
  } catch (error) {
    throw error instanceof InvalidFilter ? new LanguageError(error.message) : error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LanguageError('a filter that is a text is JSON');
  }
}
