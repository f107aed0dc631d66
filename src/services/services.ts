// All services of one Millpond. Each is built when it is first needed, or at the start if it may have unfinished
// work. A service stops before the services that it calls. This file knows services only by their manifests.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Scope } from '../aws/scope.ts';
import type { ServiceInterface } from '../aws/service-interface.ts';
import type { ResourceType } from '../control/resource-type.ts';
import { assert } from '../kernel/assert.ts';
import { loadInPieces } from '../kernel/load-in-pieces.ts';
import type { NetworkFacts } from '../network/routes.ts';
import { type Client, createClient } from '../wire/client.ts';
import type { DeferredService, Service } from '../wire/service.ts';
import type { ElastiCacheService } from './elasticache/service.ts';
import { MANIFESTS } from './index.ts';
import type { Callees, ClientsOf, LayerFile, Manifest, Part, Surroundings } from './manifest.ts';
import { callersFirst } from './order.ts';

/** What `createServices` needs: the surroundings of a service without what the services themselves provide. */
export type ServicesDependencies = Omit<
  Surroundings,
  'elasticache' | 'layerFile' | 'resourceTypes' | 'serviceInterfaces'
> & {
  /** The network interfaces of commands of the user, which EC2 shows with those of services. */
  commandInterfaces?: (scope: Scope) => readonly ServiceInterface[];
};

/** The services of one running Millpond. */
export interface Services {
  /** In the order in which the server tries requests without a signature. */
  list: DeferredService[];
  /** Throws before `open` has resolved. */
  readonly elasticache: ElastiCacheService;
  /**
   * Builds ElastiCache and adopts running nodes. Await it before any request. Resolves with messages for the user, a
   * line each.
   */
  open(): Promise<string[]>;
  /** Resumes unfinished work. Call it once the start can no longer fail. */
  begin(): Promise<void>;
  /** The service that owns this host name, for example a bucket's; `undefined` if none does. */
  serviceOfHost(name: string): string | undefined;
  /** Answers a request that is not an API operation; returns whether a service did. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Which requests ask for web sockets of services, and passes such a one on; returns whether it was taken. */
  webSockets: {
    areFor(request: IncomingMessage): boolean;
    take(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  };
  /** Answers a request to the instance metadata service. The first one builds EC2. */
  serveMetadata(request: IncomingMessage, response: ServerResponse): void;
  /** The VPCs, subnets, security groups and routes of all accounts and regions. The first call builds EC2. */
  networkRules(): Promise<NetworkFacts>;
  /** A client of the service with this signing name. The first call builds the service. */
  client(name: string): Client<unknown>;
  /** The DNS names of all programs of services, nodes among them, each with an address. */
  names(): Record<string, string>;
  /** Sentences for people about what is not as it was asked for. */
  notices(): string[];
  /** Builds every service. */
  loadAll(): Promise<Service[]>;
  /** Ends the programs that outlive Millpond, other than nodes. Call it after `stop`. */
  endPrograms(): Promise<void>;
  /** Stops the services. Their state stays in the store for the next start, and the nodes keep running. */
  stop(): Promise<void>;
}

/** Builds nothing yet: `open`, `begin` and the first requests build the services. */
export function createServices(dependencies: ServicesDependencies): Services {
  const { store, endpoints } = dependencies;
  const manifests = new Map(MANIFESTS.map((manifest) => [manifest.name, manifest]));
  const building = new Map<string, Promise<Part>>();
  const built = new Map<string, Part>();
  const stopped = new Set<string>();
  const ending = new AbortController();
  const surroundings: Surroundings = {
    ...dependencies,
    elasticache: elastiCache,
    resourceTypes,
    serviceInterfaces,
    layerFile: layerFileOf(),
  };
  const ownsHostName = MANIFESTS.flatMap(({ name, hostNames }) =>
    hostNames ? [{ service: name, owns: hostNames(surroundings) }] : [],
  );
  let hasBegun = false;
  let stopping: Promise<void> | undefined;

  function elastiCache(): ElastiCacheService {
    const part = built.get('elasticache');
    assert(part, 'ElastiCache is built before it is asked');
    return part as ElastiCacheService;
  }

  const hasWork = ({ name, workIn = `${name}/` }: Manifest): boolean => store.holdsAny(workIn);

  async function load(name: string): Promise<Part> {
    let part = building.get(name);
    if (!part) {
      const manifest = manifests.get(name);
      if (!manifest || stopped.has(name)) throw new Error(`${name} is not running`);
      building.set(name, (part = build(manifest)));
      // The next request tries again.
      part.catch(() => building.delete(name));
    }
    return await part;
  }

  async function build(manifest: Manifest): Promise<Part> {
    if (manifest.files?.service) await loadInPieces(manifest.files.service);
    const part = await manifest.build(surroundings, clientsOf(manifest.calls));
    built.set(manifest.name, part);
    if (hasBegun) await part.begin?.();
    return part;
  }

  const clientsOf = <C extends Callees>(calls: C): ClientsOf<C> =>
    Object.fromEntries(Object.entries(calls).map(([key, { name }]) => [key, clientOf(name)])) as ClientsOf<C>;

  /** Calls the configured endpoint, or the service in this process, which the first call builds. */
  function clientOf(name: string): Client<unknown> {
    const endpoint = endpoints[name];
    if (endpoint) return createClient(name, { inProcess: undefined, endpoint, signal: ending.signal });
    let client: Client<unknown> | undefined;
    return {
      async call(...call) {
        client ??= createClient(name, { inProcess: (await load(name)).service });
        return client.call(...call);
      },
    };
  }

  async function resourceTypes(): Promise<ResourceType[]> {
    const types: ResourceType[] = [];
    for (const each of MANIFESTS) {
      if (each.files?.resourceTypes) await loadInPieces(each.files.resourceTypes);
      const own = each.resourceTypes?.(clientOf(each.name), surroundings, clientsOf(each.calls));
      types.push(...((await own) ?? []));
    }
    return types;
  }

  /** Of services that have records. A service with another endpoint has no interfaces in this Millpond's subnets. */
  async function serviceInterfaces(scope: Scope): Promise<ServiceInterface[]> {
    const owners = MANIFESTS.filter(
      ({ name, hasInterfaces }) => hasInterfaces && !endpoints[name] && store.holdsAny(`${name}/`),
    );
    const all = owners.map(async ({ name }) => (await load(name)).serviceInterfaces!(scope));
    return [...(await Promise.all(all)).flat(), ...(dependencies.commandInterfaces?.(scope) ?? [])];
  }

  /** Of the service with images, unless it is elsewhere. The first call builds it. */
  function layerFileOf(): LayerFile | undefined {
    const owner = MANIFESTS.find(({ hasLayers }) => hasLayers);
    if (!owner || endpoints[owner.name]) return undefined;
    return async (digest) => (await load(owner.name)).layerFile!(digest);
  }

  /** Answers by the service's `part`, which is built first. */
  async function answerBy(
    name: string,
    response: ServerResponse,
    answer: (part: Part) => void,
  ): Promise<void> {
    try {
      answer(await load(name));
    } catch (error) {
      dependencies.log.error({ err: error, service: name }, 'a request could not be answered');
      response.writeHead(503, { connection: 'close' }).end();
    }
  }

  async function stop(name: string): Promise<void> {
    stopped.add(name);
    const part = await building.get(name)?.catch(() => undefined);
    await part?.stop?.();
  }

  return {
    list: MANIFESTS.map(({ name, dialect }) => ({
      ...{ name, dialect },
      load: async () => (await load(name)).service,
    })),
    get elasticache() {
      return elastiCache();
    },
    async open() {
      await load('elasticache');
      const holders = MANIFESTS.filter((manifest) => manifest.holdsAddresses && hasWork(manifest));
      await Promise.all(holders.map(({ name }) => load(name)));
      return await elastiCache().adopt();
    },
    async begin() {
      hasBegun = true;
      await Promise.all([...built.values()].map((part) => part.begin?.()));
      const resumed = MANIFESTS.filter((manifest) => manifest.resumesWork && hasWork(manifest));
      await Promise.all(resumed.map(({ name }) => load(name)));
    },
    serviceOfHost: (name) => ownsHostName.find(({ owns }) => owns(name))?.service,
    take(request, response) {
      for (const part of built.values()) if (part.take?.(request, response)) return true;
      const taker = MANIFESTS.find(({ takes }) => takes?.(request));
      if (taker) void answerBy(taker.name, response, (part) => part.take?.(request, response));
      return taker !== undefined;
    },
    webSockets: {
      areFor: (request) => MANIFESTS.some(({ takesWebSockets }) => takesWebSockets?.(request)),
      take: (...call) => [...built.values()].some((part) => part.upgrade?.(...call)),
    },
    serveMetadata(request, response) {
      const owner = MANIFESTS.find(({ hasMetadata }) => hasMetadata);
      assert(owner, 'a service has the metadata of instances');
      void answerBy(owner.name, response, (part) => part.serveMetadata?.(request, response));
    },
    async networkRules() {
      const owner = MANIFESTS.find(({ hasNetworkRules }) => hasNetworkRules);
      assert(owner, 'a service has the rules of the network');
      return (await load(owner.name)).networkRules!();
    },
    client: clientOf,
    names: () =>
      Object.assign(
        elastiCache().endpoints.hostNames(),
        ...[...built.values()].map((part) => part.names?.()),
      ),
    notices: () => [...built.values()].flatMap((part) => part.notices?.() ?? []),
    async endPrograms() {
      await Promise.all([...built.values()].map((part) => part.endPrograms?.()));
    },
    loadAll: () => Promise.all(MANIFESTS.map(async ({ name }) => (await load(name)).service)),
    stop() {
      ending.abort();
      stopping ??= callersFirst(MANIFESTS).reduce(
        (before, { name }) => before.then(() => stop(name)),
        Promise.resolve(),
      );
      return stopping;
    },
  };
}
