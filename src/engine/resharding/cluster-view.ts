// The cluster as one node sees it, indexed for questions about slots. Pure.

import { type ClusterNode, parseClusterNodes } from '../cluster-nodes.ts';

/** CLUSTER NODES of one node, by node id and by slot. */
export interface ClusterView {
  self: ClusterNode;
  nodes: ReadonlyMap<string, ClusterNode>;
  /** The owner's node id by slot; a slot without a known owner is absent. */
  owners: ReadonlyMap<number, string>;
  /** Slots that this node owns and migrates, with the target's node id. */
  migrating: ReadonlyMap<number, string>;
  /** Slots that this node imports, with the source's node id. */
  importing: ReadonlyMap<number, string>;
}

/** `text` is the reply to CLUSTER NODES. Throws when no line has the flag `myself`. */
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
