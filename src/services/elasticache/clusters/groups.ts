// The only writer of group records. Writes a record and its events in one transaction; after the commit, publishes
// the names and wakes the controller.

import type { Scope } from '../../../aws/scope.ts';
import type { EventLog } from '../../../control/event-log.ts';
import type { EngineBinary } from '../../../engine/fleet.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import { standInFor } from '../engines/domain/engine-versions.ts';
import type { ElastiCacheEvent } from '../events/domain/event.ts';
import { standsIn } from '../events/domain/event-texts.ts';
import type { Notifications } from '../events/notifications.ts';
import { settleReplicaNames } from '../names/domain/replica-names.ts';
import type { Endpoints } from '../names/endpoints.ts';
import type { Records } from '../records.ts';
import { addressesOf, type Group, memberOf, membersOf } from './domain/model.ts';
import { advance, type Transition } from './domain/transition.ts';
import type { QuarantinedAddresses } from './quarantined-addresses.ts';

/** Reads and writes group records. Writers can be called inside a transaction. */
export interface Groups {
  get(scope: Scope, id: string): Group | undefined;
  /** The group of a cache cluster: its replication group, or its own group if it is standalone. */
  ofMember(scope: Scope, memberId: string): Group | undefined;
  create(scope: Scope, group: Group, events?: ElastiCacheEvent[]): void;
  /**
   * Changes the latest record with `change`, which returns events to append. A fault that it throws rolls everything
   * back. Returns the changed group; `undefined` when there is none.
   */
  update(
    scope: Scope,
    id: string,
    change: (group: Group) => ElastiCacheEvent[] | undefined,
  ): Group | undefined;
  /** Applies a transition to the latest record. */
  advance(scope: Scope, id: string, transition: Transition): void;
  /** Appends events without changing the group. Call it in the transaction that the events report. */
  appendEvents(scope: Scope, group: Group, events: readonly ElastiCacheEvent[]): void;
  delete(scope: Scope, id: string): void;
  /** Resolves when the group is not being created, modified or deleted, at the latest after `timeoutMs`. */
  untilSettled(scope: Scope, id: string, timeoutMs: number): Promise<void>;
}

/** The dependencies of `createGroups`. */
export interface GroupsOptions {
  store: Store;
  records: Records;
  events: EventLog<ElastiCacheEvent>;
  notifications: Pick<Notifications, 'append'>;
  clock: Clock;
  log: Log;
  /** The engines of this host. */
  binaries: readonly EngineBinary[];
  endpoints: Endpoints;
  quarantinedAddresses: QuarantinedAddresses;
  wake(scope: Scope, groupId: string): void;
  /** Called after each commit; with a group without members when it is deleted. */
  placed?(scope: Scope, group: Group): void;
  /** Deletes the tags of members that left a group, and of the group itself when it is deleted. */
  forgetTags(scope: Scope, group: Group, members: readonly string[]): void;
}

const idsOf = (group: Group): string[] => membersOf(group).map(({ id }) => id);

/** Create it once: it notifies only the waiters of its own writes. */
export function createGroups(options: GroupsOptions): Groups {
  const { store, records, events, notifications, clock, endpoints, quarantinedAddresses } = options;
  const watchers = new Set<() => void>();

  const appendEvents = (scope: Scope, group: Group, added: readonly ElastiCacheEvent[] | undefined) => {
    for (const event of added ?? []) {
      if (event.message !== undefined) events.append(scope, clock.now(), event);
      notifications.append(scope, group, event);
    }
  };

  /** Reports the engine that serves a group instead of its own. Call it when the group's engine was chosen. */
  function reportStandIn(scope: Scope, group: Group): void {
    const runs = standInFor(options.binaries, group);
    if (!runs) return;
    const event = standsIn(group, runs);
    appendEvents(scope, group, [event]);
    store.afterCommit(() => options.log.warn({ groupId: group.id }, event.message!));
  }

  /** `before`: the addresses that the members had before the change. */
  function save(scope: Scope, group: Group, before: readonly string[]): void {
    settleReplicaNames(group);
    quarantinedAddresses.note(before, addressesOf(group));
    records.groups.put(scope, group.id, group);
    store.afterCommit(() => {
      endpoints.publish(scope, group);
      options.placed?.(scope, group);
      for (const watcher of watchers) watcher();
      options.wake(scope, group.id);
    });
  }

  function remove(scope: Scope, group: Group, before: readonly string[]): void {
    quarantinedAddresses.note(before, []);
    records.groups.delete(scope, group.id);
    if (group.status === 'deleting') options.forgetTags(scope, group, idsOf(group));
    store.afterCommit(() => {
      endpoints.withdraw(scope, group.id);
      options.placed?.(scope, { ...group, shards: [] });
      for (const watcher of watchers) watcher();
      options.wake(scope, group.id);
    });
  }

  /** Removes a group that is being deleted with its last member. */
  function saveOrRemove(scope: Scope, group: Group, before: readonly string[]): void {
    if (group.status === 'deleting' && group.shards.length === 0) remove(scope, group, before);
    else save(scope, group, before);
  }

  const groups: Groups = {
    get: (scope, id) => records.groups.get(scope, id),
    ofMember: (scope, memberId) =>
      records.groups.get(scope, memberId) ?? records.groups.by(scope, 'member', memberId)[0],
    create(scope, group, added) {
      store.transaction(() => {
        appendEvents(scope, group, added);
        reportStandIn(scope, group);
        save(scope, group, []);
      });
    },
    update(scope, id, change) {
      return store.transaction(() => {
        const group = records.groups.get(scope, id);
        if (!group) return undefined;
        const { engine } = group;
        const [before, addresses] = [idsOf(group), addressesOf(group)];
        appendEvents(scope, group, change(group));
        if (group.engine !== engine) reportStandIn(scope, group);
        saveOrRemove(scope, group, addresses);
        const left = before.filter((memberId) => !memberOf(group, memberId));
        if (left.length > 0) options.forgetTags(scope, group, left);
        return group;
      });
    },
    advance(scope, id, transition) {
      groups.update(scope, id, (group) => advance(group, transition, clock.now()).events);
    },
    appendEvents,
    delete(scope, id) {
      store.transaction(() => {
        const group = records.groups.get(scope, id);
        if (group) remove(scope, group, addressesOf(group));
      });
    },
    untilSettled(scope, id, timeoutMs) {
      return new Promise((resolve) => {
        const check = () => {
          const status = records.groups.get(scope, id)?.status;
          if (status === 'creating' || status === 'modifying' || status === 'deleting') return;
          clearTimeout(timer);
          watchers.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          watchers.delete(check);
          resolve();
        }, timeoutMs);
        watchers.add(check);
        check();
      });
    },
  };
  return groups;
}
