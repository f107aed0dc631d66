// The order in which services stop. Pure.

import { assert } from '../kernel/assert.ts';

interface Calling {
  name: string;
  calls: Readonly<Record<string, { name: string; callsBack?: true }>>;
  makesResources?: true;
  resourceTypes?: unknown;
}

/**
 * Orders the services so that each comes before every service that it calls. Throws where two services call each
 * other, and for a call to an unknown service.
 */
export function callersFirst<S extends Calling>(services: readonly S[]): S[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const done: S[] = [];
  const state = new Map<string, 'under way' | 'done'>();

  const withTypes = services.filter(({ resourceTypes }) => resourceTypes).map(({ name }) => name);
  const calledBy = ({ calls, makesResources }: S): string[] => [
    ...Object.values(calls).flatMap(({ name, callsBack }) => (callsBack ? [] : [name])),
    ...(makesResources ? withTypes : []),
  ];

  function visit(service: S): void {
    const seen = state.get(service.name);
    assert(seen !== 'under way', `${service.name} is called by a service that it calls`);
    if (seen) return;
    state.set(service.name, 'under way');
    for (const name of calledBy(service)) {
      const called = byName.get(name);
      assert(called, `${service.name} calls ${name}, which is no service`);
      visit(called);
    }
    state.set(service.name, 'done');
    done.push(service);
  }

  for (const service of services) visit(service);
  return done.reverse();
}
