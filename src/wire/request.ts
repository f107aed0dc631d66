// The types between the server and the codecs: an HTTP request, its response, and the codec interface.

import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from './fault.ts';
import type { FormNode } from './form.ts';
import type { BodyStream, ByteStream } from './payload.ts';
import type { Operation, ServiceSchema } from './schema.ts';

/** A host name under which one service alone answers. */
export interface ServiceHost {
  service: string;
  /** Lower case, without port. */
  name: string;
}

/** A request without its body. */
export interface RequestHead {
  method: string;
  /** Its pathname is normalised. An S3 object key must not be, so use `path` for it. */
  url: URL;
  /** As sent, still percent-encoded, without the query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Present when the Host header is the name of one service, or of one of its resources. */
  serviceHost?: ServiceHost;
}

/** A request with its body. */
export interface WireRequest extends RequestHead {
  /** The whole body, without transfer framing and compression. Empty when `bodyStream` is present. */
  body: Buffer;
  /** Blobs that were cut out of a large JSON body (large-json.ts). */
  blobs?: ReadonlyMap<string, Buffer>;
  /** The parsed parameters of a query request, cached by `requestForm`. */
  form?: FormNode;
  /** The payload as a stream, for operations that read it so. */
  bodyStream?: BodyStream;
}

/** A response before it is sent. */
export interface WireResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** For a stream, the headers contain content-length. */
  body: string | Uint8Array | ByteStream;
}

/** A failure as clients see it; made by failure.ts. */
export interface WireFailure {
  /** The error's shape name, as JSON protocols show it. */
  shape: string;
  /** The error code of query protocols. */
  code: string;
  message: string;
  status: number;
  /** HTTP status in query protocols. */
  queryStatus: number;
  isClientFault: boolean;
  /** Further members of the error. `schema` says how to write them. */
  members: Record<string, unknown>;
  headers: Record<string, string>;
  schema: ReturnType<ServiceSchema['error']>;
}

/** What a codec needs for a response besides the operation's output. */
export interface Reply {
  /** `undefined` for a failure before the service was known. */
  service: ServiceSchema | undefined;
  requestId: string;
}

/** The operation of a request, and a function that reads its input. */
export interface Call {
  operation: Operation;
  /** Throws a Fault when the request does not have the shape of the operation's input. */
  decode(): Record<string, unknown>;
}

/** One protocol: finds the operation, reads its input, and writes outputs and failures. */
export interface Codec {
  /** Throws a Fault when the request names no operation. A REST codec reads the body only in `decode`. */
  read(service: ServiceSchema, request: WireRequest): Call;
  encode(operation: Operation, output: Record<string, unknown>, reply: Reply): WireResponse;
  encodeFailure(failure: WireFailure, reply: Reply): WireResponse;
  /** The fault for absent required members, given as paths: `Tags.1.Key`. */
  missing(paths: readonly string[]): Fault;
  /** The error code for callers that may not call the operation. */
  readonly accessDenied: string;
}
