// Services that are loaded and built when the first request asks for them: a Millpond that nobody asks for functions
// is ready sooner, and smaller. Knows no service.

import type { DeferredService, Service } from '../wire/service.ts';

/** A service, and what goes on behind its requests. */
export interface Part {
  service: Service;
  stop?(): Promise<void>;
}

/** How each is built, by the service's name. Ready for requests when it resolves. */
export type Builders = Record<string, () => Promise<Part>>;

export interface DeferredServices {
  list: DeferredService[];
  /** Rejects when there is no such service, when it cannot be built, and once it was stopped. */
  load(name: string): Promise<Service>;
  /** Stops it if it was ever built; it is not built afterwards. */
  stop(name: string): Promise<void>;
}

export function deferServices(builders: Builders): DeferredServices {
  const parts = new Map<string, Promise<Part>>();
  const stopped = new Set<string>();

  async function load(name: string): Promise<Service> {
    let part = parts.get(name);
    if (!part) {
      const build = builders[name];
      if (!build || stopped.has(name)) throw new Error(`${name} is not running`);
      parts.set(name, (part = build()));
      // What was missing may be there the next time.
      part.catch(() => parts.delete(name));
    }
    return (await part).service;
  }

  return {
    list: Object.keys(builders).map((name) => ({ name, load: () => load(name) })),
    load,
    async stop(name) {
      stopped.add(name);
      const part = await parts.get(name)?.catch(() => undefined);
      await part?.stop?.();
    },
  };
}
