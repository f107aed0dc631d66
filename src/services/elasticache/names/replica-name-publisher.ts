// Writes the names of replicas into a Route 53 that is not Millpond's own, through its API: one CNAME a name, in the
// hosted zone that covers it. Millpond's own Route 53 computes these names instead; see endpoints.ts.
//
// Everything written is recorded, so that it is removed again even after a crash.

import type { Change } from '@aws-sdk/client-route-53';
import type { Scope } from '../../../aws/scope.ts';
import { createReconciler, type ReconcileResult } from '../../../control/reconciler.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../store/store.ts';
import type { Client } from '../../../wire/client.ts';
import { Fault } from '../../../wire/fault.ts';
import { parseGroupKey, renderGroupKey } from '../clusters/controller/members.ts';
import { HAS_REPLICA_NAMES, type Records } from '../records.ts';
import { recordedTargets, replicaName } from './domain/replica-names.ts';

/** The client of the other Route 53. */
export type Route53Client = Client<typeof import('@aws-sdk/client-route-53')>;

/** Keeps the names of all groups up to date in the hosted zones. */
export interface ReplicaNamePublisher {
  /** Reconciles the names of a group. Call it after the group's commit. */
  wake(scope: Scope, groupId: string): void;
  /** Reconciles all groups, and everything that was ever written. */
  start(): void;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** The dependencies of the publisher. */
export interface ReplicaNamePublisherOptions {
  store: Store;
  records: Records;
  route53: Route53Client;
  ttlSeconds: number;
  nodeNameOf(scope: Scope, memberId: string): string;
  log: Log;
}

/** What Millpond wrote into a hosted zone for one group. */
interface WrittenNames {
  groupId: string;
  zoneId: string;
  ttlSeconds: number;
  /** Name to target. */
  names: Record<string, string>;
  /** False until the write is confirmed: the zone may have the names or not. */
  isSure: boolean;
}

/** How often a missing hosted zone is looked for again. */
const LOOK_FOR_ZONE_MS = 5_000;

/** Does nothing until `start` or `wake`. */
export function createReplicaNamePublisher(options: ReplicaNamePublisherOptions): ReplicaNamePublisher {
  const { store, records, route53, ttlSeconds } = options;
  const log = options.log.child({ part: 'replica-names' });
  const written = store.collection<WrittenNames>('elasticache/kept-replica-names');
  const reconciler = createReconciler({ name: 'replica-names', reconcile, log });

  async function reconcile(key: string): Promise<ReconcileResult | undefined> {
    const { scope, groupId } = parseGroupKey(key);
    const kept = written.get(scope, groupId);
    const wanted = wantedNames(scope, groupId);
    const [first] = Object.keys(wanted);
    const zoneId = first === undefined ? undefined : await zoneCovering(route53, scope, first);
    if (kept) await withdraw(scope, kept, zoneId === kept.zoneId ? wanted : {});
    if (first === undefined) return undefined;
    if (zoneId === undefined) {
      log.warn({ groupId, name: first }, 'no hosted zone covers the names of the replicas');
      return { lookAgainAfterMs: LOOK_FOR_ZONE_MS };
    }
    await write(scope, groupId, zoneId, wanted);
    return undefined;
  }

  function wantedNames(scope: Scope, groupId: string): Record<string, string> {
    const names = records.groups.get(scope, groupId)?.replicaNames;
    if (!names) return {};
    const entries = recordedTargets(names).map((memberId, index) => [
      replicaName(names.pattern, index + 1),
      options.nodeNameOf(scope, memberId),
    ]);
    return Object.fromEntries(entries);
  }

  async function write(
    scope: Scope,
    groupId: string,
    zoneId: string,
    wanted: Record<string, string>,
  ): Promise<void> {
    const kept = written.get(scope, groupId);
    const changed = Object.entries(wanted).filter(
      ([name, value]) => !kept?.isSure || kept.names[name] !== value || kept.ttlSeconds !== ttlSeconds,
    );
    if (changed.length === 0) return;
    const names = { ...kept?.names, ...wanted };
    written.put(scope, groupId, { groupId, zoneId, ttlSeconds, names, isSure: false });
    await submit(
      scope,
      zoneId,
      changed.map(([name, value]) => changeOf('UPSERT', name, value, ttlSeconds)),
    );
    written.put(scope, groupId, { groupId, zoneId, ttlSeconds, names, isSure: true });
  }

  /** Removes names that are no longer wanted, one by one. A name that someone else changed stays. */
  async function withdraw(scope: Scope, kept: WrittenNames, wanted: Record<string, string>): Promise<void> {
    const names = { ...kept.names };
    for (const [name, value] of Object.entries(kept.names)) {
      if (Object.hasOwn(wanted, name)) continue;
      try {
        await submit(scope, kept.zoneId, [changeOf('DELETE', name, value, kept.ttlSeconds)]);
      } catch (error) {
        if (!(error instanceof Fault) || !/^(InvalidChangeBatch|NoSuchHostedZone)/.test(error.shape))
          throw error;
        log.warn({ name, err: error }, 'the name of a replica was changed by someone else');
      }
      delete names[name];
    }
    if (Object.keys(names).length === Object.keys(kept.names).length) return;
    if (Object.keys(names).length > 0) written.put(scope, kept.groupId, { ...kept, names });
    else written.delete(scope, kept.groupId);
  }

  async function submit(scope: Scope, zoneId: string, Changes: Change[]): Promise<void> {
    const input = { HostedZoneId: zoneId, ChangeBatch: { Comment: 'Millpond: names of replicas', Changes } };
    await route53.call('ChangeResourceRecordSets', input, scope);
  }

  function wake(scope: Scope, groupId: string): void {
    const hasNames = records.groups.get(scope, groupId)?.replicaNames ?? written.get(scope, groupId);
    if (hasNames) reconciler.wake(renderGroupKey(scope, groupId));
  }

  return {
    wake,
    start() {
      const named = records.groups.byAnywhere('replicaNames', HAS_REPLICA_NAMES);
      for (const { scope, id } of [...named, ...written.listAll()]) wake(scope, id);
    },
    idle: () => reconciler.idle(),
    stop: () => reconciler.stop(),
  };
}

const changeOf = (Action: 'UPSERT' | 'DELETE', Name: string, Value: string, TTL: number): Change => ({
  Action,
  ResourceRecordSet: { Name, Type: 'CNAME', TTL, ResourceRecords: [{ Value }] },
});

const MAX_ZONES_OF_A_NAME = 10;

/** The id of the hosted zone with the longest suffix of `name`; among several, a private one. */
async function zoneCovering(route53: Route53Client, scope: Scope, name: string): Promise<string | undefined> {
  const labels = name.split('.');
  for (let from = 1; from < labels.length; from++) {
    const DNSName = `${labels.slice(from).join('.')}.`;
    const { HostedZones = [] } = await route53.call(
      'ListHostedZonesByName',
      { DNSName, MaxItems: MAX_ZONES_OF_A_NAME },
      scope,
    );
    const zones = HostedZones.filter((zone) => zone.Name === DNSName);
    const zone = zones.find(({ Config }) => Config?.PrivateZone) ?? zones[0];
    if (zone?.Id) return zone.Id.slice(zone.Id.lastIndexOf('/') + 1);
  }
  return undefined;
}
