// Which operations of a service there are handlers for: derived, for the compatibility table and for tests.

import { loadSchema } from './schema.ts';
import type { Service } from './service.ts';

export interface ServiceCoverage {
  service: string;
  implemented: string[];
  missing: string[];
}

/** In the order of `services`; operations by name. */
export function implementedOperations(services: readonly Service[]): ServiceCoverage[] {
  return services.map((service) => {
    const names = [...loadSchema(service.name).operationNames].sort();
    return {
      service: service.name,
      implemented: names.filter((name) => Object.hasOwn(service.operations, name)),
      missing: names.filter((name) => !Object.hasOwn(service.operations, name)),
    };
  });
}
