// What a service's requests and answers have that neither its model nor its protocol says. Declared by the service, and
// known before the service is loaded. Only types live here.

import type { Fault } from './fault.ts';
import type { Codec, RequestHead, WireRequest, WireResponse } from './request.ts';

export interface HttpDialect {
  /** Whether a request by method and path is for this service though it is signed for another. */
  claims?(head: RequestHead): boolean;
  /** A request by method and path that names no service, as a link does, is for this one. */
  takesUnnamed?: true;
  /** Where method and path name the operation: instead of the protocol's. */
  codec?: Codec;
  /** A request in the form that routes and bindings know. */
  inPlainForm?(head: RequestHead): RequestHead;
  /** Throws a Fault for a request that is refused whatever it asks for. `now` in milliseconds since the epoch. */
  refuse?(head: RequestHead, now: number): void;
  /** The fault for a body that there is no room for now; one that SDKs try again. ThrottlingException by default. */
  noRoom?(): Fault;
  /** Requests whose body says what others have in their head. */
  form?: FormDialect;
  /** Operations that a page of another origin may ask for where the service's `pageRules` let it. */
  pages?: { reads: ReadonlySet<string>; writes: ReadonlySet<string> };
  /** Operations that a link may ask for though they change something: a secret in it is permission enough. */
  links?: ReadonlySet<string>;
}

export interface FormDialect {
  /** Which operation they ask for. */
  operation: string;
  /** `head` is in plain form. */
  isForm(head: RequestHead): boolean;
  /** Throws a Fault for what is no such form, or not allowed. */
  read(head: RequestHead, body: Buffer, now: number): FormPost;
}

/** A form, turned into the request that it stands for. */
export interface FormPost {
  /** Signed in its query, where the form is. */
  head: RequestHead;
  file: WireRequest['body'];
  /** Something in it says who may post what, and bears a signature, whether or not true. */
  isSigned: boolean;
  /** The answer to the operation -> the answer to the form. */
  reshape(answer: WireResponse): WireResponse;
}
