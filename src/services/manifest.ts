// What a service says of itself, so that the list of services need not know any: its name, whom it calls, how it is
// built, which resource types it brings. A manifest is read at every start, and so loads nothing but types; `build`
// and `resourceTypes` import the rest when they are called.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../aws/scope.ts';
import type { ResourceType } from '../control/resource-type.ts';
import type { ZoneTable } from '../dns/zone.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Functions } from '../sandbox/functions/pool.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../wire/client.ts';
import type { HttpDialect } from '../wire/http-dialect.ts';
import type { Service } from '../wire/service.ts';
import type { CloudFormationOptions } from './cloudformation/context.ts';
import type { ElastiCacheDependencies, ElastiCacheService } from './elasticache/service.ts';

/** What every service may use. */
export interface Surroundings {
  store: Store;
  clock: Clock;
  log: Log;
  /** What is kept encrypted is encrypted with what follows from it. */
  secret: string;
  dataDir: string;
  /** Of requests that are not signed. */
  region: string;
  /** Signing name of a service -> where its calls go instead of to Millpond's own. */
  endpoints: Readonly<Record<string, string>>;
  /** Where the API listens, without a slash at the end; asked for when it does. */
  url(): string;
  /** Whether a Host header is one of Millpond's own. */
  isOwnHost(host: string | undefined, httpVersion: string): boolean;
  /** Where all names of all services answer. */
  zones: ZoneTable;
  /** Where functions run. */
  functions: Functions;
  /** What every function finds in its environment beside its own variables. */
  functionEnvironment(scope: Scope): Record<string, string>;
  cloudformation: CloudFormationOptions;
  /** The nodes, and what else ElastiCache alone is given. */
  nodes: Pick<
    ElastiCacheDependencies,
    'fleet' | 'takeAddress' | 'ownsAddress' | 'isConfigured' | 'credentials' | 'options'
  >;
  /** Built before all others. */
  elasticache(): ElastiCacheService;
  /** Of all services that bring any. */
  resourceTypes(): Promise<ResourceType[]>;
}

/** A service that has been built, and what it does besides answering requests for its operations. */
export interface Part {
  service: Service;
  stop?(): Promise<void>;
  /** Takes a request that is no operation's: true when it did. Asked once the service is built. */
  take?(request: IncomingMessage, response: ServerResponse): boolean;
}

/** How another service is called: by its signing name, typed by its SDK. */
export interface Callee<M> {
  name: string;
  /** Only a type. */
  sdk?: M;
  /** It calls this service in its turn, and so stops first. */
  callsBack?: true;
}

export const to = <M>(name: string): Callee<M> => ({ name });

/** For a service that calls this one: it is only asked in answer to a request, never when it stops. */
export const backTo = <M>(name: string): Callee<M> => ({ name, callsBack: true });

// biome-ignore lint/suspicious/noExplicitAny: any SDK's module
export type Callees = Record<string, Callee<any>>;
export type ClientsOf<C extends Callees> = {
  [K in keyof C]: C[K] extends Callee<infer M> ? Client<M> : never;
};

export interface Manifest<M = unknown, C extends Callees = Callees, P extends Part = Part> {
  /** The schema's name and the SigV4 signing name, e.g. `elasticache`. */
  name: string;
  /** What `build` and `resourceTypes` import, to be loaded in pieces before. */
  files?: { service?: URL; resourceTypes?: URL };
  /** It stops before these do. */
  calls: C;
  /** It calls every service that brings resource types, too. */
  makesResources?: true;
  /** Whether it may have something to go on with by itself, once it keeps anything: then it is built at the start. */
  goesOn?: true;
  /** Ready for requests when it resolves. */
  build(surroundings: Surroundings, clients: ClientsOf<C>): Promise<P>;
  /** What CloudFormation can make of it, over its own API. */
  resourceTypes?(own: Client<M>, surroundings: Surroundings): Promise<ResourceType[]>;
  /** How it is spoken to over HTTP, besides its model and protocol; read at every start. */
  dialect?: HttpDialect;
  /** For a service that answers under host names of its own: which ones, without being built. */
  hostNames?(surroundings: Pick<Surroundings, 'store'>): (name: string) => boolean;
}

/** `manifest<Sdk>()({ … })`: the SDK is named, the rest is inferred. */
export const manifest =
  <M>() =>
  <C extends Callees, P extends Part>(facts: Manifest<M, C, P>): Manifest<M, C, P> =>
    facts;
