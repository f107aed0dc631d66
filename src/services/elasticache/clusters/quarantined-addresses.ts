// Addresses that members had and have no more. For an hour nobody listens there, as on AWS, so that a client that
// still knows one is refused and asks for the name again, instead of talking to a replica or to a stranger.

import type { Scope } from '../../../aws/scope.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Store } from '../../../store/store.ts';

export interface QuarantinedAddresses {
  /** Those that still rest, with the time (milliseconds since the epoch) at which each was given up. */
  list(): ReadonlyMap<string, number>;
  /** A group's addresses before and after a change; called in the transaction that makes the change. */
  note(before: readonly string[], after: readonly string[]): void;
}

export interface QuarantinedAddressesOptions {
  store: Store;
  clock: Clock;
  /** Whether the address lies in the block that this Millpond holds now. */
  isOwn(address: string): boolean;
}

const REST_MS = 60 * 60 * 1000;
/** Groups of all accounts and regions share the addresses of the block. */
const SHARED: Scope = { accountId: '*', region: '*' };

export function createQuarantinedAddresses({
  store,
  clock,
  isOwn,
}: QuarantinedAddressesOptions): QuarantinedAddresses {
  const records = store.collection<{ since: number }>('elasticache/resting-address');
  const entries = records.listAll().map(({ id, value }) => [id, value.since] as const);
  /** In the order in which they were given up; the block's 65,536 addresses bound it. */
  const resting = new Map(entries.sort(([, one], [, other]) => one - other));

  function forget(address: string): void {
    records.delete(SHARED, address);
    store.afterCommit(() => resting.delete(address));
  }

  function forgetRested(now: number): void {
    for (const [address, since] of resting) {
      if (now - since < REST_MS) return;
      forget(address);
    }
  }

  return {
    list() {
      const now = clock.now();
      return new Map([...resting].filter(([, since]) => now - since < REST_MS));
    },
    note(before, after) {
      const given = before.filter((address) => !after.includes(address) && isOwn(address));
      const taken = after.filter((address) => resting.has(address) && !before.includes(address));
      if (given.length === 0 && taken.length === 0) return;
      const since = clock.now();
      forgetRested(since);
      for (const address of taken) forget(address);
      for (const address of given) {
        records.put(SHARED, address, { since });
        store.afterCommit(() => {
          // To the end of the order.
          resting.delete(address);
          resting.set(address, since);
        });
      }
    },
  };
}
