// What feeds are told of nodes, and when.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Fleet } from '../../../engine/fleet.ts';
import type { FollowedShard } from '../../../feed/feeds.ts';
import { silentLog } from '../../../kernel/log.ts';
import { context, someGroup } from '../in-memory.fixture.ts';
import { createFollowers } from './followers.ts';

function followers({ hasFeeds = true, leaves = true } = {}) {
  const told: string[] = [];
  const sent: string[] = [];
  let group = someGroup('demo');
  const fleet = {
    access: () => ({ socket: '/s', username: 'u', password: 'p', names: new Map() }),
    status: () => ({ state: 'running' }),
    admin: () => ({
      async send(...words: string[]) {
        sent.push(words.join(' '));
        return CLIENTS;
      },
    }),
  } as unknown as Fleet;
  const made = createFollowers({
    ...{ fleet, log: silentLog, hasFeeds: () => hasFeeds, groupOf: () => group },
    observations: { lastSeen: () => undefined },
    feeds: {
      setNodes: (_key: string, shards: readonly FollowedShard[]) =>
        void told.push(
          shards.flatMap(({ nodes }) => nodes.map(({ id, role }) => `${id} ${role}`)).join(', '),
        ),
      async leave(_key, nodeId) {
        told.push(`leave ${nodeId}`);
        return leaves;
      },
      slotsMove: async (_key, is) => void told.push(`slots ${is}`),
      drain: async (_key, shardId) => void told.push(`drain ${shardId}`),
    },
  });
  const promote = (primaryId: string) => {
    group = { ...group, shards: group.shards.map((shard) => ({ ...shard, primaryId })) };
    made.nodesChanged(context, 'demo');
  };
  return { ...made, told, sent, promote };
}

const CLIENTS = 'id=4 addr=a name=millpond-feed flags=S\nid=5 addr=b name= flags=S\n';
const BEFORE = 'demo-001 primary, demo-002 replica';
const AFTER = 'demo-001 replica, demo-002 primary';

it('feeds learn of nodes when something has changed, and nothing is told where there is no feed', async () => {
  const { nodesChanged, promote, told } = followers();
  nodesChanged(context, 'demo');
  nodesChanged(context, 'demo');
  promote('demo-002');
  assert.deepEqual(told, [BEFORE, AFTER]);
  const none = followers({ hasFeeds: false });
  none.nodesChanged(context, 'demo');
  await none.without(context, 'demo', 'demo-002', async () => none.told.push('work'));
  await none.slotsMove(context, 'demo', 'beginning');
  await none.drain(context, 'demo', '0001');
  assert.deepEqual([...none.told, ...none.sent], ['work']);
});

it('a node that is left is shown again only after the work', async () => {
  const { nodesChanged, without, promote, told, sent } = followers();
  nodesChanged(context, 'demo');
  await without(context, 'demo', 'demo-002', async () => promote('demo-002'));
  assert.deepEqual(told, [BEFORE, 'leave demo-002', AFTER]);
  const failing = without(context, 'demo', 'demo-001', async () => Promise.reject(new Error('no')));
  await assert.rejects(failing, /no/);
  assert.deepEqual(told.slice(3), ['leave demo-001', AFTER], 'also when nothing has changed');
  assert.deepEqual(sent, []);
});

it('the link of a feed that does not leave in time is closed', async () => {
  const { without, sent } = followers({ leaves: false });
  await without(context, 'demo', 'demo-002', async () => {});
  assert.deepEqual(sent, ['CLIENT LIST TYPE replica', 'CLIENT KILL ID 4']);
});

it('a shard is drained once, and new shards are shown before slots move', async () => {
  const { drain, slotsMove, told } = followers();
  await Promise.all([drain(context, 'demo', '0001'), drain(context, 'demo', '0001')]);
  await slotsMove(context, 'demo', 'beginning');
  assert.deepEqual(told, ['drain 0001', BEFORE, 'slots beginning']);
});
