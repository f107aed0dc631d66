// Declares a service: a table of operations. Each is a function with its AWS name and with the AWS SDK's input and
// output types. Everything else about the operations comes from the service's schema.
//
//   export const GetAccessKeyInfo: Operation<'GetAccessKeyInfo'> = (_sts, input) => ({ Account: … });
//   export const operations: Operations<Sdk, Sts> = { GetAccessKeyInfo };
//   defineService<Sdk, Sts>('sts', { clock }, operations, { constraints });

import type { Readable } from 'node:stream';
import type { Scope } from '../aws/scope.ts';
import type { HttpDialect } from './http-dialect.ts';
import type { BodyStream, ByteStream } from './payload.ts';
import type { ConstraintRules } from './violation.ts';

export type { BodyStream, ByteStream } from './payload.ts';
export type { ConstraintRules } from './violation.ts';

/** What an operation knows of a request besides its input. */
export interface RequestContext extends Scope {
  service: string;
  operation: string;
  requestId: string;
  accessKeyId?: string;
  /** The URL of the API, without a slash at the end, as the client reached it; absent in process. */
  baseUrl?: string;
  /** The session token of temporary credentials. */
  sessionToken?: string;
  /** The caller is a service of this Millpond, in process. */
  isService?: true;
  /** The client polls until a condition holds. The operation may delay its response until then. */
  isWaiter?: boolean;
  /** The client's connection, for operations that delay their response; absent in process. */
  client?: Client;
}

/** The connection of the client that waits for the response. */
export interface Client {
  /** The connection is closed, so the response would not be read. */
  readonly isGone: boolean;
  /** Calls `listener` at most once, when the connection closes. Returns a function that removes the listener. */
  onGone(listener: () => void): () => void;
}

/** How long an operation may delay its response to a waiter, in milliseconds. Clients time out after 60 s. */
export const WAITER_HOLD_MS = 20_000;

// The SDK's types are written for clients: required members are `T | undefined`, blobs are unions, outputs have
// $metadata. These types map them to what a server gets and returns. The mapping is shallow, so that even EC2's types
// compile fast.
type OptionalKey<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;

/** The SDK's input type `T` as an operation gets it: required members are present, and blobs are bytes or a stream. */
export type ServerInput<T> = {
  [K in keyof T]: Uint8Array extends T[K]
    ?
        | (Readable extends T[K] ? BodyStream | Uint8Array : Uint8Array)
        | (OptionalKey<T, K> extends true ? undefined : never)
    : OptionalKey<T, K> extends true
      ? T[K]
      : NonNullable<T[K]>;
};

/** The SDK's output type `T` as an operation returns it: without $metadata; a payload is a text, bytes or a stream. */
export type ServerOutput<T> = {
  [K in keyof T as K extends '$metadata' ? never : K]: NonNullable<T[K]> extends {
    transformToString(...args: never[]): unknown;
  }
    ? Uint8Array | string | ByteStream | undefined
    : T[K];
};

// biome-ignore lint/suspicious/noExplicitAny: matches the constructor and the methods of any SDK command
type Anything = any;

type CommandTypes<C> = C extends abstract new (
  ...args: Anything
) => { input: infer I; resolveMiddleware: (...args: Anything) => infer H }
  ? { input: I; output: H extends (...args: Anything) => Promise<{ output: infer O }> ? O : never }
  : never;

/** The operation names of an SDK module. */
export type OperationName<M> = {
  [K in keyof M]: K extends `${infer N}Command` ? (K extends '$Command' ? never : N) : never;
}[keyof M] &
  string;

/** What the operation `N` of the SDK module `M` gets. */
export type Input<M, N extends string> = `${N}Command` extends keyof M
  ? ServerInput<CommandTypes<M[`${N}Command`]>['input']>
  : never;

/** What the operation `N` of the SDK module `M` returns. */
export type Output<M, N extends string> = `${N}Command` extends keyof M
  ? ServerOutput<CommandTypes<M[`${N}Command`]>['output']>
  : never;

/**
 * One operation of the service whose SDK module is `M`. `Context` is shared by all operations and all requests of the
 * service. Each service's `sdk.ts` exports this type as `Operation<N>`.
 */
export type OperationOf<M, Context, N extends OperationName<M>> = (
  service: Context,
  input: Input<M, N>,
  context: RequestContext,
) => Output<M, N> | Promise<Output<M, N>>;

/** The operations that a service implements. Requests for others are refused with NotImplemented. */
export type Operations<M, Context> = { readonly [N in OperationName<M>]?: OperationOf<M, Context, N> };

/** An operation whose service context is bound. */
export type Handler<I, O> = (input: I, context: RequestContext) => O | Promise<O>;

/** A service's rules for web pages of other origins. `path` is that of the normalized request. */
export interface PageRules {
  /** The CORS headers of the response; `undefined` when no rule allows the page. */
  corsHeaders(request: { path: string; origin: string; method: string }): Record<string, string> | undefined;
  /**
   * The headers of the response to a preflight request; `undefined` when nothing has that path. Throws a Fault when no
   * rule allows the page.
   */
  preflightHeaders(request: {
    path: string;
    origin: string;
    method: string;
    headers: readonly string[];
  }): Record<string, string> | undefined;
}

/** A service whose operations can be called. Made by `defineService`. */
export interface Service {
  /** The schema's name and the SigV4 signing name, e.g. `elasticache`. */
  readonly name: string;
  /** By name, with the context bound. They are typed where they are declared. */
  readonly operations: Readonly<Record<string, Handler<Anything, Anything>>>;
  /** Operations that read their payload as a stream of any size. All others get the whole payload. */
  readonly takesStreams?: ReadonlySet<string>;
  readonly pageRules?: PageRules;
  readonly dialect?: HttpDialect;
  /** How the service refuses inputs that its model forbids. When absent, only required members are checked. */
  readonly constraints?: ConstraintRules;
}

/** A service that is built on its first request. */
export interface DeferredService {
  readonly name: string;
  readonly dialect?: HttpDialect | undefined;
  load(): Promise<Service>;
}

/** A service as the server gets it. */
export type ServedService = Service | DeferredService;

type UnboundHandler<Context> = (
  service: Context,
  ...request: Parameters<Handler<Anything, Anything>>
) => Anything;

/**
 * Binds `context` to each operation. `name` is that of the schema. `takesStreams` lists operations with stream input.
 */
export function defineService<M, Context>(
  name: string,
  context: Context,
  operations: Operations<M, Context>,
  options: {
    takesStreams?: readonly OperationName<M>[];
    pageRules?: PageRules;
    dialect?: HttpDialect;
    constraints?: ConstraintRules;
  } = {},
): Service {
  const unbound = Object.entries(operations as Record<string, UnboundHandler<Context>>);
  const bound = unbound.map(([operation, run]) => [operation, run.bind(undefined, context)] as const);
  return {
    name,
    operations: Object.fromEntries(bound),
    ...(options.constraints && { constraints: options.constraints }),
    ...(options.takesStreams && { takesStreams: new Set(options.takesStreams) }),
    ...(options.pageRules && { pageRules: options.pageRules }),
    ...(options.dialect && { dialect: options.dialect }),
  };
}
