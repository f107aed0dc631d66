// Reads one member of Parameters and checks its shape. parameters.ts checks the values.

import { formatError, type TemplateIssue } from './issues.ts';
import { type Entry, member, type ObjectNode, type Place, type TemplateNode, textOf } from './node.ts';
import { type ParameterType, parseParameterType } from './parameter-type.ts';

/** A declared parameter. */
export interface ParameterDeclaration {
  name: string;
  type: ParameterType;
  default?: string | undefined;
  description?: string | undefined;
  noEcho: boolean;
  allowedValues?: readonly string[] | undefined;
  allowedPattern?: string | undefined;
  constraintDescription?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minValue?: number | undefined;
  maxValue?: number | undefined;
  place: Place;
}

const MEMBERS = new Set([
  'AllowedPattern',
  'AllowedValues',
  'ConstraintDescription',
  'Default',
  'Description',
  'MaxLength',
  'MaxValue',
  'MinLength',
  'MinValue',
  'NoEcho',
  'Type',
]);

/** Adds what is malformed to `issues`. `undefined`: the declaration cannot be used. */
export function readParameter(
  name: string,
  entry: Entry,
  issues: TemplateIssue[],
): ParameterDeclaration | undefined {
  const path = `/Parameters/${name}`;
  const report = (message: string, place: Place = entry.place) =>
    issues.push(formatError(message, place, path));
  const node = entry.value;
  if (!/^[A-Za-z0-9]{1,255}$/.test(name)) report(`Parameter name ${name} is non alphanumeric.`);
  if (node.kind !== 'object') {
    report('Every Parameters object must contain a Type member.');
    return undefined;
  }
  for (const [key, found] of node.entries) {
    if (!MEMBERS.has(key)) report(`Invalid template parameter property '${key}'`, found.place);
  }
  const typeName = textOf(member(node, 'Type'));
  if (typeName === undefined) {
    report('Every Parameters object must contain a Type member.');
    return undefined;
  }
  const type = parseParameterType(typeName);
  if (!type) {
    report(`Unrecognized parameter type: ${typeName}`, member(node, 'Type')?.place);
    return undefined;
  }
  return {
    name,
    type,
    default: defaultOf(node, report),
    description: textOf(member(node, 'Description')),
    noEcho: textOf(member(node, 'NoEcho')) === 'true',
    allowedValues: allowedValues(member(node, 'AllowedValues'), report),
    allowedPattern: textOf(member(node, 'AllowedPattern')),
    constraintDescription: textOf(member(node, 'ConstraintDescription')),
    minLength: numberOf(node, 'MinLength', report),
    maxLength: numberOf(node, 'MaxLength', report),
    minValue: numberOf(node, 'MinValue', report),
    maxValue: numberOf(node, 'MaxValue', report),
    place: entry.place,
  };
}

type Report = (message: string, place?: Place) => void;

function defaultOf(node: ObjectNode, report: Report): string | undefined {
  const found = member(node, 'Default');
  const text = textOf(found);
  if (found && text === undefined) {
    report('Every Default member must be a string.', found.place);
  }
  return text;
}

function allowedValues(node: TemplateNode | undefined, report: Report): string[] | undefined {
  if (!node) return undefined;
  if (node.kind !== 'list') {
    report('AllowedValues must be a list.', node.place);
    return undefined;
  }
  return node.items.flatMap((item) => {
    const text = textOf(item);
    if (text === undefined) report('Every AllowedValues value must be a string.', item.place);
    return text === undefined ? [] : [text];
  });
}

function numberOf(node: ObjectNode, name: string, report: Report): number | undefined {
  const found = member(node, name);
  if (!found) return undefined;
  const text = textOf(found);
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  report(`${name} must be a number.`, found.place);
  return undefined;
}
