// The protocol rpc-v2-cbor: the path names the operation; input and output are CBOR. cbor-bytes.ts has the encoding.

import { decodeCbor, encodeCbor, MalformedCbor } from './cbor-bytes.ts';
import { Fault } from './fault.ts';
import { failureHeaders, failureMembers, jsonScalars, missingMembers } from './json.ts';
import type { Codec, WireResponse } from './request.ts';
import { withFaultCode } from './scalar.ts';
import type { Shape } from './schema.ts';
import { MAX_DEPTH, readTree, type ScalarForm, serialization, unexpected, writeTree } from './tree.ts';

const PATH = /\/service\/[^/]+\/operation\/([^/]+)$/;

/** The codec of the protocol rpcv2Cbor. */
export const rpcv2Cbor: Codec = {
  read(service, request) {
    const name = PATH.exec(request.url.pathname)?.[1] ?? '';
    const operation = service.operation(name);
    if (!operation) {
      throw new Fault('UnknownOperationException', `Unknown operation ${request.url.pathname}`, {
        status: 404,
      });
    }
    return { operation, decode: () => readCbor(operation.input, request.body) as Record<string, unknown> };
  },
  encode: (operation, output) => cbor(200, writeTree(cborScalars, operation.output, output)),
  encodeFailure(failure, { service }) {
    const prefix = service ? `${service.namespace}#` : '';
    const body = { __type: `${prefix}${failure.shape}`, ...failureMembers(cborScalars, failure) };
    const answer = cbor(failure.status, body);
    Object.assign(answer.headers, failureHeaders(failure, service?.queryCompatible === true));
    return answer;
  },
  missing: missingMembers,
  accessDenied: 'AccessDeniedException',
};

function readCbor(shape: Shape, body: Buffer): unknown {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = decodeCbor(body, MAX_DEPTH);
  } catch (error) {
    if (error instanceof MalformedCbor)
      throw serialization(`The request body is not valid CBOR: ${error.message}.`);
    throw error;
  }
  return withFaultCode('SerializationException', () => readTree(cborScalars, shape, value));
}

const cborScalars: ScalarForm = {
  read(shape, value) {
    if (shape.type === 'blob' || shape.type === 'streamingBlob') {
      if (!(value instanceof Uint8Array)) throw unexpected(value, 'a Blob');
      return value;
    }
    if (value instanceof Date) {
      if (!shape.type.startsWith('timestamp')) throw unexpected(0, 'that type');
      return value;
    }
    return jsonScalars.read(shape, value);
  },
  write(shape, value) {
    return shape.type === 'blob' && typeof value === 'string' ? Buffer.from(value) : value;
  },
};

const cbor = (status: number, value: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  body: encodeCbor(value),
});
