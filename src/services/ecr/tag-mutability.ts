// Reads the settings of tags' mutability from a request.

import type { Mutability } from './domain/mutability.ts';
import { invalidParameter } from './faults.ts';

/**
 * The patterns of exclusions. AWS: only the settings with exclusions have filters, and they need one. Throws
 * InvalidParameterException.
 */
export function exclusionsIn(
  mutability: Mutability,
  filters: readonly { filter: string | undefined }[] | undefined,
): string[] {
  const needsFilters = mutability.endsWith('_WITH_EXCLUSION');
  if (needsFilters !== (filters !== undefined && filters.length > 0)) {
    throw invalidParameter(
      needsFilters
        ? `The imageTagMutability ${mutability} needs imageTagMutabilityExclusionFilters.`
        : `The imageTagMutability ${mutability} has no imageTagMutabilityExclusionFilters.`,
    );
  }
  return (filters ?? []).flatMap(({ filter }) => (filter === undefined ? [] : [filter]));
}
