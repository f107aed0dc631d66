// The HTTP features of a service that neither its model nor its protocol describes. The service declares them, and they
// are known before the service is loaded. Only types live here.

import type { Fault } from './fault.ts';
import type { Codec, RequestHead, WireRequest, WireResponse } from './request.ts';

/** What differs from the protocol in a service's requests and responses. */
export interface HttpDialect {
  /** True for a REST request that is for this service, although its signature names another one. */
  claims?(head: RequestHead): boolean;
  /** REST requests that name no service, for example plain links, are for this service. */
  isDefaultForRest?: true;
  /** Replaces the protocol's codec for REST requests. */
  codec?: Codec;
  /** Rewrites a request to the standard form that routes and bindings expect. */
  normalize?(head: RequestHead): RequestHead;
  /** Throws a Fault to refuse a request before its operation is known. `now` is in milliseconds since the epoch. */
  refuse?(head: RequestHead, now: number): void;
  /** The fault when all bodies together reach the memory limit. SDKs must retry it. ThrottlingException by default. */
  noRoom?(): Fault;
  /** Adds headers to a response, also to one of an error, before it is sent. */
  complete?(response: WireResponse): void;
  /** Requests that come as HTML forms. */
  form?: FormDialect;
  /** Operations that a page of another origin may call if the service's `pageRules` allow it. */
  pages?: { reads: ReadonlySet<string>; writes: ReadonlySet<string> };
  /** Operations that change something and may be called by a link, because the link contains a secret. */
  links?: ReadonlySet<string>;
}

/** How a service reads requests that come as HTML forms. */
export interface FormDialect {
  /** The operation of every form. */
  operation: string;
  /** `head` is normalized. */
  isForm(head: RequestHead): boolean;
  /** Throws a Fault for a malformed form, or for one that its policy forbids. `now` is in ms since the epoch. */
  read(head: RequestHead, body: Buffer, now: number): FormPost;
}

/** A form, converted to the equivalent request. */
export interface FormPost {
  /** The signature of the form is in the query string. */
  head: RequestHead;
  file: WireRequest['body'];
  /** The form has a policy and a signature. The signature is not verified. */
  isSigned: boolean;
  /** Converts the response of the operation to the response of the form. */
  reshape(answer: WireResponse): WireResponse;
}
