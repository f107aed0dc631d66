// Scalars as text, for the protocols that write all values so: query, XML, and HTTP headers and labels.

import { Fault } from './fault.ts';
import type { Scalar, Shape } from './schema.ts';
import type { ScalarType } from './schema-file.ts';

/** A value that its type cannot have; the codec says it in its protocol's words. */
export class MalformedValue extends Error {
  override readonly name = 'MalformedValue';
}

const malformed = (text: string, type: ScalarType) =>
  new MalformedValue(`Invalid ${TYPE_NAMES[type] ?? type}: ${quoted(text)}`);

const TYPE_NAMES: Partial<Record<ScalarType, string>> = {
  'timestamp:dateTime': 'timestamp',
  'timestamp:epochSeconds': 'timestamp',
  'timestamp:httpDate': 'timestamp',
  streamingBlob: 'blob',
};

/** For messages: control characters escaped, and not the whole of a long text. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Throws MalformedValue. */
export function parseScalar(shape: Scalar, text: string): unknown {
  const { type } = shape;
  switch (type) {
    case 'string':
    case 'document':
      return text;
    case 'boolean':
      return parseBoolean(text, type);
    case 'number':
      return parseNumber(text, type);
    case 'blob':
    case 'streamingBlob':
      return parseBase64(text, type);
    default:
      return parseTimestamp(text, type);
  }
}

function parseBoolean(text: string, type: ScalarType): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw malformed(text, type);
  return lower === 'true';
}

function parseNumber(text: string, type: ScalarType): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw malformed(text, type);
  return value;
}

/** Decodes base64 (either alphabet), line breaks allowed. */
export function parseBase64(text: string, type: ScalarType): Buffer {
  const compact = text.replace(/[\r\n]+/g, '');
  if (!BASE64.test(compact)) throw malformed(text, type);
  return Buffer.from(compact, 'base64');
}

/** ISO 8601, seconds since the epoch, or an HTTP date: whichever it looks like. */
export function parseTimestamp(text: string, type: ScalarType): Date {
  const date = NUMBER.test(text)
    ? new Date(Number(text) * 1000)
    : DATE_TIME.test(text) || /^[A-Z][a-z]{2}, .+ GMT$/.test(text)
      ? new Date(text)
      : undefined;
  if (!date || Number.isNaN(date.getTime())) throw malformed(text, type);
  return date;
}

export type TimestampFormat = 'dateTime' | 'httpDate' | 'epochSeconds';

/** The text of a scalar; a timestamp in its own format if the model gives one, else in `format`. */
export function renderScalar(shape: Shape, value: unknown, format: TimestampFormat): string {
  if (shape.kind !== 'scalar') return String(value);
  if (value instanceof Date) return renderTimestamp(value, timestampFormat(shape, format));
  if (shape.type === 'blob' || shape.type === 'streamingBlob') {
    return Buffer.from(value as Uint8Array | string).toString('base64');
  }
  return String(value);
}

export const timestampFormat = (shape: Scalar, otherwise: TimestampFormat): TimestampFormat =>
  shape.type === 'timestamp' ? otherwise : ((shape.type.split(':')[1] as TimestampFormat) ?? otherwise);

function renderTimestamp(value: Date, format: TimestampFormat): string {
  if (format === 'epochSeconds') return String(value.getTime() / 1000);
  return format === 'httpDate' ? value.toUTCString() : value.toISOString();
}

/** Runs `decode`, turning what is malformed into the protocol's own fault. */
export function inWordsOf<T>(code: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof MalformedValue) throw new Fault(code, error.message);
    throw error;
  }
}
