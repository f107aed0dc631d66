// The conditions of rules: reads them from requests, and shows them in answers. Pure. AWS's texts are those of public
// reports of refused requests and of other emulators' recorded answers.

import { notSupported, validation } from '../faults.ts';

/** A condition. In values `*` is any text and `?` one character, except in methods. */
export interface RuleCondition {
  field: 'path-pattern' | 'host-header' | 'http-header' | 'http-request-method';
  /** Only of `http-header`. */
  header?: string;
  values: string[];
}

interface Values {
  Values?: string[] | undefined;
  RegexValues?: string[] | undefined;
}

/** A condition of a request. */
export interface GivenCondition {
  Field?: string | undefined;
  Values?: string[] | undefined;
  RegexValues?: string[] | undefined;
  HostHeaderConfig?: Values | undefined;
  PathPatternConfig?: Values | undefined;
  HttpHeaderConfig?: (Values & { HttpHeaderName?: string | undefined }) | undefined;
  HttpRequestMethodConfig?: Values | undefined;
  QueryStringConfig?: object | undefined;
  SourceIpConfig?: object | undefined;
}

/** AWS: the quotas of a rule. */
const MOST_VALUES = 5;
const MOST_WILDCARDS = 5;

interface FieldFacts {
  config: 'HostHeaderConfig' | 'PathPatternConfig' | 'HttpHeaderConfig' | 'HttpRequestMethodConfig';
  longest: number;
  characters: RegExp;
  /** Also takes its value as `Values`, the older form. */
  hasOlderForm?: true;
  /** A rule may have several conditions of it. */
  mayRepeat?: true;
}

// Source of lengths and characters: AWS's API reference (RuleCondition), "Rule condition types" in its guide.
const FIELDS: Record<RuleCondition['field'], FieldFacts> = {
  'host-header': {
    ...{ config: 'HostHeaderConfig', longest: 128, hasOlderForm: true },
    characters: /^[A-Za-z0-9.*?-]*$/,
  },
  'path-pattern': {
    ...{ config: 'PathPatternConfig', longest: 128, hasOlderForm: true },
    characters: /^[A-Za-z0-9_.$/~"'@:+&*?-]*$/,
  },
  'http-header': {
    ...{ config: 'HttpHeaderConfig', longest: 128, mayRepeat: true },
    characters: /^[\x20-\x7e]*$/,
  },
  'http-request-method': { config: 'HttpRequestMethodConfig', longest: 40, characters: /^[A-Z_-]+$/ },
};

const LONGEST_HEADER = 40;
const isField = (field: string): field is RuleCondition['field'] => Object.hasOwn(FIELDS, field);

/** Reads the conditions of a rule. Throws ValidationError, and NotImplemented for kinds that Millpond does not have. */
export function readConditions(given: readonly GivenCondition[]): RuleCondition[] {
  if (given.length === 0) throw validation('A condition must be specified');
  const conditions = given.map(readCondition);
  const fields = new Set<string>();
  for (const { field } of conditions) {
    if (fields.has(field) && !FIELDS[field].mayRepeat) {
      throw validation(`A rule can only have one '${field}' condition`);
    }
    fields.add(field);
  }
  const values = conditions.flatMap((condition) => condition.values);
  if (values.length > MOST_VALUES) {
    throw validation(`A rule can only have '${MOST_VALUES}' condition values`);
  }
  const patterns = conditions.filter(({ field }) => field !== 'http-request-method');
  const wildcards = patterns.flatMap((condition) => condition.values.join('').match(/[*?]/g) ?? []);
  if (wildcards.length > MOST_WILDCARDS) {
    throw validation(`A rule can only have '${MOST_WILDCARDS}' wildcards`);
  }
  return conditions;
}

function readCondition(given: GivenCondition): RuleCondition {
  const { Field: field } = given;
  if (field === undefined) throw validation('A condition field must be specified');
  if (field === 'query-string' || field === 'source-ip') throw notSupported(`conditions of '${field}'`);
  if (!isField(field)) {
    throw validation(
      `Condition field '${field}' must be one of '[${Object.keys(FIELDS).sort().join(', ')}, query-string, source-ip]'`,
    );
  }
  const values = valuesOf(field, given);
  if (field !== 'http-header') return { field, values };
  const header = given.HttpHeaderConfig?.HttpHeaderName ?? '';
  if (header.length > LONGEST_HEADER) {
    throw validation(`The 'HttpHeaderName' value is too long; the limit is '${LONGEST_HEADER}'`);
  }
  if (!/^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/.test(header)) throw validation("A 'HttpHeaderName' must be specified");
  if (header.toLowerCase() === 'host')
    throw validation("The 'HttpHeaderName' cannot be 'Host'; use 'host-header'");
  return { field, header, values };
}

function valuesOf(field: RuleCondition['field'], given: GivenCondition): string[] {
  const facts = FIELDS[field];
  for (const other of Object.values(FIELDS)) {
    if (other.config !== facts.config && given[other.config]) {
      throw validation(`The '${other.config}' field is not compatible with '${field}'`);
    }
  }
  const config = given[facts.config];
  if (given.RegexValues?.length || config?.RegexValues?.length)
    throw notSupported('regular expressions in conditions');
  const older = given.Values ?? [];
  if (older.length > 0 && !facts.hasOlderForm) {
    throw validation(`The 'Values' field is not compatible with '${field}'`);
  }
  if (!config && !facts.hasOlderForm)
    throw validation(`A '${facts.config}' must be specified with '${field}'`);
  // Describe shows both forms, so clients send both back.
  const newer = config?.Values ?? [];
  const isSame = older.length === newer.length && older.every((value, place) => value === newer[place]);
  if (older.length > 0 && newer.length > 0 && !isSame) {
    throw validation(
      `You cannot provide both Values and '${facts.config}' for a condition of type '${field}'`,
    );
  }
  if (older.length > 1 && newer.length === 0) {
    throw validation(`The '${field}' field contains too many values; the limit is '1'`);
  }
  const values = newer.length > 0 ? newer : older;
  if (values.length === 0) throw validation('A condition value must be specified');
  for (const value of values) checkValue(field, value, facts);
  return [...values];
}

function checkValue(field: string, value: string, { longest, characters }: FieldFacts): void {
  if (value.length > longest) throw validation(`The '${field}' value is too long; the limit is '${longest}'`);
  if (value === '') throw validation('A condition value must be specified');
  if (characters.test(value)) return;
  throw validation(
    field === 'http-request-method'
      ? "The 'http-request-method' value is invalid; the allowed characters are A-Z, hyphen and underscore"
      : `Condition value '${value}' contains a character that is not valid`,
  );
}

/** AWS: the two older kinds have their values in both forms. */
export function viewCondition({ field, header, values }: RuleCondition) {
  const { config, hasOlderForm } = FIELDS[field];
  return {
    Field: field,
    ...(hasOlderForm && { Values: values }),
    [config]: { ...(header !== undefined && { HttpHeaderName: header }), Values: values },
  };
}
