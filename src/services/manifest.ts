// The contract of a service's manifest: its name, the services it calls, how to build it and which resource types it
// provides. Every start reads all manifests, so a manifest imports only types; `build` and `resourceTypes` import the
// code when they are called.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Scope } from '../aws/scope.ts';
import type { ServiceInterfaces } from '../aws/service-interface.ts';
import type { ResourceType } from '../control/resource-type.ts';
import type { ZoneTable } from '../dns/zone.ts';
import type { Feeds } from '../feed/feeds.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { LoadBalancers } from '../load-balancer/load-balancers.ts';
import type { Containers } from '../machines/containers/containers.ts';
import type { Functions } from '../machines/functions/pool.ts';
import type { Instances } from '../machines/instances/instances.ts';
import type { Cover } from '../machines/machine.ts';
import type { HeldAddresses } from '../network/held-addresses.ts';
import type { Enforcement, InterfaceSpec, Network, NetworkInterface, Outside } from '../network/network.ts';
import type { NetworkFacts } from '../network/routes.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../wire/client.ts';
import type { HttpDialect } from '../wire/http-dialect.ts';
import type { Service } from '../wire/service.ts';
import type { CloudFormationOptions } from './cloudformation/context.ts';
import type { ElastiCacheDependencies, ElastiCacheService } from './elasticache/service.ts';
import type { EventBounds } from './logs/event-space.ts';

/** What Millpond gives to every service that it builds. */
export interface Surroundings {
  store: Store;
  clock: Clock;
  log: Log;
  /** The instance's secret. Services derive their encryption keys from it. */
  secret: string;
  dataDir: string;
  /** The region of requests without a signature. */
  region: string;
  /** Signing name of a service -> the URL that receives calls to it instead of Millpond's own service. */
  endpoints: Readonly<Record<string, string>>;
  /** The API's URL on this host, without a slash at the end. Call it only once the API listens. */
  url(): string;
  /** The API's URL where functions run; the same where they share this host's network. */
  urlForFunctions(): string;
  /** Whether a Host header names Millpond itself. */
  isOwnHost(host: string | undefined, httpVersion: string): boolean;
  /** The DNS names of all services. */
  zones: ZoneTable;
  /** Runs Lambda functions. */
  functions: Functions;
  /** The network, for programs that a service starts. */
  network: Pick<Network, 'kind' | 'inside' | 'ensure' | 'withdraw' | 'assertFree' | 'serverAddress'>;
  /** The addresses of services' programs; a service that takes some says so by `holdsAddresses`. */
  addresses: HeldAddresses;
  /** Runs load balancers; the first use starts their process. */
  loadBalancers: LoadBalancers;
  /** Runs containers; the first use opens their engine. */
  containers(): Promise<Containers>;
  /** Runs instances; the first use finds out what this machine allows. */
  instances(): Promise<Instances>;
  /** Carries changes of caches to functions, tables, topics and queues. */
  feeds: Feeds;
  /** The files that a container has in place of its image's, so that names resolve and Millpond is trusted. */
  containerFiles(machine: {
    resolver: string | undefined;
    address: string;
    hostName: string;
  }): Promise<readonly Cover[]>;
  /** The files of layers of images in ECR; absent where ECR is elsewhere. */
  layerFile?: LayerFile | undefined;
  /** Opens network interfaces; absent where programs share this host's network. */
  openInterface?: OpenInterface | undefined;
  /** The environment variables that every function has in addition to its own. */
  functionEnvironment(scope: Scope): Record<string, string>;
  /** The same for instances, without credentials: those come from their profile. */
  instanceEnvironment(scope: Scope): Record<string, string>;
  /** Images (OCI references) that stand for machine images, by AMI. */
  amiImages: Readonly<Record<string, string>>;
  /** Which of these processes' machines has opened a connection of this host's loopback. */
  peerAmong(socket: Socket, pids: readonly number[]): Promise<number | undefined>;
  cloudformation: CloudFormationOptions;
  /** Where security groups are enforced: what services tell the network. */
  enforcement?: Pick<Enforcement, 'setNodes' | 'rulesChanged'> | undefined;
  /** Where machines reach the outside as their routes allow. */
  outside?: Pick<Outside, 'routesChanged'> | undefined;
  /** The network interfaces of all services; see `Part`. */
  serviceInterfaces: ServiceInterfaces;
  /** Whether DynamoDB enforces provisioned throughput. */
  isDynamoDbThrottled: boolean;
  /** How many bytes of log events CloudWatch Logs keeps. */
  logs: EventBounds;
  /** The nodes, and the other dependencies that only ElastiCache has. */
  nodes: Pick<
    ElastiCacheDependencies,
    'fleet' | 'takeAddress' | 'ownsAddress' | 'isConfigured' | 'cuts' | 'credentials' | 'options'
  >;
  /** ElastiCache, which is built before all other services. */
  elasticache(): ElastiCacheService;
  /** The resource types of all services. */
  resourceTypes(): Promise<ResourceType[]>;
}

/**
 * Opens a network interface in a subnet, or outside of every VPC. Rejects with AddressUnavailable when the subnet has no
 * free address, and with EC2's faults when the subnet or a security group does not exist.
 */
export type OpenInterface = (
  scope: Scope,
  wish: { subnetId?: string | undefined; securityGroupIds: readonly string[] } & Pick<
    InterfaceSpec,
    'address' | 'isThere' | 'program' | 'hasPublicAddress'
  >,
) => Promise<NetworkInterface>;

/** Finds the file with a digest, which is kept until `release`. Rejects with StateUnreadable when there is none. */
export type LayerFile = (digest: string) => Promise<{ path: string; release(): void }>;

/** A built service, and its work besides the operations of its API. */
export interface Part {
  service: Service;
  /**
   * Begins its unfinished work, and may start programs. Called once, when the start can no longer fail; not by a Millpond
   * that only ends programs.
   */
  begin?(): void | Promise<void>;
  stop?(): Promise<void>;
  /** Ends the programs of the service that outlive Millpond. Called after `stop`, when nothing is to be left. */
  endPrograms?(): Promise<void>;
  /** Answers a request that is not an API operation; returns whether it did. Only called once the service is built. */
  take?(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes the connection of a request for a web socket; returns whether it did. Only called once the service is built. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Answers a request to the instance metadata service, from a machine with an interface. */
  serveMetadata?(request: IncomingMessage, response: ServerResponse): void;
  /** The DNS names of its programs, each with an address, for machines that do not ask Millpond's DNS server. */
  names?(): Record<string, string>;
  /** Sentences for people about what is not as it was asked for, e.g. a listener without its port. */
  notices?(): readonly string[];
  /** The network interfaces that the service has in an account's subnets. */
  serviceInterfaces?: ServiceInterfaces;
  /** The files of layers of images. */
  layerFile?: LayerFile;
  /** Reads the VPCs, subnets, security groups and routes of all accounts and regions. */
  networkRules?(): Promise<NetworkFacts>;
}

/** A service that another one calls: its signing name, typed by its SDK. */
export interface Callee<M> {
  name: string;
  /** Carries the type only; never set. */
  sdk?: M;
  /** The called service also calls this one, and therefore stops first. */
  callsBack?: true;
}

/** Declares a call to the service with this signing name: `to<Sdk>('s3')`. */
export const to = <M>(name: string): Callee<M> => ({ name });

/**
 * Declares a call to a service that also calls this one. The caller may use it only while it answers a request, never
 * while it stops.
 */
export const backTo = <M>(name: string): Callee<M> => ({ name, callsBack: true });

/** The services that a service calls, by the names that it gives them. */
// biome-ignore lint/suspicious/noExplicitAny: any SDK's module
export type Callees = Record<string, Callee<any>>;

/** A client for each of `C`. */
export type ClientsOf<C extends Callees> = {
  [K in keyof C]: C[K] extends Callee<infer M> ? Client<M> : never;
};

/** How a service is named, built and connected. `M` is its own SDK, `C` the services that it calls. */
export interface Manifest<M = unknown, C extends Callees = Callees, P extends Part = Part> {
  /** The schema's name and the SigV4 signing name, e.g. `elasticache`. */
  name: string;
  /** The files that `build` and `resourceTypes` import. They are loaded module by module beforehand. */
  files?: { service?: URL; resourceTypes?: URL };
  /** The services that it calls. It stops before they do. */
  calls: C;
  /** It also calls every service that provides resource types. */
  makesResources?: true;
  /** It may have unfinished work: it is built at every start at which the store holds records of it. */
  resumesWork?: true;
  /** The records that `resumesWork` and `holdsAddresses` mean; all of the service when absent. */
  workIn?: string;
  /**
   * Its records hold addresses of the network: it is built before any is given out, also at the start of a Millpond that
   * only ends programs. Its `build` holds them (`Surroundings.addresses`) and adopts its programs; it starts none.
   */
  holdsAddresses?: true;
  /** It has `serviceInterfaces`. */
  hasInterfaces?: true;
  /** It has `layerFile`. */
  hasLayers?: true;
  /** It has `serveMetadata`. */
  hasMetadata?: true;
  /** It has `networkRules`. */
  hasNetworkRules?: true;
  /** Resolves when the service can answer requests. */
  build(surroundings: Surroundings, clients: ClientsOf<C>): Promise<P>;
  /** Its resource types for CloudFormation. They call the service's own API, and the services that it calls. */
  resourceTypes?(own: Client<M>, surroundings: Surroundings, clients: ClientsOf<C>): Promise<ResourceType[]>;
  /** Its HTTP dialect, in addition to its model and protocol. Read at every start. */
  dialect?: HttpDialect;
  /**
   * Which requests are not API operations, but for the `take` of the built service. The first one builds it. Read at
   * every start.
   */
  takes?(request: Pick<IncomingMessage, 'url' | 'headers'>): boolean;
  /** Which requests for web sockets its `upgrade` may take. Read at every start. */
  takesWebSockets?(request: Pick<IncomingMessage, 'url'>): boolean;
  /** For a service with host names of its own: which names those are. Needs no built service. */
  hostNames?(surroundings: Pick<Surroundings, 'store'>): (name: string) => boolean;
}

/** Checks a manifest's type: `manifest<Sdk>()({ … })`. The SDK is named, the rest is inferred. */
export const manifest =
  <M>() =>
  <C extends Callees, P extends Part>(facts: Manifest<M, C, P>): Manifest<M, C, P> =>
    facts;
