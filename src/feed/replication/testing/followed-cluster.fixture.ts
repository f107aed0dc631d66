// A cluster of real engines as a feed sees it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseClusterView } from '../../../engine/resharding/cluster-view.ts';
import { CREDENTIALS, RENAMED_MIGRATE } from '../../../engine/resharding/testing/test-admin.ts';
import {
  startTestCluster,
  TestCluster,
  type TestClusterOptions,
  type TestNode,
} from '../../../engine/resharding/testing/test-cluster.ts';
import { silentLog } from '../../../kernel/log.ts';
import type { FollowedShard } from '../../feeds.ts';
import type { ReplicationOptions } from '../replication-source.ts';

export interface FollowedCluster {
  cluster: TestCluster;
  /** The shards as they are now: roles by the engines, slots by the primaries. */
  shards(hidden?: (node: TestNode) => boolean): Promise<FollowedShard[]>;
  nodeId(node: TestNode): string;
}

/** Starts a cluster whose nodes have sockets. */
export async function startFollowedCluster(options: TestClusterOptions): Promise<FollowedCluster> {
  const directives = { unixsocket: 'engine.sock', ...options.directives };
  const cluster = await startTestCluster({ ...options, directives });
  const nodeId = (node: TestNode) => `node-${node.address}`;
  return {
    cluster,
    nodeId,
    shards: (hidden = () => false) =>
      Promise.all(
        cluster.members.map(async (members, index) => {
          const views = await Promise.all(members.map((node) => selfOf(node, hidden)));
          const primary = views.find((view) => view?.role === 'primary');
          return {
            id: TestCluster.shardId(index),
            slots: primary?.slots ?? [],
            nodes: members.map((node, member) => ({
              id: nodeId(node),
              role: views[member]?.role ?? 'replica',
              isServing: views[member] !== undefined,
              socket: join(cluster.directory, `${index}-${member}`, 'engine.sock'),
              username: CREDENTIALS.user,
              password: CREDENTIALS.password,
              commandNames: { migrate: RENAMED_MIGRATE },
            })),
          };
        }),
      ),
  };
}

async function selfOf(node: TestNode, hidden: (node: TestNode) => boolean) {
  if (hidden(node) || node.process.exitCode !== null || node.process.signalCode) return undefined;
  const text = String(await node.admin.send('CLUSTER', 'NODES'));
  const { self, owners } = parseClusterView(text);
  const slots = [...owners].filter(([, id]) => id === self.id).map(([slot]) => [slot, slot] as const);
  return { role: self.role, slots };
}

/** Starts a cluster, and says how a feed follows it. `clean` gets what ends both. */
export async function startFollowed(options: TestClusterOptions, clean: (() => unknown)[]) {
  const followed = await startFollowedCluster(options);
  clean.push(() => followed.cluster.stop());
  const directory = mkdtempSync(join(tmpdir(), 'millpond-feed-'));
  clean.push(() => rmSync(directory, { recursive: true, force: true }));
  const source: ReplicationOptions = {
    ...{ cache: 'shop', directory, resync: 'diff', start: 'now', value: 'after', log: silentLog },
    shards: await followed.shards(),
  };
  return { followed, options: source };
}
