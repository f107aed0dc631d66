// A workaround for a fault of ioredis's cluster client while slots move. Opens no connection.

import type { Cluster, Redis } from 'ioredis';

/**
 * After an ASK redirect the client sends ASKING and the command, and handles errors of the command only. A target
 * that owns no slot yet is missing from CLUSTER SLOTS, so the next refresh of the slots drops the connection to it.
 * The client repeats the command, but the pending ASKING rejects without a handler, which would end the process. Call
 * this before the first node is known, that is, in the same turn in which the client is created.
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
