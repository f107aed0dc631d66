// What passes between the server and the codecs: an HTTP request that was read whole, and the answer to it.
// Only types live here.

import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from './fault.ts';
import type { FormNode } from './form.ts';
import type { ArrivingBody, ByteStream } from './payload.ts';
import type { Operation, ServiceSchema } from './schema.ts';

/** A host name under which one service alone answers. */
export interface ServiceHost {
  service: string;
  /** Lower case, without port. */
  name: string;
}

/** All of a request but its body. */
export interface RequestHead {
  method: string;
  /** Its path is normalised, which that of an object must not be: see `path`. */
  url: URL;
  /** As sent, still percent-encoded, without the query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Where the Host header is a name of one service's own, such as that of a bucket. */
  serviceHost?: ServiceHost;
}

export interface WireRequest extends RequestHead {
  /** Whole, within the limit, with transfer framing and compression undone. Empty where `arriving` is given. */
  body: Buffer;
  /** What was taken out of a large JSON body. */
  blobs?: ReadonlyMap<string, Buffer>;
  /** The parameters of a query request, once somebody has asked for them. */
  form?: FormNode;
  /** For operations that take their payload as it comes. */
  arriving?: ArrivingBody;
}

export interface WireResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** A stream comes with a content-length among the headers. */
  body: string | Uint8Array | ByteStream;
}

/** A failure as clients see it; made by failure.ts. */
export interface WireFailure {
  /** The error's shape name, as JSON protocols show it. */
  shape: string;
  /** As query protocols show it. */
  code: string;
  message: string;
  status: number;
  /** HTTP status in query protocols. */
  queryStatus: number;
  isClientFault: boolean;
  /** Further members, with the shape that says how to write them. */
  members: Record<string, unknown>;
  headers: Record<string, string>;
  schema: ReturnType<ServiceSchema['error']>;
}

/** Facts of an answer that are not in the operation's output. */
export interface Reply {
  /** `undefined` in a failure that came before the service was known. */
  service: ServiceSchema | undefined;
  requestId: string;
}

/** Which operation a request means, and how to read its input. */
export interface Call {
  operation: Operation;
  /** Throws a Fault when the bytes are not what the operation's input may look like. */
  decode(): Record<string, unknown>;
}

/** One protocol: how it names operations, and how it writes inputs, outputs and failures. */
export interface Codec {
  /** Of REST requests the body is looked at when the call is decoded. Throws a Fault when they name no operation. */
  read(service: ServiceSchema, request: WireRequest): Call;
  encode(operation: Operation, output: Record<string, unknown>, reply: Reply): WireResponse;
  encodeFailure(failure: WireFailure, reply: Reply): WireResponse;
  /** The fault for required members that are absent, given as paths: `Tags.1.Key`. */
  missing(paths: readonly string[]): Fault;
  /** The code of the fault for callers who may not call. */
  readonly accessDenied: string;
}
