// The DNS zones with the names of all groups. A name is computed at the moment it is asked for, from the last
// committed record and the latest observation of the nodes, so no name is ever out of date.

import { endpointCodeOf } from '../../../aws/regions.ts';
import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { DnsRecord, Zone, ZoneTable } from '../../../dns/zone.ts';
import { derivedToken } from '../../../kernel/ids.ts';
import { isOffered } from '../clusters/domain/drain.ts';
import { type Group, type Member, membersOf } from '../clusters/domain/model.ts';
import type { MemberService } from '../clusters/domain/observation.ts';
import {
  configurationName,
  type Naming,
  nodeName,
  primaryName,
  readerName,
} from './domain/endpoint-names.ts';
import { createReplicaNameZones, type ReplicaNameRecord } from './replica-name-zones.ts';

/** Publishes the names of groups, and answers for them. */
export interface Endpoints {
  /** One zone for each suffix. AWS: names in China have another suffix. */
  readonly zones: readonly Zone[];
  /** Adds all zones to a zone table, now and as they come: `zones`, and one zone for each replica's name. */
  answerIn(table: ZoneTable): void;
  /** The names that replicas have by a tag of their group, and what they point to now. */
  replicaNames(): ReplicaNameRecord[];
  /** From the first call on, the zones own the scope's names, and deny those that do not exist. */
  namingOf(scope: Scope): Naming;
  /** Replaces all names of the group. Call it after the record's commit. */
  publish(scope: Scope, group: Group): void;
  withdraw(scope: Scope, groupId: string): void;
  /** Every address that a published group uses. */
  addresses(): Set<string>;
  /** Every name with its address, for a hosts file. */
  hostNames(): Record<string, string>;
}

interface Entry {
  group: Group;
  kind: 'primary' | 'reader' | 'configuration' | { member: Member };
  scope: Scope;
}

/** What endpoints need from the rest of ElastiCache. */
export interface EndpointOptions {
  domain: string;
  ttlSeconds: number;
  /** The member's role right now, from the last observation. Synchronous: an answer must not wait for an engine. */
  serviceOf(scope: Scope, group: Group, member: { id: string }): MemberService;
  random(): number;
}

/** Starts without names; see `publish`. */
export function createEndpoints(options: EndpointOptions): Endpoints {
  const { ttlSeconds: ttl, serviceOf, random } = options;
  const entries = new Map<string, Entry>();
  const published = new Map<string, string[]>();
  const hashes = new Set<string>();
  const replicaNames = createReplicaNameZones({ ttlSeconds: ttl, serviceOf, nodeNameOf });
  let turn = 0;

  /** The naming of the last scope, cached because a view asks for it once for each name. */
  let lastNaming: { key: string; naming: Naming } | undefined;

  function namingOf(scope: Scope): Naming {
    const key = scopeKey(scope);
    if (lastNaming?.key !== key) lastNaming = { key, naming: computeNaming(scope) };
    return lastNaming.naming;
  }

  function computeNaming(scope: Scope): Naming {
    const hash = derivedToken(6, 'elasticache', scope.accountId, scope.region);
    hashes.add(hash);
    const domain = scope.region.startsWith('cn-') ? `${options.domain}.cn` : options.domain;
    return { hash, regionCode: endpointCodeOf(scope.region), domain };
  }

  function nodeNameOf(scope: Scope, memberId: string): string {
    return nodeName(namingOf(scope), memberId);
  }

  function publish(scope: Scope, group: Group): void {
    withdraw(scope, group.id);
    const naming = namingOf(scope);
    const names: string[] = [];
    const add = (name: string, kind: Entry['kind']) => {
      entries.set(name, { group, kind, scope });
      names.push(name);
    };
    if (group.kind === 'replication-group') {
      if (group.clusterEnabled) add(configurationName(naming, group.id), 'configuration');
      else {
        add(primaryName(naming, group.id), 'primary');
        add(readerName(naming, group.id), 'reader');
      }
    }
    for (const member of membersOf(group)) add(nodeName(naming, member.id), { member });
    published.set(`${scopeKey(scope)}/${group.id}`, names);
  }

  function withdraw(scope: Scope, groupId: string): void {
    const key = `${scopeKey(scope)}/${groupId}`;
    for (const name of published.get(key) ?? []) {
      // A standalone cluster that leaves its group keeps its node name, under a new owner.
      if (entries.get(name)?.group.id === groupId) entries.delete(name);
    }
    published.delete(key);
  }

  function lookup(name: string): DnsRecord[] | undefined {
    const entry = entries.get(name);
    if (!entry) return undefined;
    const { group, kind, scope } = entry;
    if (kind === 'primary') return [toNode(scope, group.shards[0]?.primaryId)];
    if (kind === 'reader') return [toNode(scope, readerOf(scope, group))];
    if (kind === 'configuration')
      return configurationOf(scope, group).map((address) => ({ type: 'A', ttl, data: address }));
    return [{ type: 'A', ttl, data: kind.member.address }];
  }

  const toNode = (scope: Scope, memberId: string | undefined): DnsRecord => ({
    type: 'CNAME',
    ttl,
    data: nodeNameOf(scope, memberId ?? 'none'),
  });

  const offeredServiceOf = (scope: Scope, group: Group, member: Member): MemberService =>
    isOffered(member) ? serviceOf(scope, group, member) : 'none';

  /** One readable replica an answer, in turn; the primary when there is none. */
  function readerOf(scope: Scope, group: Group): string | undefined {
    const shard = group.shards[0];
    const readable =
      shard?.members.filter((member) => offeredServiceOf(scope, group, member) === 'replica') ?? [];
    if (readable.length === 0) return shard?.primaryId;
    return readable[turn++ % readable.length]!.id;
  }

  /** Primaries first, for clients without cluster support, then replicas; each part is shuffled. */
  function configurationOf(scope: Scope, group: Group): string[] {
    const of = (wanted: MemberService) =>
      shuffled(membersOf(group).filter((member) => offeredServiceOf(scope, group, member) === wanted));
    const serving = [...of('primary'), ...of('replica')];
    return (serving.length > 0 ? serving : membersOf(group)).map((member) => member.address);
  }

  function shuffled<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  const zones = [options.domain, `${options.domain}.cn`].map((suffix) => ({
    suffix,
    owns: (name: string) => name.split('.').some((label) => hashes.has(label)),
    lookup,
  }));

  return {
    zones,
    answerIn(table) {
      for (const zone of zones) table.add(zone);
      replicaNames.answerIn(table);
    },
    replicaNames: () => replicaNames.list(),
    namingOf,
    publish(scope, group) {
      publish(scope, group);
      replicaNames.publish(scope, group);
    },
    withdraw(scope, groupId) {
      withdraw(scope, groupId);
      replicaNames.withdraw(scope, groupId);
    },
    addresses: () =>
      new Set(
        [...entries.values()].flatMap(({ kind }) => (typeof kind === 'object' ? [kind.member.address] : [])),
      ),
    hostNames() {
      const names: Record<string, string> = {};
      for (const name of entries.keys()) {
        const [first] = lookup(name) ?? [];
        const record = first?.type === 'CNAME' ? lookup(first.data)?.[0] : first;
        if (record) names[name] = record.data;
      }
      for (const { name, value } of replicaNames.list()) {
        const [record] = lookup(value) ?? [];
        if (record) names[name] = record.data;
      }
      return names;
    },
  };
}
