// The requests that Millpond makes of one engine: one function per request, over an Admin connection, each safe to
// repeat. Which engine to ask, and when, is decided elsewhere.
//
// Unless it says otherwise, a function rejects as Admin does: with EngineError when the engine refuses, with an
// OperationalError EngineFailed or TimedOut when no reply arrives.

import { setTimeout as pause } from 'node:timers/promises';
import { OperationalError } from '../kernel/errors.ts';
import { type Admin, type Argument, EngineError } from './admin.ts';
import { type ClusterInfo, type ClusterNode, parseClusterInfo, parseClusterNodes } from './cluster-nodes.ts';
import { announcement, OWN_DIRECTIVES, RENAME_COMMANDS } from './configuration.ts';
import { parseInfo } from './info.ts';

export type { ClusterInfo, ClusterNode } from './cluster-nodes.ts';

/** REPLICAOF: cluster mode off only. The link comes up later; see `Admin.observe`. */
export async function replicateFrom(admin: Admin, address: string, port: number): Promise<void> {
  await admin.send('REPLICAOF', address, port);
}

/** REPLICAOF NO ONE: cluster mode off only. */
export async function promote(admin: Admin): Promise<void> {
  await admin.send('REPLICAOF', 'NO', 'ONE');
}

/**
 * CLUSTER FAILOVER TAKEOVER: a replica takes its primary's slots without an election. Call it only when the old
 * primary is known to be dead or its writes are paused. Does nothing on a node that is already a primary.
 */
export async function takeOver(admin: Admin): Promise<void> {
  await unlessRefused(
    admin,
    /You should send CLUSTER FAILOVER to a replica/,
    'CLUSTER',
    'FAILOVER',
    'TAKEOVER',
  );
}

/** CLUSTER REPLICATE: makes a node the replica of the one with this id. */
export async function clusterReplicate(admin: Admin, nodeId: string): Promise<void> {
  await admin.send('CLUSTER', 'REPLICATE', nodeId);
}

/**
 * CLIENT PAUSE WRITE: blocks writers for at most `timeoutMs`, even if Millpond dies. Resolves with the offset after
 * the last write that was accepted.
 */
export async function pauseWrites(admin: Admin, timeoutMs: number): Promise<number> {
  const [, info] = await sendTogether(admin, [
    ['CLIENT', 'PAUSE', timeoutMs, 'WRITE'],
    ['INFO', 'replication'],
  ]);
  return Number(parseInfo(String(info)).get('master_repl_offset'));
}

/** CLIENT UNPAUSE. */
export async function unpause(admin: Admin): Promise<void> {
  await admin.send('CLIENT', 'UNPAUSE');
}

/**
 * Closes the connections of all clients and subscribers, so that they resolve the name again. Replicas stay
 * connected.
 */
export async function dropClients(admin: Admin): Promise<void> {
  await sendTogether(admin, DROP_CLIENTS);
}

/**
 * `unpause` and `dropClients` in one round trip, so that blocked writers do not retry on a node that is no longer
 * primary.
 */
export async function unpauseAndDropClients(admin: Admin): Promise<void> {
  await sendTogether(admin, [['CLIENT', 'UNPAUSE'], ...DROP_CLIENTS]);
}

const DROP_CLIENTS: readonly Argument[][] = [
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
];

/**
 * SHUTDOWN. Resolves when the engine answers that it cannot shut down; rejects when the connection closes because it
 * does. With `refuseClients` the engine first closes all client connections and accepts no new ones (replicas and the
 * cluster bus stay); `acceptClients` undoes that. All commands go in one message: if Millpond dies at that moment, no
 * engine is left running without a listener.
 */
export async function shutDown(
  admin: Admin,
  options: { save: boolean; refuseClients?: boolean; timeoutMs: number },
): Promise<void> {
  const refusal = options.refuseClients ? [['CONFIG', 'SET', 'bind', ''], ...DROP_CLIENTS] : [];
  const command = ['SHUTDOWN', options.save ? 'SAVE' : 'NOSAVE'];
  const { timeoutMs } = options;
  // If refusing clients fails, the shutdown goes ahead; clients then wait while the engine saves.
  await admin.sendAll([...refusal, command], { timeoutMs });
}

/** Whether the engine listens for clients at all. */
export async function acceptsClients(admin: Admin): Promise<boolean> {
  const [, addresses] = (await admin.send('CONFIG', 'GET', 'bind')) as [string, string] | [];
  return addresses !== '';
}

/** Listens for clients again after `shutDown` with `refuseClients`. `address` is the node's own. */
export async function acceptClients(admin: Admin, address: string): Promise<void> {
  await admin.send('CONFIG', 'SET', 'bind', address);
}

/** Resolves once the node's offset is at least `offset`; rejects with TimedOut when it does not get there in time. */
export async function waitForOffset(admin: Admin, offset: number, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const fields = parseInfo(String(await admin.send('INFO', 'replication')));
    const isReplica = fields.get('role') === 'slave';
    const reached = Number(fields.get(isReplica ? 'slave_repl_offset' : 'master_repl_offset'));
    if (reached >= offset) return;
    if (performance.now() > deadline) {
      const message = `A replica has ${reached} of ${offset} bytes after ${timeoutMs} ms.`;
      throw new OperationalError('TimedOut', message);
    }
  }
}

/**
 * CONFIG SET of all directives at once, or one by one when the engine refuses them together. Resolves with the
 * refused directives and the reason for each; directives that Millpond sets itself are always refused.
 */
export async function applyDirectives(
  admin: Admin,
  directives: Record<string, string>,
): Promise<Record<string, string>> {
  const refused: Record<string, string> = {};
  const asked: [string, string][] = [];
  for (const [name, value] of Object.entries(directives)) {
    if (OWN_DIRECTIVES.has(name)) refused[name] = 'Millpond sets it';
    else if (name === RENAME_COMMANDS) refused[name] = 'it takes effect at the next start';
    else asked.push([name, value]);
  }
  if (asked.length === 0) return refused;
  const [together] = await admin.sendAll([['CONFIG', 'SET', ...asked.flat()]]);
  if (!(together instanceof EngineError)) return refused;
  const replies = await admin.sendAll(asked.map(([name, value]) => ['CONFIG', 'SET', name, value]));
  replies.forEach((reply, index) => {
    if (reply instanceof EngineError) refused[asked[index]![0]] = reply.message;
  });
  return refused;
}

const SAVE_LIMIT_MS = 300_000;
const SAVE_LOOK_MS = 5;

/**
 * Writes the node's data file (`Fleet.dataFile`) and resolves once it is complete. Uses BGSAVE, since SAVE blocks the
 * engine for as long as it takes, and that looks like a failure. Rejects with EngineFailed when saving fails.
 */
export async function saveRdb(admin: Admin): Promise<void> {
  const deadline = performance.now() + SAVE_LIMIT_MS;
  for (let begun = false; ; ) {
    if (!begun) begun = await beginSave(admin);
    else if (await saveIsDone(admin)) return;
    if (performance.now() > deadline)
      throw new OperationalError('TimedOut', 'A node does not finish saving.');
    await pause(SAVE_LOOK_MS);
  }
}

/** False while another child of the engine runs, for example for a replica's full sync. */
async function beginSave(admin: Admin): Promise<boolean> {
  const [reply] = await admin.sendAll([['BGSAVE']]);
  if (!(reply instanceof EngineError)) return true;
  if (/already in progress|child process is active/i.test(reply.message)) return false;
  throw reply;
}

async function saveIsDone(admin: Admin): Promise<boolean> {
  const fields = parseInfo(String(await admin.send('INFO', 'persistence')));
  if (fields.get('rdb_bgsave_in_progress') !== '0') return false;
  if (fields.get('rdb_last_bgsave_status') === 'ok') return true;
  throw new OperationalError('EngineFailed', 'A node could not save its data; its log says why.');
}

/** INFO of these sections, as a map from field name to value. */
export async function readInfo(
  admin: Admin,
  sections: readonly string[],
  timeoutMs: number,
): Promise<Map<string, string>> {
  const [reply] = await admin.sendAll([['INFO', ...sections]], { timeoutMs });
  if (reply instanceof EngineError) throw reply;
  return parseInfo(String(reply));
}

/** CLUSTER NODES: the cluster as this node sees it. */
export async function clusterNodes(admin: Admin): Promise<ClusterNode[]> {
  return parseClusterNodes(String(await admin.send('CLUSTER', 'NODES')));
}

/** CLUSTER INFO of this node. */
export async function clusterInfo(admin: Admin): Promise<ClusterInfo> {
  return parseClusterInfo(String(await admin.send('CLUSTER', 'INFO')));
}

/** The name of the connections by which feeds follow nodes. */
const FOLLOWER = /(?:^| )name=millpond-feed(?: |$)/;

/** Closes the links of feeds that follow the node. */
export async function dropFollowers(admin: Admin): Promise<void> {
  const clients = String(await admin.send('CLIENT', 'LIST', 'TYPE', 'replica')).split('\n');
  for (const client of clients.filter((line) => FOLLOWER.test(line))) {
    const id = /^id=(\d+) /.exec(client)?.[1];
    if (id !== undefined) await admin.send('CLIENT', 'KILL', 'ID', id);
  }
}

/** CLUSTER FORGET. Does nothing for an unknown node. */
export async function clusterForget(admin: Admin, nodeId: string): Promise<void> {
  await unlessRefused(admin, /Unknown node/, 'CLUSTER', 'FORGET', nodeId);
}

/** CLUSTER MEET. The two nodes know each other a few round trips of the cluster bus later. */
export async function clusterMeet(
  admin: Admin,
  node: { address: string; port: number; busPort: number },
): Promise<void> {
  await admin.send('CLUSTER', 'MEET', node.address, node.port, node.busPort);
}

/** Sets the host name that the node announces to clients of a cluster; `undefined` announces its address. */
export async function announce(admin: Admin, hostname: string | undefined): Promise<void> {
  await admin.send('CONFIG', 'SET', ...announcement(hostname).flat());
}

/** CLUSTER BUMPEPOCH. Resolves with the node's epoch, which is then the highest that it knows of in the cluster. */
export async function bumpEpoch(admin: Admin): Promise<number> {
  const reply = String(await admin.send('CLUSTER', 'BUMPEPOCH'));
  return Number(reply.split(' ')[1]);
}

async function unlessRefused(admin: Admin, harmless: RegExp, ...command: Argument[]): Promise<void> {
  const [reply] = await admin.sendAll([command]);
  if (reply instanceof EngineError && !harmless.test(reply.message)) throw reply;
}

async function sendTogether(admin: Admin, commands: readonly Argument[][]): Promise<unknown[]> {
  const replies = await admin.sendAll(commands);
  for (const reply of replies) if (reply instanceof EngineError) throw reply;
  return replies;
}
