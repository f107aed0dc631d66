// What S3's schema says of the documents that requests carry: which values, how many, how long. AWS: whatever a document
// has wrong with its form is MalformedXML, without a word about where. Rules between members stand elsewhere. Pure.

import { malformedXml } from '../faults/requests.ts';

/** Throws MalformedXML. */
export type Form = (value: unknown) => void;

export const oneOf =
  (...values: string[]): Form =>
  (value) => {
    if (!values.includes(value as string)) throw malformedXml();
  };

export const text =
  (least: number, most: number): Form =>
  (value) => {
    if (typeof value !== 'string' || value.length < least || value.length > most) throw malformedXml();
  };

export const integer =
  (least: number, most = MAX_INTEGER): Form =>
  (value) => {
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) throw malformedXml();
  };

/** As the schema's integers are. */
export const MAX_INTEGER = 2 ** 31 - 1;

export const listOf =
  (item: Form, least = 0, most = 1000): Form =>
  (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) throw malformedXml();
    for (const each of value) item(each);
  };

/** `members` gives the form of those that are there; which must be there, and which are alternatives, is beside it. */
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

export const STATUS = oneOf('Enabled', 'Disabled');
export const SUSPENDABLE = oneOf('Enabled', 'Suspended');

const TAG = structure({ Key: text(1, 128), Value: text(0, 256) }, { required: ['Key', 'Value'] });
const AND = structure({ Tags: listOf(TAG), Prefix: text(0, 1024) });

/** Of lifecycle, replication, analytics, metrics…: one condition, or several within And. */
export const filterForm = (more: Record<string, Form> = {}): Form => {
  const members = { Prefix: text(0, 1024), Tag: TAG, And: AND, ...more };
  const form = structure(members);
  return (value) => {
    form(value);
    const given = Object.entries((value ?? {}) as object).filter(([, member]) => member !== undefined);
    if (given.length > 1) throw malformedXml();
  };
};
