// The names that replicas have by a tag of their group, one DNS zone for each name. The longest suffix wins, so these
// zones answer before a hosted zone that covers them, and without one, too. Names are computed when asked for; see
// endpoints.ts.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { Zone, ZoneTable } from '../../../dns/zone.ts';
import { type Group, memberOf } from '../clusters/domain/model.ts';
import type { MemberService } from '../clusters/domain/observation.ts';
import { nameTargets, replicaName } from './domain/replica-names.ts';

/** A replica's name as Route 53 lists it among the record sets of a hosted zone. */
export interface ReplicaNameRecord {
  accountId: string;
  /** Lower case, without final dot. */
  name: string;
  type: 'CNAME';
  ttlSeconds: number;
  /** Without final dot. */
  value: string;
  /** The owner of the name, for the message of a refused change. */
  keeper: string;
}

/** Publishes the names of groups as zones. */
export interface ReplicaNameZones {
  /** Replaces all names of the group. */
  publish(scope: Scope, group: Group): void;
  withdraw(scope: Scope, groupId: string): void;
  /** Adds the zones of all names to a zone table, now and as they come. */
  answerIn(table: ZoneTable): void;
  list(): ReplicaNameRecord[];
}

/** See EndpointOptions. */
export interface ReplicaNameZonesOptions {
  ttlSeconds: number;
  serviceOf(scope: Scope, group: Group, member: { id: string }): MemberService;
  nodeNameOf(scope: Scope, memberId: string): string;
}

interface Published {
  scope: Scope;
  group: Group;
  zones: Zone[];
}

/** Starts without zones; see `publish`. */
export function createReplicaNameZones(options: ReplicaNameZonesOptions): ReplicaNameZones {
  const { ttlSeconds, serviceOf, nodeNameOf } = options;
  const published = new Map<string, Published>();
  const tables: ZoneTable[] = [];

  const keyOf = (scope: Scope, groupId: string) => `${scopeKey(scope)}/${groupId}`;

  const valuesOf = ({ scope, group }: Published): string[] =>
    nameTargets(group, (id) => serviceOf(scope, group, memberOf(group, id)!.member) === 'replica').map(
      (memberId) => nodeNameOf(scope, memberId),
    );

  function zoneOf(key: string, suffix: string, index: number): Zone {
    const owns = (name: string) => name === suffix;
    const lookup: Zone['lookup'] = () => {
      const data = valuesOf(published.get(key)!)[index];
      return data === undefined ? undefined : [{ type: 'CNAME', ttl: ttlSeconds, data }];
    };
    return { suffix, owns, lookup };
  }

  /** One zone for each name of the group. Zones of names that stay are reused. */
  function zonesOf(key: string, { replicaNames }: Group, before: readonly Zone[]): Zone[] {
    const names = (replicaNames?.homes ?? []).map((_owner, index) =>
      replicaName(replicaNames!.pattern, index + 1),
    );
    return names.map((name, index) =>
      before[index]?.suffix === name ? before[index] : zoneOf(key, name, index),
    );
  }

  function replace(before: readonly Zone[], after: readonly Zone[]): void {
    for (const table of tables) {
      for (const zone of before) if (!after.includes(zone)) table.remove(zone);
      for (const zone of after) if (!before.includes(zone)) table.add(zone);
    }
  }

  return {
    publish(scope, group) {
      const key = keyOf(scope, group.id);
      const before = published.get(key)?.zones ?? [];
      const zones = zonesOf(key, group, before);
      if (zones.length > 0) published.set(key, { scope, group, zones });
      replace(before, zones);
      if (zones.length === 0) published.delete(key);
    },
    withdraw(scope, groupId) {
      const key = keyOf(scope, groupId);
      replace(published.get(key)?.zones ?? [], []);
      published.delete(key);
    },
    answerIn(table) {
      tables.push(table);
      for (const { zones } of published.values()) for (const zone of zones) table.add(zone);
    },
    list: () =>
      [...published.values()].flatMap((entry) => {
        const values = valuesOf(entry);
        return entry.zones.map(({ suffix }, index) => ({
          accountId: entry.scope.accountId,
          name: suffix,
          type: 'CNAME' as const,
          ttlSeconds,
          value: values[index]!,
          keeper: `replication group ${entry.group.id}`,
        }));
      }),
  };
}
