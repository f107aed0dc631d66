// Parses the replies of CLUSTER NODES and CLUSTER INFO. Pure.

import { boundedReply, parseInfo } from './info.ts';

const SLOTS = 16_384;

/** One member as one node sees it. */
export interface ClusterNode {
  id: string;
  address: string;
  port: number;
  /** The host name that it announces, as far as the queried node has heard of it. */
  hostname?: string;
  /** `myself`, `master`, `slave`, `fail?`, `fail`, `handshake`, `noaddr`, `nofailover` as the engine spells them. */
  flags: string[];
  role: 'primary' | 'replica';
  isSelf: boolean;
  primaryId?: string;
  epoch: number;
  link: 'up' | 'down';
  /** First and last of each range, both inclusive. */
  slots: [number, number][];
  /** Slots that migrate away, with the target's node id. An engine reports only its own. */
  migrating: { slot: number; to: string }[];
  /** Slots that are being imported, with the source's node id. An engine reports only its own. */
  importing: { slot: number; from: string }[];
}

/** Throws an OperationalError (EngineFailed) for a reply that is too long to be an engine's. */
export function parseClusterNodes(text: string): ClusterNode[] {
  return boundedReply(text).split('\n').filter(Boolean).map(parseLine);
}

// <id> <ip:port@cport[,hostname[,aux=value]*]> <flags> <primary> <ping> <pong> <epoch> <link> <slot>…
function parseLine(line: string): ClusterNode {
  const [id = '', endpoint = '', flagList = '', primary = '-', , , epoch = '0', link, ...slots] = line
    .trim()
    .split(' ');
  const flags = flagList.split(',');
  const [address, port] = parseEndpoint(endpoint);
  const node: ClusterNode = {
    id,
    address,
    port,
    flags,
    role: flags.includes('slave') ? 'replica' : 'primary',
    isSelf: flags.includes('myself'),
    epoch: Number(epoch),
    link: link === 'connected' ? 'up' : 'down',
    slots: [],
    migrating: [],
    importing: [],
  };
  if (primary !== '-') node.primaryId = primary;
  const hostname = endpoint.split(',')[1];
  if (hostname) node.hostname = hostname;
  for (const slot of slots) addSlots(node, slot);
  return node;
}

function parseEndpoint(endpoint: string): [address: string, port: number] {
  const [where = ''] = endpoint.split(/[@,]/, 1);
  const colon = where.lastIndexOf(':');
  return [where.slice(0, colon), Number(where.slice(colon + 1))];
}

// `0-99`, `7`, `[7->-id]` (migrating) or `[7-<-id]` (importing)
function addSlots(node: ClusterNode, text: string): void {
  const moving = /^\[(\d+)-([<>])-([0-9a-f]+)\]$/.exec(text);
  if (moving) {
    const [, slot, direction, other] = moving as unknown as [string, string, string, string];
    if (!isSlot(Number(slot))) return;
    if (direction === '>') node.migrating.push({ slot: Number(slot), to: other });
    else node.importing.push({ slot: Number(slot), from: other });
    return;
  }
  const [first = -1, last = first] = text.split('-').map(Number);
  // Ranges are walked from the first to the last.
  if (isSlot(first) && isSlot(last) && first <= last) node.slots.push([first, last]);
}

const isSlot = (slot: number): boolean => Number.isInteger(slot) && slot >= 0 && slot < SLOTS;

/** The fields of CLUSTER INFO that Millpond uses. */
export interface ClusterInfo {
  state: 'ok' | 'fail';
  slotsAssigned: number;
  slotsOk: number;
  knownNodes: number;
  /** Primaries that own a slot. */
  size: number;
  currentEpoch: number;
  myEpoch: number;
}

/** A missing field reads as 0. Throws as `parseClusterNodes` does. */
export function parseClusterInfo(text: string): ClusterInfo {
  const fields = parseInfo(text);
  const number = (name: string): number => Number(fields.get(name) ?? 0);
  return {
    state: fields.get('cluster_state') === 'ok' ? 'ok' : 'fail',
    slotsAssigned: number('cluster_slots_assigned'),
    slotsOk: number('cluster_slots_ok'),
    knownNodes: number('cluster_known_nodes'),
    size: number('cluster_size'),
    currentEpoch: number('cluster_current_epoch'),
    myEpoch: number('cluster_my_epoch'),
  };
}
