// The schema checks of documents in requests: values, counts and lengths. AWS: every violation is MalformedXML without
// details. Rules between members are in other files. Pure.

import { malformedXml } from '../faults/requests.ts';

/** Checks a value. Throws MalformedXML. */
export type Form = (value: unknown) => void;

/** One of these texts. */
export const oneOf =
  (...values: string[]): Form =>
  (value) => {
    if (!values.includes(value as string)) throw malformedXml();
  };

/** A text with a length within these bounds. */
export const text =
  (least: number, most: number): Form =>
  (value) => {
    if (typeof value !== 'string' || value.length < least || value.length > most) throw malformedXml();
  };

/** An integer within these bounds. */
export const integer =
  (least: number, most = MAX_INTEGER): Form =>
  (value) => {
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) throw malformedXml();
  };

/** The greatest integer of the schema. */
export const MAX_INTEGER = 2 ** 31 - 1;

/** A list with a length within these bounds, whose items have the form. */
export const listOf =
  (item: Form, least = 0, most = 1000): Form =>
  (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) throw malformedXml();
    for (const each of value) item(each);
  };

/** An object. `members` has the forms of members that are present; the options say which must be present. */
export const structure =
  (
    members: Record<string, Form>,
    {
      required = [],
      exactlyOneOf,
      some,
    }: { required?: string[]; exactlyOneOf?: string[]; some?: string[] } = {},
  ): Form =>
  (value) => {
    const given = (value ?? {}) as Record<string, unknown>;
    const has = (name: string) => given[name] !== undefined;
    for (const [name, form] of Object.entries(members)) if (has(name)) form(given[name]);
    if (!required.every(has)) throw malformedXml();
    if (exactlyOneOf && exactlyOneOf.filter(has).length !== 1) throw malformedXml();
    if (some && !some.some(has)) throw malformedXml();
  };

/** The status of a rule. */
export const STATUS = oneOf('Enabled', 'Disabled');
/** The status of a feature that can be suspended. */
export const SUSPENDABLE = oneOf('Enabled', 'Suspended');

const TAG = structure({ Key: text(1, 128), Value: text(0, 256) }, { required: ['Key', 'Value'] });
const AND = structure({ Tags: listOf(TAG), Prefix: text(0, 1024) });

/** The filter of a lifecycle, replication, analytics or metrics rule: one condition, or several within And. */
export const filterForm = (more: Record<string, Form> = {}): Form => {
  const members = { Prefix: text(0, 1024), Tag: TAG, And: AND, ...more };
  const form = structure(members);
  return (value) => {
    form(value);
    const given = Object.entries((value ?? {}) as object).filter(([, member]) => member !== undefined);
    if (given.length > 1) throw malformedXml();
  };
};
