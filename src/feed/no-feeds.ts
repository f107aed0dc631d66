// Feeds that run nowhere: for services in tests, and where only records are read.

import type { Feeds } from './feeds.ts';

/** Accepts every feed; nothing is carried anywhere. */
export const noFeeds: Feeds = {
  set: async () => {},
  remove: async () => {},
  status: () => undefined,
  setNodes() {},
  leave: async () => true,
  slotsMove: async () => {},
  drain: async () => {},
  stop: async () => {},
};
