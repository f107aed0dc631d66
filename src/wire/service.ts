// How a service is declared, and what its operations are given. A service is a table of operations, each a function
// of its AWS name, typed by the AWS SDK's own input and output types; everything else comes from its schema.
//
//   export const GetAccessKeyInfo: Operation<'GetAccessKeyInfo'> = (_sts, input) => ({ Account: … });
//   export const operations: Operations<Sdk, Sts> = { GetAccessKeyInfo };
//   defineService<Sdk, Sts>('sts', { clock }, operations, { constraints });

import type { Readable } from 'node:stream';
import type { Scope } from '../aws/scope.ts';
import type { HttpDialect } from './http-dialect.ts';
import type { ArrivingBody, ByteStream } from './payload.ts';
import type { ConstraintRules } from './violation.ts';

export type { ArrivingBody, ByteStream } from './payload.ts';
export type { ConstraintRules } from './violation.ts';

/** What is known of a request besides its input. */
export interface RequestContext extends Scope {
  service: string;
  operation: string;
  requestId: string;
  accessKeyId?: string;
  /** Of temporary credentials. */
  sessionToken?: string;
  /** Called by a service of this Millpond, in process. */
  isService?: true;
  /** The client asks until something is so, and sleeps in between: its answer may be held back until then. */
  isWaiter?: boolean;
  /** Who waits for the answer; absent in process. For answers that are held back for long. */
  client?: Client;
}

/** The client of a request, as long as it waits for the answer. */
export interface Client {
  /** Its connection is closed: nobody will read the answer. */
  readonly isGone: boolean;
  /** Calls back at most once; returns how to stop listening. */
  onGone(listener: () => void): () => void;
}

/** The longest that an answer is held back for a waiter; clients give a request up after 60 s. */
export const WAITER_HOLD_MS = 20_000;

// The SDK's types are a client's: required members are `T | undefined`, blobs are unions, outputs bear
// $metadata. A server knows better; the mapping is shallow, which keeps even EC2's types cheap.
type OptionalKey<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;

export type ServerInput<T> = {
  [K in keyof T]: Uint8Array extends T[K]
    ?
        | (Readable extends T[K] ? ArrivingBody | Uint8Array : Uint8Array)
        | (OptionalKey<T, K> extends true ? undefined : never)
    : OptionalKey<T, K> extends true
      ? T[K]
      : NonNullable<T[K]>;
};

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

export type Input<M, N extends string> = `${N}Command` extends keyof M
  ? ServerInput<CommandTypes<M[`${N}Command`]>['input']>
  : never;

export type Output<M, N extends string> = `${N}Command` extends keyof M
  ? ServerOutput<CommandTypes<M[`${N}Command`]>['output']>
  : never;

/**
 * One operation of the service whose SDK is `M`. `Context` is what all operations of the service share, the same for
 * every request. Each service's `sdk.ts` names this type `Operation<N>` for its own.
 */
export type OperationOf<M, Context, N extends OperationName<M>> = (
  service: Context,
  input: Input<M, N>,
  context: RequestContext,
) => Output<M, N> | Promise<Output<M, N>>;

/** The operations that a service has. What is missing is refused as not implemented. */
export type Operations<M, Context> = { readonly [N in OperationName<M>]?: OperationOf<M, Context, N> };

/** An operation with its service's context bound. */
export type Handler<I, O> = (input: I, context: RequestContext) => O | Promise<O>;

/** A service's own rules for pages of other origins, by what the path of a request in plain form means. */
export interface PageRules {
  /** For the answer to such a page; `undefined` where no rule lets it in. */
  corsHeaders(request: { path: string; origin: string; method: string }): Record<string, string> | undefined;
  /** For a preflight request; `undefined` where there is nothing of that path. Throws a Fault where no rule lets it in. */
  preflightHeaders(request: {
    path: string;
    origin: string;
    method: string;
    headers: readonly string[];
  }): Record<string, string> | undefined;
}

export interface Service {
  /** The schema's name and the SigV4 signing name, e.g. `elasticache`. */
  readonly name: string;
  /** By name, the context bound. Typed where they are declared; looked up by name afterwards. */
  readonly operations: Readonly<Record<string, Handler<Anything, Anything>>>;
  /** Those that are given their payload as it comes, whatever its size; all others get it whole. */
  readonly takesStreams?: ReadonlySet<string>;
  readonly pageRules?: PageRules;
  readonly dialect?: HttpDialect;
  /** How inputs that the model does not allow are refused. Absent: its operations check all but required members. */
  readonly constraints?: ConstraintRules;
}

/** A service that is built when it is first asked for. */
export interface DeferredService {
  readonly name: string;
  readonly dialect?: HttpDialect | undefined;
  load(): Promise<Service>;
}

export type ServedService = Service | DeferredService;

type UnboundHandler<Context> = (
  service: Context,
  ...request: Parameters<Handler<Anything, Anything>>
) => Anything;

/** Binds `context` to each of the operations, once. `name` is the schema's. */
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
