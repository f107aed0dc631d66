// Resolves a stack's parameters: takes the given, previous or default texts, checks them, and looks up values and ids.
// The error texts are AWS's.

import type { Value } from '../../../control/resource-type.ts';
import { TemplateError, type TemplateIssue } from './issues.ts';
import type { ParameterDeclaration } from './parameter-declaration.ts';
import type { ExistingType } from './parameter-type.ts';

/** A parameter in a request. */
export interface GivenParameter {
  value?: string | undefined;
  usePreviousValue?: boolean | undefined;
}

/** The lookups in other services that parameters need. */
export interface ParameterLookups {
  /** An SSM parameter's value; `undefined` when there is none. */
  ssmParameter(name: string): Promise<string | undefined>;
  exists(type: ExistingType, id: string): Promise<boolean>;
  /** Matches each pattern against its whole text. The patterns are the user's, and may never end. */
  match(pairs: readonly (readonly [pattern: string, text: string])[]): Promise<readonly MatchOutcome[]>;
}

/** `invalid`: the pattern is malformed. `too slow`: matching was given up. */
export type MatchOutcome = boolean | 'invalid' | 'too slow';

/** A parameter with its value. */
export interface ResolvedParameter {
  name: string;
  /** DescribeStacks shows it as ParameterValue, unless `noEcho`. */
  text: string;
  /** The value of the SSM parameter, which DescribeStacks shows as ResolvedValue. */
  resolvedText?: string | undefined;
  /** What `Ref` returns. */
  value: Value;
  noEcho: boolean;
}

/** AWS's limit. */
export const MAX_PARAMETER_BYTES = 4096;

/**
 * All parameters of a template by name, in its order. `previous` has the texts of the deployed stack. Rejects with a
 * TemplateError that contains all errors.
 */
export async function resolveParameters(
  declared: ReadonlyMap<string, ParameterDeclaration>,
  given: ReadonlyMap<string, GivenParameter>,
  lookups: ParameterLookups,
  previous: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, ResolvedParameter>> {
  const unknown = [...given.keys()].filter((name) => !declared.has(name));
  if (unknown.length > 0) {
    throw new TemplateError({ message: `Parameters: [${unknown.join(', ')}] do not exist in the template` });
  }
  const texts = new Map<string, string>();
  const missing: ParameterDeclaration[] = [];
  for (const [name, parameter] of declared) {
    const text = textFor(parameter, given.get(name), previous);
    if (text === undefined) missing.push(parameter);
    else texts.set(name, text);
  }
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new TemplateError({
      message: `Parameters: [${names}] must have values`,
      place: missing[0]?.place,
      path: `/Parameters/${missing[0]?.name}`,
    });
  }
  const resolved = await Promise.all(
    [...texts].map(([name, text]) => resolveOne(declared.get(name)!, text, lookups)),
  );
  const issues = resolved.flatMap((result) => ('message' in result ? [result] : []));
  if (issues.length > 0) throw new TemplateError(issues);
  return new Map(resolved.flatMap((result) => ('message' in result ? [] : [[result.name, result] as const])));
}

function textFor(
  parameter: ParameterDeclaration,
  given: GivenParameter | undefined,
  previous: ReadonlyMap<string, string>,
): string | undefined {
  // AWS: UsePreviousValue without a previous value is an error; the default is not used.
  if (given?.usePreviousValue) return previous.get(parameter.name);
  return given?.value ?? parameter.default;
}

async function resolveOne(
  parameter: ParameterDeclaration,
  text: string,
  lookups: ParameterLookups,
): Promise<ResolvedParameter | TemplateIssue> {
  const { name, type, noEcho } = parameter;
  const issue = (message: string): TemplateIssue => ({
    message,
    place: parameter.place,
    path: `/Parameters/${name}`,
  });
  if (Buffer.byteLength(text) > MAX_PARAMETER_BYTES) {
    return issue(`Parameter '${name}' must not be longer than ${MAX_PARAMETER_BYTES} bytes`);
  }
  const objection = await constraintObjection(parameter, text, lookups);
  if (objection !== undefined) return issue(objection);

  let resolvedText: string | undefined;
  if (type.ssm) {
    const found = await lookups.ssmParameter(text);
    if (found === undefined) {
      return issue(`Unable to fetch parameters [${text}] from parameter store for this account.`);
    }
    if (type.ssm === 'value') resolvedText = found;
  }
  const value = valueOfText(parameter, resolvedText ?? text);
  if (type.item !== 'String' && type.item !== 'Number') {
    for (const id of Array.isArray(value) ? value : [value]) {
      if (await lookups.exists(type.item, String(id))) continue;
      return issue(
        `Parameter validation failed: parameter value ${id} for parameter name ${name} does not exist`,
      );
    }
  }
  return { name, text, resolvedText, value, noEcho };
}

/** AWS: the items of a list are trimmed, and a number stays the string that was given. */
function valueOfText({ type }: ParameterDeclaration, text: string): Value {
  if (!type.isList) return text;
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

async function constraintObjection(
  parameter: ParameterDeclaration,
  text: string,
  lookups: ParameterLookups,
): Promise<string | undefined> {
  const { name, type, constraintDescription } = parameter;
  const failed = (otherwise: string) =>
    constraintDescription === undefined
      ? `Parameter '${name}' ${otherwise}`
      : `Parameter '${name}' failed to satisfy constraint: ${constraintDescription}`;
  const items = type.isList && text !== '' ? text.split(',').map((item) => item.trim()) : [text];

  if (type.item === 'Number' && items.some((item) => !/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(item))) {
    return `Parameter '${name}' must be a number.`;
  }
  if (parameter.allowedValues && items.some((item) => !parameter.allowedValues?.includes(item))) {
    return failed(`must be one of AllowedValues`);
  }
  if (parameter.minLength !== undefined && text.length < parameter.minLength) {
    return failed(`must contain at least ${parameter.minLength} characters`);
  }
  if (parameter.maxLength !== undefined && text.length > parameter.maxLength) {
    return failed(`must contain at most ${parameter.maxLength} characters`);
  }
  if (type.item === 'Number') {
    if (parameter.minValue !== undefined && items.some((item) => Number(item) < parameter.minValue!)) {
      return failed(`must be a number not less than ${parameter.minValue}`);
    }
    if (parameter.maxValue !== undefined && items.some((item) => Number(item) > parameter.maxValue!)) {
      return failed(`must be a number not greater than ${parameter.maxValue}`);
    }
  }
  if (parameter.allowedPattern === undefined) return undefined;
  const pairs = items.map((item) => [parameter.allowedPattern!, item] as const);
  const outcomes = await lookups.match(pairs);
  if (outcomes.includes('invalid')) return `Parameter '${name}' has an invalid AllowedPattern`;
  if (outcomes.includes('too slow')) return `Parameter '${name}': matching its AllowedPattern takes too long`;
  return outcomes.includes(false) ? failed(`must match pattern ${parameter.allowedPattern}`) : undefined;
}
