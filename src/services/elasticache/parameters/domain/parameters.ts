// The parameters of one parameter group: what holds, and what a request may change. Pure.

import {
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
  parameterNotModifiable,
} from '../../faults.ts';
import { familyNamed, type Parameter, type ParameterFamily } from './parameter-families.ts';
import { RENAMEABLE_COMMANDS } from './parameter-table.ts';

export const MAX_PARAMETERS_PER_CALL = 20;

/**
 * All parameters of a group with their values: the family's defaults, what it holds unseen, and what the group sets.
 * `maxmemory` and other values that depend on the node type are not among them. Empty for an unknown family.
 */
export function effectiveParameters(
  familyName: string,
  clusterOn: boolean,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const family = familyNamed(familyName);
  if (!family) return {};
  const defaults = family.parameters
    .filter((parameter) => !parameter.perNodeType)
    .map((parameter) => [parameter.name, parameter.value]);
  return {
    ...family.hidden,
    ...Object.fromEntries(defaults),
    ...(clusterOn && family.clusterMode && { 'cluster-enabled': 'yes' }),
    ...values,
  };
}

export interface ParameterChange {
  ParameterName?: string | undefined;
  ParameterValue?: string | undefined;
}

/**
 * The group's values once a request's changes are made. Throws InvalidParameterValue for a parameter that the family
 * does not have, that nobody may change, or a value that is not allowed; InvalidParameterCombination for too many
 * changes, or ones that exclude each other.
 */
export function changeParameters(
  familyName: string,
  values: Readonly<Record<string, string>>,
  changes: readonly ParameterChange[],
): Record<string, string> {
  refuseTooMany(changes);
  const family = familyNamed(familyName)!;
  const changed: Record<string, string> = {};
  for (const { ParameterName, ParameterValue } of changes) {
    const parameter = parameterToChange(family, ParameterName);
    if (ParameterValue === undefined) throw missingParameter('ParameterValue');
    checkValue(parameter, ParameterValue);
    changed[parameter.name] = ParameterValue;
  }
  if ('reserved-memory' in changed && 'reserved-memory-percent' in changed) {
    throw invalidParameterCombination('reserved-memory and reserved-memory-percent cannot be set together.');
  }
  const kept: Record<string, string> = { ...values };
  // Whichever was set last holds.
  if ('reserved-memory' in changed) delete kept['reserved-memory-percent'];
  if ('reserved-memory-percent' in changed) delete kept['reserved-memory'];
  return { ...kept, ...changed };
}

/** The group's values once a request's parameters are back at their defaults. Throws as `changeParameters` does. */
export function resetParameters(
  familyName: string,
  values: Readonly<Record<string, string>>,
  changes: readonly ParameterChange[],
): Record<string, string> {
  refuseTooMany(changes);
  const family = familyNamed(familyName)!;
  const kept: Record<string, string> = { ...values };
  for (const { ParameterName } of changes) delete kept[parameterToChange(family, ParameterName).name];
  return kept;
}

function refuseTooMany(changes: readonly ParameterChange[]): void {
  if (changes.length > MAX_PARAMETERS_PER_CALL)
    throw invalidParameterCombination(
      `Cannot modify more than ${MAX_PARAMETERS_PER_CALL} parameters in a single request`,
    );
}

function parameterToChange(family: ParameterFamily, name: string | undefined): Parameter {
  if (!name) throw missingParameter('ParameterName');
  const parameter = family.parameters.find((candidate) => candidate.name === name);
  if (!parameter) throw invalidParameterValue(`Parameter ${name} doesn't exist`);
  if (!parameter.modifiable) throw parameterNotModifiable(name);
  return parameter;
}

function checkValue(parameter: Parameter, value: string): void {
  if (isAllowed(parameter, value)) return;
  const allowed = parameter.name === 'rename-commands' ? undefined : parameter.allowed;
  throw invalidParameterValue(
    `The value ${JSON.stringify(value)} is not allowed for the parameter ${parameter.name}.` +
      (allowed ? ` Allowed values: ${allowed}` : ''),
  );
}

function isAllowed(parameter: Parameter, value: string): boolean {
  if (parameter.name === 'notify-keyspace-events') return /^[KEg$lshzxetdmnA]*$/.test(value);
  if (parameter.name === 'rename-commands') return isRenaming(value);
  if (parameter.allowed === undefined) return true;
  const items = parameter.allowed.split(',');
  if (parameter.type === 'string') return items.includes(value);
  return isIntegerText(value) && items.some((item) => isWithin(item, Number(value)));
}

const isIntegerText = (text: string): boolean => /^-?\d{1,15}$/.test(text);

/** Pairs of a command that may be renamed and a new name, which no two commands share, or `blocked`. */
function isRenaming(value: string): boolean {
  const words = value.split(/\s+/).filter(Boolean);
  const from = words.filter((_word, index) => index % 2 === 0).map((word) => word.toUpperCase());
  const to = words.filter((_word, index) => index % 2 === 1);
  const names = to.map((word) => word.toUpperCase()).filter((word) => word !== 'BLOCKED');
  return (
    from.length === to.length &&
    new Set(from).size === from.length &&
    new Set(names).size === names.length &&
    from.every((word) => RENAMEABLE_COMMANDS.includes(word)) &&
    to.every((word) => /^[\w-]+$/.test(word))
  );
}

/** `item` is an integer, or a range `from-to` of which either end may be missing. */
function isWithin(item: string, value: number): boolean {
  if (isIntegerText(item)) return Number(item) === value;
  const [, from, to] = /^(-?\d+)?-(\d+)?$/.exec(item) ?? [];
  return value >= Number(from ?? -Infinity) && value <= Number(to ?? Infinity);
}
