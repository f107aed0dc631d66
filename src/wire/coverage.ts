// Lists the implemented and the missing operations of services, for the compatibility table and for tests.

import { loadSchema } from './schema.ts';
import type { Service } from './service.ts';

/** The operations of a service, by name. */
export interface ServiceCoverage {
  service: string;
  implemented: string[];
  missing: string[];
}

/** One entry per service, in the order of `services`. Operations are sorted by name. */
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
