// What ioredis's cluster client leaves undone while slots move. No connection is made here.

import type { Cluster, Redis } from 'ioredis';

/**
 * Redirected by ASK, the client sends ASKING and the command, and looks after the command alone. A target that owns no
 * slot yet is missing from CLUSTER SLOTS, so the next refresh of the slots drops the connection to it: the command is
 * sent again, and the ASKING that waited rejects with nobody listening, which ends the process. To be called before
 * the first node is known, that is in the turn in which the client is made.
 */
export function tolerateLostAsking(cluster: Cluster): void {
  cluster.on('+node', (node: Redis) => {
    const send = node.asking.bind(node);
    node.asking = (...args) => {
      const asked = send(...args);
      asked.catch(() => {});
      return asked;
    };
  });
}
