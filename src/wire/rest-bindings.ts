// Maps members to the parts of an HTTP message in the REST protocols: path, query, headers, status, payload or
// document. rest-json.ts and rest-xml.ts read and write the documents.

import { Readable } from 'node:stream';
import { Fault } from './fault.ts';
import type { Call, WireRequest, WireResponse } from './request.ts';
import { findRoute } from './rest-routes.ts';
import { parseScalar, renderScalar, withFaultCode } from './scalar.ts';
import type { Member, Operation, ServiceSchema, Shape, Structure } from './schema.ts';
import { decodeUtf8 } from './utf8.ts';

/** How a REST protocol reads and writes documents. */
export interface BodyFormat {
  contentType: string;
  /** The error code for a request that cannot be read. */
  malformedCode: string;
  /** The fault for a method and path that name no operation; UnknownOperationException by default. */
  unknownRoute?(request: WireRequest): Fault;
  /** Reads a structure from a body that is not empty. */
  read(shape: Shape, body: Buffer, blobs: WireRequest['blobs']): Record<string, unknown>;
  /** Writes a structure as a document. `payload` is the member that holds it, if it is a payload. */
  write(service: ServiceSchema, shape: Structure, value: Record<string, unknown>, payload?: Member): string;
}

/** The operation that method and path name. Throws the Fault of `format` when there is none. */
export function readRestCall(service: ServiceSchema, request: WireRequest, format: BodyFormat): Call {
  const route = routeOf(service, request, format);
  const { operation, labels } = route;
  return {
    operation,
    decode: () =>
      withFaultCode(format.malformedCode, () => decodeInput(operation.input, labels, request, format)),
  };
}

function routeOf(service: ServiceSchema, request: WireRequest, format: BodyFormat) {
  const unknown = `${request.method} ${request.path}`;
  try {
    const route = findRoute(service, request);
    if (route) return route;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new Fault(format.malformedCode, `The path is not validly encoded: ${unknown}`);
  }
  throw (
    format.unknownRoute?.(request) ??
    new Fault('UnknownOperationException', `Unknown operation ${unknown}`, { status: 404 })
  );
}

function decodeInput(
  shape: Structure,
  labels: Record<string, string>,
  request: WireRequest,
  format: BodyFormat,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  let hasDocument = false;
  for (const member of shape.members) {
    if (isInDocument(member)) hasDocument = true;
    else {
      const value = member.traits.httpPayload
        ? readPayload(member, request, format)
        : readBinding(member, labels, request);
      if (value !== undefined) input[member.name] = value;
    }
  }
  if (hasDocument && request.body.length > 0) {
    const document = format.read(shape, request.body, request.blobs);
    for (const member of shape.members) {
      if (isInDocument(member) && document[member.name] !== undefined)
        input[member.name] = document[member.name];
    }
  }
  return input;
}

function readBinding(member: Member, labels: Record<string, string>, request: WireRequest): unknown {
  const { shape, traits } = member;
  if (traits.httpLabel)
    return labels[member.name] === undefined ? undefined : readText(shape, labels[member.name]!);
  if (traits.httpQuery) {
    const values = request.url.searchParams.getAll(traits.httpQuery);
    if (values.length === 0) return undefined;
    return shape.kind === 'list'
      ? values.map((value) => readText(shape.item, value))
      : readText(shape, values[0]!);
  }
  if (traits.httpQueryParams) return Object.fromEntries(request.url.searchParams);
  if (traits.httpPrefixHeaders !== undefined)
    return readPrefixed(request, traits.httpPrefixHeaders.toLowerCase());
  const header = request.headers[traits.httpHeader!.toLowerCase()];
  if (header === undefined) return undefined;
  const text = String(header);
  if (shape.kind !== 'list') return readText(shape, text);
  return splitHeader(text).map((item) => readText(shape.item, item));
}

const QUOTED_OR_BARE = /\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(?:,|$)/gy;

// Items with commas or quotes are quoted. HTTP dates, which contain a comma, do not occur in these lists.
function splitHeader(text: string): string[] {
  const items: string[] = [];
  for (const [whole, quoted, bare] of text.matchAll(QUOTED_OR_BARE)) {
    if (whole === '') break;
    items.push(quoted === undefined ? bare! : quoted.replace(/\\(.)/g, '$1'));
  }
  return items;
}

function readText(shape: Shape, text: string): unknown {
  return shape.kind === 'scalar' ? parseScalar(shape, text) : text;
}

function readPrefixed(request: WireRequest, prefix: string): Record<string, string> | undefined {
  const found = Object.entries(request.headers)
    .filter(([name, value]) => name.startsWith(prefix) && value !== undefined)
    .map(([name, value]) => [name.slice(prefix.length), String(value)] as const);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function readPayload(member: Member, { body, blobs, bodyStream }: WireRequest, format: BodyFormat): unknown {
  const { shape } = member;
  if (bodyStream) return bodyStream;
  if (shape.kind === 'scalar' && shape.type === 'string') {
    return decodeUtf8(body, (reason) => new Fault(format.malformedCode, `The request body ${reason}.`));
  }
  if (shape.kind === 'scalar') return body;
  return body.length > 0 ? format.read(shape, body, blobs) : undefined;
}

/** The response for an operation's output. */
export function writeRest(
  service: ServiceSchema,
  operation: Operation,
  output: Record<string, unknown>,
  format: BodyFormat,
): WireResponse {
  const answer: WireResponse = { status: operation.http?.[2] ?? 200, headers: {}, body: '' };
  let payload: Member | undefined;
  let hasDocument = false;
  for (const member of operation.output.members) {
    if (member.traits.httpPayload) payload = member;
    else if (isInDocument(member)) hasDocument = true;
    else writeBinding(answer, member, output[member.name]);
  }
  if (payload) writePayload(answer, service, payload, output[payload.name], format);
  else if (hasDocument || format.contentType === 'application/json') {
    if (answer.status === 204) return answer;
    answer.headers['content-type'] ??= format.contentType;
    answer.body = format.write(service, operation.output, output);
  }
  return answer;
}

function writeBinding(answer: WireResponse, member: Member, value: unknown): void {
  const { shape, traits } = member;
  if (value === undefined || value === null) return;
  if (traits.httpResponseCode) answer.status = value as number;
  else if (traits.httpPrefixHeaders !== undefined) {
    for (const [name, text] of Object.entries(value as object)) {
      answer.headers[(traits.httpPrefixHeaders + name).toLowerCase()] = headerText('', String(text));
    }
  } else if (traits.httpHeader) {
    const items = shape.kind === 'list' ? (value as unknown[]) : [value];
    const item = shape.kind === 'list' ? shape.item : shape;
    const texts = items.map((each) => renderScalar(item, each, 'httpDate'));
    answer.headers[traits.httpHeader.toLowerCase()] = headerText(traits.httpHeader, texts.join(','));
  }
}

// A character that headers cannot contain would make the response fail, and a line break would start another header.
// Node decodes content-disposition once more and may refuse the result, so that header must be ASCII.
function headerText(name: string, text: string): string {
  const isAscii = name.toLowerCase() === 'content-disposition';
  return text.replace(isAscii ? /[^\t\x20-\x7e]/g : /[^\t\x20-\x7e\x80-\xff]/g, '?');
}

function writePayload(
  answer: WireResponse,
  service: ServiceSchema,
  member: Member,
  value: unknown,
  format: BodyFormat,
): void {
  if (value === undefined || value === null) return;
  const { shape } = member;
  if (shape.kind === 'structure') {
    answer.headers['content-type'] ??= format.contentType;
    answer.body = format.write(service, shape, value as Record<string, unknown>, member);
  } else {
    answer.headers['content-type'] ??= 'application/octet-stream';
    answer.body = value instanceof Uint8Array || value instanceof Readable ? value : String(value);
  }
}

/** True for a member that is part of the document in the body. */
export function isInDocument({ traits }: Member): boolean {
  return !(
    traits.httpLabel ||
    traits.httpQuery ||
    traits.httpQueryParams ||
    traits.httpHeader ||
    traits.httpPrefixHeaders !== undefined ||
    traits.httpPayload ||
    traits.httpResponseCode
  );
}
