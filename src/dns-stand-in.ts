// A program that answers DNS queries after Millpond has ended while its nodes still run. It answers from the last
// committed state of the store and does not observe the nodes, so it misses failovers among them. src/dns/stand-in
// starts it. It changes nothing.

import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_ACCOUNT_ID } from './aws/scope.ts';
import { awsZones } from './dns/aws-zones.ts';
import { instanceZones } from './dns/instance-zones.ts';
import { type DnsServer, startDnsServer } from './dns/server.ts';
import { deleteStandIn, readStandIn, type StandInFacts } from './dns/stand-in/record.ts';
import { INHERITED } from './dns/stand-in/stand-in.ts';
import type { ZoneTable } from './dns/zone.ts';
import { createLog } from './kernel/log.ts';
import { startTickOf } from './kernel/process-identity.ts';
import { fleetKey } from './services/elasticache/clusters/controller/members.ts';
import { type Group, membersOf } from './services/elasticache/clusters/domain/model.ts';
import type { MemberService } from './services/elasticache/clusters/domain/observation.ts';
import { createEndpoints } from './services/elasticache/names/endpoints.ts';
import { openRecords } from './services/elasticache/records.ts';
import { readStore, type Store } from './store/store.ts';

const LOOK_EVERY_MS = 1_000;

const dataDir = process.argv[2]!;
const log = createLog({ level: 'info' });

async function main(): Promise<void> {
  const facts = readStandIn(dataDir);
  if (facts?.pid !== process.pid) return;
  const nodes = runningNodes();
  if (nodes.length === 0) return deleteStandIn(dataDir);
  const dns = await startDnsServer({ ...facts.dns, inherited: INHERITED, untilBegin: 'wait', log });
  await addZones(dns, facts);
  await dns.begin();
  log.info(
    { dns: facts.dns, nodes: nodes.length },
    'Millpond has ended; DNS continues with the last known answers',
  );
  await untilNotWanted(nodes);
  if (readStandIn(dataDir)?.pid === process.pid) deleteStandIn(dataDir);
  await dns.leave();
}

async function addZones(
  { zones }: DnsServer,
  { domain, dnsTtlSeconds, region, https }: StandInFacts,
): Promise<void> {
  const store = readStore(join(dataDir, 'state.sqlite'));
  try {
    for (const zone of instanceZones()) zones.add(zone);
    if (https) for (const zone of awsZones(https.services, https.address)) zones.add(zone);
    const endpoints = createEndpoints({ domain, ttlSeconds: dnsTtlSeconds, serviceOf, random: Math.random });
    endpoints.namingOf({ accountId: DEFAULT_ACCOUNT_ID, region });
    for (const { scope, value } of openRecords(store).groups.listAll()) endpoints.publish(scope, value);
    endpoints.answerIn(zones);
    if (store.holdsAny('route53/')) await addHostedZones(zones, store, region);
  } finally {
    store.close();
  }
}

async function addHostedZones(zones: ZoneTable, store: Store, region: string): Promise<void> {
  const { answerIn } = await import('./services/route53/answers.ts');
  const { openRecords } = await import('./services/route53/records.ts');
  const records = await openRecords({ store, clock: { now: Date.now }, computed: () => [] });
  answerIn(zones, records.live, { random: Math.random, region });
}

/** From the record alone: nothing observes the nodes. */
function serviceOf(_scope: unknown, group: Group, { id }: { id: string }): MemberService {
  const shard = group.shards.find(({ members }) => members.some((member) => member.id === id));
  if (shard?.primaryId === id) return 'primary';
  return shard?.members.find((member) => member.id === id)?.phase === 'available' ? 'replica' : 'none';
}

interface RunningNode {
  pid: number;
  startTick: string;
}

const runs = ({ pid, startTick }: RunningNode): boolean => startTickOf(pid) === startTick;

function runningNodes(): RunningNode[] {
  const store = readStore(join(dataDir, 'state.sqlite'));
  try {
    return openRecords(store)
      .groups.listAll()
      .flatMap(({ scope, value }) => membersOf(value).map((member) => fleetKey(scope, member.id)))
      .flatMap((key) => processOf(key) ?? [])
      .filter(runs);
  } finally {
    store.close();
  }
}

function processOf(key: string): RunningNode | undefined {
  try {
    const text = readFileSync(join(dataDir, 'nodes', key, 'process.json'), 'utf8');
    return (JSON.parse(text) as { process?: RunningNode }).process;
  } catch {
    return undefined;
  }
}

/**
 * Resolves when another process's record, or none, replaces ours (after `down`, or when the directory is deleted), or
 * when no node is left.
 */
function untilNotWanted(nodes: RunningNode[]): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (readStandIn(dataDir)?.pid === process.pid && nodes.some(runs)) return;
      watcher?.close();
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    const watcher = watched(look);
    look();
  });
}

/** Notices changes at once; the timer would take up to a second. */
function watched(look: () => void): { close(): void } | undefined {
  try {
    return watch(dataDir, look).on('error', () => {});
  } catch {
    return undefined;
  }
}

await main().catch((error: unknown) => {
  log.error({ err: error }, 'DNS cannot continue after Millpond');
  process.exitCode = 1;
});
process.exit();
