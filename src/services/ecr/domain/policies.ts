// Checks the form of repository policies and lifecycle policies. Neither is carried out. Pure.

import { invalidLifecyclePolicy, invalidPolicy } from '../faults.ts';

const TAG_STATUS = ['tagged', 'untagged', 'any'];
const COUNT_TYPES = ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'];
const ACTIONS = ['expire', 'transition'];
/** AWS: the most rules of a lifecycle policy. */
const MOST_RULES = 50;

/** Throws InvalidParameterException for a text that is no policy document. */
export function checkRepositoryPolicy(text: string): void {
  const policy = parse(text);
  const statements = isObject(policy) ? policy.Statement : undefined;
  const list = Array.isArray(statements) ? statements : [statements];
  const isValid = (each: unknown) =>
    isObject(each) &&
    (each.Effect === 'Allow' || each.Effect === 'Deny') &&
    ('Action' in each || 'NotAction' in each) &&
    ('Principal' in each || 'NotPrincipal' in each);
  if (list.length === 0 || !list.every(isValid)) throw invalidPolicy();
}

/** Throws InvalidParameterException, with the first rule that is wrong. */
export function checkLifecyclePolicy(text: string): void {
  const policy = parse(text);
  const rules = isObject(policy) ? policy.rules : undefined;
  if (!Array.isArray(rules) || rules.length === 0)
    throw invalidLifecyclePolicy('object has missing required properties (["rules"])');
  if (rules.length > MOST_RULES) throw invalidLifecyclePolicy(`a policy has at most ${MOST_RULES} rules`);
  const priorities = new Set<unknown>();
  for (const [index, rule] of rules.entries()) {
    const problem = problemOf(rule);
    if (problem !== undefined) throw invalidLifecyclePolicy(`rule ${index + 1}: ${problem}`);
    const { rulePriority } = rule as { rulePriority: number };
    if (priorities.has(rulePriority))
      throw invalidLifecyclePolicy(`rule ${index + 1}: another rule has the priority ${rulePriority}`);
    priorities.add(rulePriority);
  }
}

function problemOf(rule: unknown): string | undefined {
  if (!isObject(rule)) return 'it is not an object';
  const { rulePriority, selection, action } = rule;
  if (!isPositive(rulePriority)) return 'rulePriority must be a positive integer';
  if (!isObject(action) || !ACTIONS.includes(action.type as string))
    return `action.type must be one of ${ACTIONS.join(', ')}`;
  if (!isObject(selection)) return 'it has no selection';
  const { tagStatus, tagPrefixList, tagPatternList, countType, countUnit, countNumber } = selection;
  if (!TAG_STATUS.includes(tagStatus as string)) return `tagStatus must be one of ${TAG_STATUS.join(', ')}`;
  const hasTags = isFilled(tagPrefixList) || isFilled(tagPatternList);
  if (tagStatus === 'tagged' && !hasTags) return 'a tagged selection needs tagPrefixList or tagPatternList';
  if (!COUNT_TYPES.includes(countType as string)) return `countType must be one of ${COUNT_TYPES.join(', ')}`;
  if (!isPositive(countNumber)) return 'countNumber must be a positive integer';
  if (countType !== 'imageCountMoreThan' && countUnit !== 'days') return 'countUnit must be days';
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPositive = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
