// The protocols awsJson 1.0 and 1.1: a header names the operation; input and output are JSON. Also reads and writes
// JSON values and failures for restJson1 and rpcv2Cbor.

import { randomHex } from '../kernel/ids.ts';
import { Fault } from './fault.ts';
import { excessIn } from './json-bounds.ts';
import type { Codec, WireFailure, WireResponse } from './request.ts';
import { parseBase64, parseTimestamp, renderScalar, timestampFormat, withFaultCode } from './scalar.ts';
import type { Shape } from './schema.ts';
import { readTree, type ScalarForm, serialization, unexpected, writeTree } from './tree.ts';
import { decodeUtf8 } from './utf8.ts';

/** The codec of the protocol awsJson1_0. */
export const awsJson1_0 = awsJson('application/x-amz-json-1.0');
/** The codec of the protocol awsJson1_1. */
export const awsJson1_1 = awsJson('application/x-amz-json-1.1');

function awsJson(contentType: string): Codec {
  return {
    read(service, request) {
      const target = String(request.headers['x-amz-target'] ?? '');
      const operation = service.operation(target.slice(target.indexOf('.') + 1));
      if (!operation) throw new Fault('UnknownOperationException', `Unknown operation ${target}`);
      return {
        operation,
        decode: () => readJson(operation.input, request.body, request.blobs) as Record<string, unknown>,
      };
    },
    encode: (operation, output) => json(200, contentType, writeJson(operation.output, output)),
    encodeFailure(failure, { service }) {
      const prefix = service ? `${service.namespace}#` : '';
      const body = { __type: `${prefix}${failure.shape}`, ...failureMembers(jsonScalars, failure) };
      const answer = json(failure.status, contentType, JSON.stringify(body));
      Object.assign(answer.headers, failureHeaders(failure, service?.queryCompatible === true));
      // AWS: the header contains the namespace, as the body does (moto's tests of SQS, verified against AWS, 5.2.5).
      answer.headers['x-amzn-errortype'] = body.__type;
      return answer;
    },
    missing: missingMembers,
    accessDenied: 'AccessDeniedException',
  };
}

/**
 * Reads a JSON value of this shape. `blobs` were cut out of the body (large-json.ts). An empty body is an empty
 * structure. Throws SerializationException.
 */
export function readJson(shape: Shape, body: Buffer, blobs?: ReadonlyMap<string, Buffer>): unknown {
  if (body.length === 0) return {};
  const excess = excessIn(body);
  if (excess) throw serialization(`The request body ${excess}.`);
  const text = decodeUtf8(body, (reason) => serialization(`The request body ${reason}.`));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw serialization('The request body is not valid JSON.');
  }
  const form = blobs?.size ? scalarsWith(blobs) : jsonScalars;
  return withFaultCode('SerializationException', () => readTree(form, shape, value));
}

/** A value of this shape as JSON. */
export function writeJson(shape: Shape, value: unknown): string {
  writtenTexts = [];
  const text = JSON.stringify(writeTree(writing, shape, value));
  if (writtenTexts.length === 0) return text;
  // The texts come in the order in which they were written.
  const [first, ...rest] = text.split(QUOTED_PLACE);
  return rest.reduce((before, part, index) => before + writtenTexts[index]! + part, first!);
}

/** The texts that the running `writeJson` has met. */
let writtenTexts: string[] = [];

/** Stands for a text that is JSON already. It is random, so no value contains it. */
const PLACE = `written:${randomHex(32)}`;
const QUOTED_PLACE = JSON.stringify(PLACE);

/** Scalars in JSON: blobs are base64; timestamps are seconds since the epoch by default. */
export const jsonScalars: ScalarForm = {
  read(shape, value) {
    switch (shape.type) {
      case 'string':
        if (typeof value !== 'string') throw unexpected(value, 'a String');
        return value;
      case 'number':
        if (typeof value !== 'number') throw unexpected(value, 'a Number');
        if (!Number.isFinite(value)) throw serialization('A number is out of range');
        return value;
      case 'boolean':
        if (typeof value !== 'boolean') throw unexpected(value, 'a Boolean');
        return value;
      case 'blob':
      case 'streamingBlob':
        if (typeof value !== 'string') throw unexpected(value, 'a Blob');
        return parseBase64(value, shape.type);
      default:
        if (typeof value !== 'string' && typeof value !== 'number') throw unexpected(value, 'a Timestamp');
        return parseTimestamp(String(value), shape.type);
    }
  },
  write(shape, value) {
    if (value instanceof Date && timestampFormat(shape, 'epochSeconds') === 'epochSeconds') {
      return value.getTime() / 1000;
    }
    if (typeof value === 'object' || shape.type === 'blob') return renderScalar(shape, value, 'epochSeconds');
    return value;
  },
};

const writing: ScalarForm = {
  ...jsonScalars,
  written({ text }) {
    writtenTexts.push(text);
    return PLACE;
  },
};

const scalarsWith = (blobs: ReadonlyMap<string, Buffer>): ScalarForm => ({
  ...jsonScalars,
  read(shape, value) {
    const blob = blobs.get(value as string);
    if (!blob) return jsonScalars.read(shape, value);
    if (shape.type !== 'blob') throw serialization('A string is too long.');
    return blob;
  },
});

/** `message` and the error's further members, as JSON and CBOR protocols write them. */
export function failureMembers(form: ScalarForm, failure: WireFailure): Record<string, unknown> {
  const own = failure.schema ? writeTree(form, failure.schema.shape, failure.members) : {};
  return { message: failure.message, ...(own as object) };
}

/** The response headers of a failure in JSON and CBOR protocols. */
export function failureHeaders(failure: WireFailure, queryCompatible: boolean): Record<string, string> {
  const headers: Record<string, string> = { 'x-amzn-errortype': failure.shape };
  // AWS: a service that has moved from query to JSON also sends its old error code.
  if (queryCompatible) {
    headers['x-amzn-query-error'] = `${failure.code};${failure.isClientFault ? 'Sender' : 'Receiver'}`;
  }
  return headers;
}

/** AWS: the ValidationException for absent required members, in the text of AWS's shared validation. */
export function missingMembers(paths: readonly string[]): Fault {
  const errors = paths.map(
    (path) => `Value at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  const count = `${errors.length} validation error${errors.length > 1 ? 's' : ''} detected`;
  return new Fault('ValidationException', `${count}: ${errors.join('; ')}`);
}

const json = (status: number, contentType: string, body: string): WireResponse => ({
  status,
  headers: { 'content-type': contentType },
  body,
});
