// The parameters of one parameter group: their effective values, and the rules for changing them. Pure.

import { parameterNotModifiable } from '../../faults/parameters.ts';
import {
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
} from '../../faults/requests.ts';
import { familyNamed, type Parameter, type ParameterFamily } from './parameter-families.ts';
import { RENAMEABLE_COMMANDS } from './parameter-table.ts';

/** AWS: the limit of ModifyCacheParameterGroup and ResetCacheParameterGroup. */
export const MAX_PARAMETERS_PER_CALL = 20;

/**
 * All parameters of a group with their values: the family's defaults and hidden values, overridden by the group's own
 * values. Excludes `maxmemory` and other parameters that depend on the node type. Empty for an unknown family.
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

/** An entry of ParameterNameValues, as the SDK spells it. */
export interface ParameterChange {
  ParameterName?: string | undefined;
  ParameterValue?: string | undefined;
}

/**
 * The group's own values after a request's changes. Throws InvalidParameterValue for an unknown or fixed parameter or a
 * value that is not allowed; InvalidParameterCombination for too many changes, or ones that exclude each other.
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
  // The two exclude each other: the one set last applies.
  if ('reserved-memory' in changed) delete kept['reserved-memory-percent'];
  if ('reserved-memory-percent' in changed) delete kept['reserved-memory'];
  return { ...kept, ...changed };
}

/** The group's own values after the named parameters are reset. Throws as `changeParameters` does. */
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

/** Whether the text is pairs of a renameable command and `blocked` or a new name, which no two commands share. */
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

/** `item`: an integer, or a range `from-to`, either end of which may be missing. */
function isWithin(item: string, value: number): boolean {
  if (isIntegerText(item)) return Number(item) === value;
  const [, from, to] = /^(-?\d+)?-(\d+)?$/.exec(item) ?? [];
  return value >= Number(from ?? -Infinity) && value <= Number(to ?? Infinity);
}
