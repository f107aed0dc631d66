// Addresses that members released. AWS: nobody listens at such an address for a while; here, for an hour. A client
// that still uses one is refused and resolves the name again, instead of reaching a replica or another group's node.

import type { Scope } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Store } from '../../../store/store.ts';

/** The released addresses of this instance's block. They are persistent. */
export interface QuarantinedAddresses {
  /** The addresses in quarantine, with the time of release (milliseconds since the epoch). */
  list(): ReadonlyMap<string, number>;
  /** Records a group's addresses before and after a change. Call it in the transaction that makes the change. */
  note(before: readonly string[], after: readonly string[]): void;
}

/** The dependencies of `createQuarantinedAddresses`. */
export interface QuarantinedAddressesOptions {
  store: Store;
  clock: Clock;
  /** Whether the address lies in the block that this instance holds now. */
  isOwn(address: string): boolean;
}

const QUARANTINE_MS = 60 * 60 * 1000;
/** Groups of all accounts and regions share the addresses of the block. */
const SHARED: Scope = { accountId: '*', region: '*' };

/** Reads the released addresses from the store. */
export function createQuarantinedAddresses({
  store,
  clock,
  isOwn,
}: QuarantinedAddressesOptions): QuarantinedAddresses {
  const records = store.collection<{ since: number }>('elasticache/resting-address');
  const entries = records.listAll().map(({ id, value }) => [id, value.since] as const);
  /** In the order of release. Its size is bounded by the block's 65,536 addresses. */
  const quarantined = new Map(entries.sort(([, one], [, other]) => one - other));

  function forget(address: string): void {
    records.delete(SHARED, address);
    store.afterCommit(() => quarantined.delete(address));
  }

  function forgetExpired(now: number): void {
    for (const [address, since] of quarantined) {
      if (now - since < QUARANTINE_MS) return;
      forget(address);
    }
  }

  return {
    list() {
      const now = clock.now();
      return new Map([...quarantined].filter(([, since]) => now - since < QUARANTINE_MS));
    },
    note(before, after) {
      const released = before.filter((address) => !after.includes(address) && isOwn(address));
      const taken = after.filter((address) => quarantined.has(address) && !before.includes(address));
      if (released.length === 0 && taken.length === 0) return;
      const since = clock.now();
      forgetExpired(since);
      for (const address of taken) forget(address);
      for (const address of released) {
        records.put(SHARED, address, { since });
        store.afterCommit(() => {
          // Deleting first moves an existing entry to the end of the order.
          quarantined.delete(address);
          quarantined.set(address, since);
        });
      }
    },
  };
}
