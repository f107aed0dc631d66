// The errors of attribute values and items.

import type { Fault } from '../../../wire/fault.ts';
import { invalid, invalidParameter } from './validation.ts';

/** The value has no type, or none that exists. */
export const emptyValue = (): Fault =>
  invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');

export const severalTypes = (): Fault =>
  invalid(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );

/** The text is no number. AWS: an empty text is not shown. */
export const notNumeric = (text: string): Fault => {
  const shown = text === '' ? '' : `: ${text.slice(0, 1_000)}`;
  return invalid(`The parameter cannot be converted to a numeric value${shown}`);
};

export const numberOverflow = (): Fault =>
  invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');

export const numberUnderflow = (): Fault =>
  invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');

export const numberPrecision = (): Fault =>
  invalid('Attempting to store more than 38 significant digits in a Number');

export const nullMustBeTrue = (): Fault =>
  invalidParameter('Null attribute value types must have the value of true');

/** AWS: there are two spaces. */
export const emptySet = (type: 'string' | 'number'): Fault =>
  invalidParameter(`An ${type} set  may not be empty`);

export const emptyBinarySet = (): Fault => invalidParameter('Binary sets should not be empty');

const MOST_SHOWN = 1_000;

/** `members` are the set's, binaries in base64. AWS: there is no space before `of type BS`. */
export const duplicateMembers = (type: 'SS' | 'BS', members: readonly string[]): Fault => {
  const shown = members.slice(0, 100).join(', ').slice(0, MOST_SHOWN);
  return invalidParameter(
    `Input collection [${shown}]${type === 'BS' ? 'of type BS ' : ' '}contains duplicates.`,
  );
};

export const duplicateNumbers = (): Fault => invalid('Input collection contains duplicates');

export const nestedTooDeeply = (): Fault =>
  invalid(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );

/** An attribute, or a member of a map, has an empty name. */
export const emptyAttributeName = (): Fault => invalid('Empty attribute name');

export const itemTooLarge = (): Fault => invalid('Item size has exceeded the maximum allowed size');

/** An update would make the item too large. */
export const updatedItemTooLarge = (): Fault =>
  invalid('Item size to update has exceeded the maximum allowed size');
