// What is asked of one engine, by name: one function a request, each over an Admin connection and each safe
// to repeat. Which engine to ask, and when, is never decided here.
//
// Unless it says otherwise a function rejects as Admin does: EngineError with the engine's own refusal,
// OperationalError EngineFailed or TimedOut when there is no answer.

import { setTimeout as pause } from 'node:timers/promises';
import { OperationalError } from '../kernel/errors.ts';
import { type Admin, type Argument, EngineError } from './admin.ts';
import { type ClusterInfo, type ClusterNode, parseClusterInfo, parseClusterNodes } from './cluster-nodes.ts';
import { announcement, HOUSE_DIRECTIVES, RENAME_COMMANDS } from './configuration.ts';
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
 * CLUSTER FAILOVER TAKEOVER: a replica takes its primary's slots without asking anybody. Only once the old primary
 * is known to be dead or holds its writers back. A node that is a primary already is left as it is.
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
 * CLIENT PAUSE WRITE: holds writers back, and lets them go after `timeoutMs` whatever becomes of us. Resolves with
 * the offset behind the last write that was let through.
 */
export async function pauseWrites(admin: Admin, timeoutMs: number): Promise<number> {
  const [, info] = await sendTogether(admin, [
    ['CLIENT', 'PAUSE', timeoutMs, 'WRITE'],
    ['INFO', 'replication'],
  ]);
  return Number(parseInfo(String(info)).get('master_repl_offset'));
}

export async function unpause(admin: Admin): Promise<void> {
  await admin.send('CLIENT', 'UNPAUSE');
}

/** Closes the connections of all clients and subscribers, so that they resolve the name anew; replicas stay. */
export async function dropClients(admin: Admin): Promise<void> {
  await sendTogether(admin, DROP_CLIENTS);
}

/** `unpause` and `dropClients` in one: writers that were held back lose no time with a node that is no primary. */
export async function unpauseAndDropClients(admin: Admin): Promise<void> {
  await sendTogether(admin, [['CLIENT', 'UNPAUSE'], ...DROP_CLIENTS]);
}

const DROP_CLIENTS: readonly Argument[][] = [
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
  ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
];

/**
 * SHUTDOWN. Resolves when the engine answers that it cannot end so; rejects when the connection ends with it. With
 * `refuseClients` the engine first closes the connections of all clients and accepts no new ones (replicas and the
 * cluster bus stay), which `acceptClients` takes back. All is one message: should Millpond end at that moment, no
 * engine is left that runs and listens nowhere.
 */
export async function shutDown(
  admin: Admin,
  options: { save: boolean; refuseClients?: boolean; timeoutMs: number },
): Promise<void> {
  const refusal = options.refuseClients ? [['CONFIG', 'SET', 'bind', ''], ...DROP_CLIENTS] : [];
  const command = ['SHUTDOWN', options.save ? 'SAVE' : 'NOSAVE'];
  const { timeoutMs } = options;
  // A node that cannot refuse its clients ends all the same; a client then waits while it saves.
  await admin.sendAll([...refusal, command], { timeoutMs });
}

/** Whether the engine listens for clients at all. */
export async function takesClients(admin: Admin): Promise<boolean> {
  const [, addresses] = (await admin.send('CONFIG', 'GET', 'bind')) as [string, string] | [];
  return addresses !== '';
}

/** `address` is the node's own. */
export async function acceptClients(admin: Admin, address: string): Promise<void> {
  await admin.send('CONFIG', 'SET', 'bind', address);
}

/** Resolves once the node holds at least `offset` bytes of the history; TimedOut when it does not get there. */
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
 * CONFIG SET of all at once, and one by one where the engine refuses the lot. Resolves with those refused and the
 * reason for each; the house's own directives are among them.
 */
export async function applyDirectives(
  admin: Admin,
  directives: Record<string, string>,
): Promise<Record<string, string>> {
  const refused: Record<string, string> = {};
  const asked: [string, string][] = [];
  for (const [name, value] of Object.entries(directives)) {
    if (HOUSE_DIRECTIVES.has(name)) refused[name] = 'Millpond sets it';
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
 * Writes the node's data file (`Fleet.dataFile`) and resolves once it is whole. In the background, since SAVE would
 * silence the engine for as long as it takes and that looks like a failure. Rejects with EngineFailed when it fails.
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

/** False while another child of the engine (a replica's full sync) is in the way. */
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

/** The fields of these sections of INFO, by name. */
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

export async function clusterInfo(admin: Admin): Promise<ClusterInfo> {
  return parseClusterInfo(String(await admin.send('CLUSTER', 'INFO')));
}

/** CLUSTER FORGET; a node that is not known is forgotten already. */
export async function clusterForget(admin: Admin, nodeId: string): Promise<void> {
  await unlessRefused(admin, /Unknown node/, 'CLUSTER', 'FORGET', nodeId);
}

/** CLUSTER MEET: the two know each other some round trips of the bus later. */
export async function clusterMeet(
  admin: Admin,
  node: { address: string; port: number; busPort: number },
): Promise<void> {
  await admin.send('CLUSTER', 'MEET', node.address, node.port, node.busPort);
}

/** CONFIG SET of the name under which clients of a cluster find the node; `undefined` for its address. */
export async function announce(admin: Admin, hostname: string | undefined): Promise<void> {
  await admin.send('CONFIG', 'SET', ...announcement(hostname).flat());
}

/** CLUSTER BUMPEPOCH. Resolves with the node's epoch, which is then the highest in the cluster as it knows it. */
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
