// Engines without Millpond as the shard of a feed.

import type { BareEngine } from '../../../../test/support/bare-engine.ts';
import type { FollowedShard } from '../../feeds.ts';

/** The first is the primary. */
export const bareShard = (...engines: BareEngine[]): FollowedShard => ({
  id: '0001',
  slots: [[0, 16_383]],
  nodes: engines.map(({ socket }, index) => ({
    id: `node-${index}`,
    role: index === 0 ? 'primary' : 'replica',
    isServing: true,
    socket,
    username: 'default',
    password: '',
    commandNames: {},
  })),
});
