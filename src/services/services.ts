// All services of one Millpond: each is built when it is first asked for, or at the start if it may have something to
// go on with; whoever calls others stops before them. Knows the services only by their manifests.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResourceType } from '../control/resource-type.ts';
import { assert } from '../kernel/assert.ts';
import { loadInPieces } from '../kernel/load-in-pieces.ts';
import { type Client, createClient } from '../wire/client.ts';
import type { DeferredService, Service } from '../wire/service.ts';
import type { ElastiCacheService } from './elasticache/service.ts';
import { MANIFESTS } from './index.ts';
import type { Callees, ClientsOf, Manifest, Part, Surroundings } from './manifest.ts';
import { callersFirst } from './order.ts';

export type ServicesDependencies = Omit<Surroundings, 'elasticache' | 'resourceTypes'>;

export interface Services {
  /** In the order in which requests without a signature are tried. */
  list: DeferredService[];
  /** Once `open` has resolved. */
  readonly elasticache: ElastiCacheService;
  /** To be awaited before a request is answered. Resolves with what a user has to know, a line each. */
  open(): Promise<string[]>;
  /** Goes on with all that was under way; once nothing can keep Millpond from running any more. */
  begin(): Promise<void>;
  /** The service of which this host name is, such as that of a bucket. */
  serviceOfHost(name: string): string | undefined;
  /** Takes a request that is no operation's: true when it did. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Every service, built. */
  loadAll(): Promise<Service[]>;
  /** Everything stays where it is, to go on with at the next start; the nodes run on. */
  stop(): Promise<void>;
}

export function createServices(dependencies: ServicesDependencies): Services {
  const { store, endpoints } = dependencies;
  const manifests = new Map(MANIFESTS.map((manifest) => [manifest.name, manifest]));
  const building = new Map<string, Promise<Part>>();
  const built = new Map<string, Part>();
  const stopped = new Set<string>();
  const ending = new AbortController();
  const surroundings: Surroundings = { ...dependencies, elasticache: heart, resourceTypes };
  const ownsHostName = MANIFESTS.flatMap(({ name, hostNames }) =>
    hostNames ? [{ service: name, owns: hostNames(surroundings) }] : [],
  );
  let stopping: Promise<void> | undefined;

  function heart(): ElastiCacheService {
    const part = built.get('elasticache');
    assert(part, 'ElastiCache is built before it is asked');
    return part as ElastiCacheService;
  }

  async function load(name: string): Promise<Part> {
    let part = building.get(name);
    if (!part) {
      const manifest = manifests.get(name);
      if (!manifest || stopped.has(name)) throw new Error(`${name} is not running`);
      building.set(name, (part = build(manifest)));
      // What was missing may be there the next time.
      part.catch(() => building.delete(name));
    }
    return await part;
  }

  async function build(manifest: Manifest): Promise<Part> {
    if (manifest.files?.service) await loadInPieces(manifest.files.service);
    const part = await manifest.build(surroundings, clientsOf(manifest.calls));
    built.set(manifest.name, part);
    return part;
  }

  const clientsOf = <C extends Callees>(calls: C): ClientsOf<C> =>
    Object.fromEntries(Object.entries(calls).map(([key, { name }]) => [key, clientOf(name)])) as ClientsOf<C>;

  /** In this process, building the service that is called, or at its own endpoint. */
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
      types.push(...((await each.resourceTypes?.(clientOf(each.name), surroundings)) ?? []));
    }
    return types;
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
      return heart();
    },
    async open() {
      await load('elasticache');
      return await heart().adopt();
    },
    async begin() {
      heart().begin();
      const resumed = MANIFESTS.filter(({ name, goesOn }) => goesOn && store.holdsAny(`${name}/`));
      await Promise.all(resumed.map(({ name }) => load(name)));
    },
    serviceOfHost: (name) => ownsHostName.find(({ owns }) => owns(name))?.service,
    take(request, response) {
      for (const part of built.values()) if (part.take?.(request, response)) return true;
      return false;
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
