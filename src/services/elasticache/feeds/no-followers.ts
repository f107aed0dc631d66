// Followers where no feed runs: for the controller in tests.

import type { Followers } from './followers.ts';

/** Does only the work that it is given. */
export const noFollowers: Followers = {
  nodesChanged() {},
  without: async (_scope, _groupId, _memberId, work) => await work(),
  slotsMove: async () => {},
  drain: async () => {},
};
