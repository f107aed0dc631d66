// The protocol restJson1: method and path name the operation; documents are JSON.

import { failureMembers, jsonScalars, missingMembers, readJson } from './json.ts';
import type { Codec } from './request.ts';
import { type BodyFormat, isInDocument, readRestCall, writeRest } from './rest-bindings.ts';
import { writeTree } from './tree.ts';

const format: BodyFormat = {
  contentType: 'application/json',
  malformedCode: 'SerializationException',
  read: (shape, body, blobs) => readJson(shape, body, blobs) as Record<string, unknown>,
  write(_service, shape, value, payload) {
    const document = payload ? shape : { ...shape, members: shape.members.filter(isInDocument) };
    return JSON.stringify(writeTree(jsonScalars, document, value));
  },
};

/** The codec of the protocol restJson1. */
export const restJson1: Codec = {
  read: (service, request) => readRestCall(service, request, format),
  encode: (operation, output, { service }) => writeRest(service!, operation, output, format),
  encodeFailure: (failure) => ({
    status: failure.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': failure.shape },
    body: JSON.stringify({ __type: failure.shape, ...failureMembers(jsonScalars, failure) }),
  }),
  missing: missingMembers,
  accessDenied: 'AccessDeniedException',
};
