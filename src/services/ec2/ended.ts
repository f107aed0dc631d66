// What has ended stays to be seen for a while: terminated instances, deleted NAT gateways. Later it is forgotten by the
// list that comes across it.

import type { Scope } from '../../aws/scope.ts';
import type { Ec2 } from './context.ts';
import { type RecordsSource, recordsOf, type Source } from './describe.ts';
import type { Resources } from './resources.ts';

/** AWS: about an hour. */
const SHOWN_AFTERWARDS_MS = 3_600_000;

/** `endedAtOf`: milliseconds since the epoch, or nothing. */
export function shownOnly<T>(
  { clock }: Ec2,
  resources: Resources<T>,
  scope: Scope,
  endedAtOf: (record: T) => number | undefined,
  how: RecordsSource,
): Source<T> {
  const source = recordsOf(resources, scope, how);
  const isShown = (record: T) =>
    (endedAtOf(record) ?? Number.POSITIVE_INFINITY) + SHOWN_AFTERWARDS_MS >= clock.now();
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
