// The cluster as one node sees it, arranged for questions about slots. Asks and changes nothing.

import { type ClusterNode, parseClusterNodes } from '../cluster-nodes.ts';

export interface ClusterView {
  self: ClusterNode;
  nodes: ReadonlyMap<string, ClusterNode>;
  /** The owner's node id by slot; absent when this node knows none. */
  owners: ReadonlyMap<number, string>;
  /** This node owns the slot and hands it to that node id. */
  migrating: ReadonlyMap<number, string>;
  /** This node is being handed the slot by that node id. */
  importing: ReadonlyMap<number, string>;
}

/** `text` is the reply of CLUSTER NODES. Throws when it names no node as myself. */
export function parseClusterView(text: string): ClusterView {
  const nodes = parseClusterNodes(text);
  const self = nodes.find((node) => node.isSelf);
  if (!self) throw new Error('CLUSTER NODES names no node as myself');
  const owners = new Map<number, string>();
  for (const { id, slots } of nodes) {
    for (const [first, last] of slots) for (let slot = first; slot <= last; slot++) owners.set(slot, id);
  }
  return {
    self,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    owners,
    migrating: new Map(self.migrating.map(({ slot, to }) => [slot, to])),
    importing: new Map(self.importing.map(({ slot, from }) => [slot, from])),
  };
}
