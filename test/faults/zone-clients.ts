// Starts clients in the zones of a group: a process in Millpond's network (zone-clients-program.ts).

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Group } from '../../src/services/elasticache/clusters/domain/model.ts';
import { hostOf } from './endpoints-right.ts';
import type { MillpondProcess } from './millpond-process.ts';
import type { Clientele, ShardSight, Verbs } from './zone-clients-program.ts';

export interface ZoneClients {
  call<V extends keyof Verbs>(verb: V, ...args: Parameters<Verbs[V]>): Promise<Awaited<ReturnType<Verbs[V]>>>;
  /** Tells the probes of the members' present addresses. */
  look(group: Group): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./zone-clients-program.ts', import.meta.url));

/** The command line that runs a program in the network of this data directory. */
export function inNetwork(dataDir: string, command: string[]): [string, ...string[]] {
  const { pid, hasUsers } = JSON.parse(readFileSync(join(dataDir, 'network', 'world.json'), 'utf8'));
  const users = hasUsers ? ['--user', '--preserve-credentials'] : [];
  return ['nsenter', `--target=${pid}`, ...users, '--net', '--', ...command];
}

/** Clients in every zone in which the group has members. */
export async function startZoneClients(millpond: MillpondProcess, groupId: string): Promise<ZoneClients> {
  const { desired: group } = (await millpond.why(groupId))!;
  const { endpoints } = await millpond.group(groupId);
  const { dns } = await millpond.status();
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM];
  const [program, ...args] = inNetwork(millpond.dataDir, node);
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const clients = talkTo(child);
  const members = group.shards.flatMap((shard) => shard.members);
  const clientele: Clientele = {
    host: hostOf(endpoints.primary ?? endpoints.configuration!),
    port: group.port,
    dns: `${dns.address}:${dns.port}`,
    zones: Object.fromEntries(members.map(({ zone, subnetCidr }) => [zone, clientIn(subnetCidr)])),
    shards: sightsOf(group),
  };
  try {
    await clients.call('start', clientele);
  } catch (error) {
    await clients.stop();
    throw error;
  }
  return clients;
}

const sightsOf = (group: Group): ShardSight[] =>
  group.shards.map(({ id, slots, members }) => ({
    ...{ id, slots },
    addresses: members.map(({ address }) => address),
  }));

/** An address high in the subnet, where Millpond puts no node of a test. */
function clientIn(cidr: string): string {
  const [a, b, c] = cidr.split('.');
  return `${a}.${b}.${c}.200`;
}

function talkTo(child: ChildProcess): ZoneClients {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  const ended = once(child, 'exit');
  child.on('message', ({ id, value, error }: { id: number; value: never; error?: string }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the clients have ended'));
  });
  const clients: ZoneClients = {
    call: (verb, ...args) =>
      new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject });
        child.send({ id: last, verb, args });
      }),
    look: (group) => clients.call('look', sightsOf(group)),
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
  return clients;
}
