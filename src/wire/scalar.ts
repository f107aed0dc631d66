// Reads and writes scalars as text, for query parameters, XML, HTTP headers and URL labels.

import { Fault } from './fault.ts';
import type { Scalar, Shape } from './schema.ts';
import type { ScalarType } from './schema-file.ts';

/** A value that is invalid for its type. The codec converts it to a Fault of its protocol (`withFaultCode`). */
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

/** The text in quotes for messages: control characters escaped, cut after 100 characters. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads a scalar of this shape. Throws MalformedValue. */
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

/** Decodes base64 in either alphabet; line breaks are allowed. Throws MalformedValue. */
export function parseBase64(text: string, type: ScalarType): Buffer {
  const compact = text.replace(/[\r\n]+/g, '');
  if (!BASE64.test(compact)) throw malformed(text, type);
  return Buffer.from(compact, 'base64');
}

/** Reads ISO 8601, seconds since the epoch, or an HTTP date. Throws MalformedValue. */
export function parseTimestamp(text: string, type: ScalarType): Date {
  const date = NUMBER.test(text)
    ? new Date(Number(text) * 1000)
    : DATE_TIME.test(text) || /^[A-Z][a-z]{2}, .+ GMT$/.test(text)
      ? new Date(text)
      : undefined;
  if (!date || Number.isNaN(date.getTime())) throw malformed(text, type);
  return date;
}

/** ISO 8601, an HTTP date, or seconds since the epoch. */
export type TimestampFormat = 'dateTime' | 'httpDate' | 'epochSeconds';

/** The text of a scalar. A timestamp has the format of the model, or `format` if the model gives none. */
export function renderScalar(shape: Shape, value: unknown, format: TimestampFormat): string {
  if (shape.kind !== 'scalar') return String(value);
  if (value instanceof Date) return renderTimestamp(value, timestampFormat(shape, format));
  if (shape.type === 'blob' || shape.type === 'streamingBlob') {
    return Buffer.from(value as Uint8Array | string).toString('base64');
  }
  return String(value);
}

/** The timestamp format of the model, or `otherwise` if the model gives none. */
export const timestampFormat = (shape: Scalar, otherwise: TimestampFormat): TimestampFormat =>
  shape.type === 'timestamp' ? otherwise : ((shape.type.split(':')[1] as TimestampFormat) ?? otherwise);

function renderTimestamp(value: Date, format: TimestampFormat): string {
  if (format === 'epochSeconds') return String(value.getTime() / 1000);
  return format === 'httpDate' ? value.toUTCString() : value.toISOString();
}

/** Runs `decode`. Converts a MalformedValue to a Fault with this code. */
export function withFaultCode<T>(code: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof MalformedValue) throw new Fault(code, error.message);
    throw error;
  }
}
