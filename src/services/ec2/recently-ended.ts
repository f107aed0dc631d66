// Lists terminated instances and deleted NAT gateways for a while after their end. A list removes older ones when it
// reads them.

import type { Scope } from '../../aws/scope.ts';
import type { Ec2 } from './context.ts';
import { type RecordsSource, recordsOf, type Source } from './describe.ts';
import type { Resources } from './resources.ts';

/** AWS: they stay visible for about an hour. */
const VISIBLE_MS = 3_600_000;

/**
 * The records without those that ended long ago. `endedAtOf` is in milliseconds since the epoch, `undefined` before
 * the end.
 */
export function withoutLongEnded<T>(
  { clock }: Ec2,
  resources: Resources<T>,
  scope: Scope,
  endedAtOf: (record: T) => number | undefined,
  how: RecordsSource,
): Source<T> {
  const source = recordsOf(resources, scope, how);
  const isShown = (record: T) => (endedAtOf(record) ?? Number.POSITIVE_INFINITY) + VISIBLE_MS >= clock.now();
  return {
    ...source,
    async *batches(after) {
      for await (const batch of source.batches(after)) {
        for (const record of batch) if (!isShown(record)) resources.remove(scope, resources.idOf(record));
        yield batch.filter(isShown);
      }
    },
    byFilter: (name, values) => source.byFilter?.(name, values)?.filter(isShown),
  };
}
