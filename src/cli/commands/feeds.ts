// The commands about feeds.

import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { FeedFlags, FeedStatusFlags } from '../feed.ts';
import { DATA_DIR, type DataDirFlags, flag, JSON_FLAG, REGION, value, values, word } from '../flags.ts';

const CONFIGURATION = {
  cache: value('The replication group or cluster whose changes are delivered', 'ID'),
  to: value('lambda:FUNCTION, dynamodb:TABLE, sns:TOPIC, sqs:QUEUE or null', 'TARGET'),
  keys: values("Only keys that match, e.g. 'cart:*'; may be repeated", 'PATTERN'),
  value: value('after or none: whether changes carry the value of their key (default after)', 'WHAT'),
  file: value('A YAML file that says all of it; - is the standard input', 'FILE'),
  ...REGION,
  ...DATA_DIR,
};

const NAME = { kind: 'tuple' as const, parameters: [word('The name of the feed', 'name')] as const };
const NAME_OR_NONE = {
  kind: 'tuple' as const,
  parameters: [{ ...word('The name of the feed', 'name'), optional: true as const }] as const,
};

const making = (brief: string, isUpdate: boolean) =>
  buildCommand({
    docs: { brief },
    parameters: { flags: CONFIGURATION, positional: NAME_OR_NONE },
    loader: async () => {
      const { makeFeed } = await import('../feed.ts');
      return function (this: CliContext, flags: FeedFlags, name?: string) {
        return makeFeed(this, flags, name, isUpdate);
      };
    },
  });

export const feedRoutes = {
  feed: buildRouteMap({
    docs: { brief: 'Deliver the changes of a cache to functions, tables, topics and queues' },
    routes: {
      create: making('Start one: millpond feed create carts --cache shop --to dynamodb:Carts', false),
      update: making('Replace what one says, all of it as for create; it goes on where it is', true),
      list: buildCommand({
        docs: { brief: 'Show all feeds, a line each' },
        parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
        loader: async () => {
          const { listFeeds } = await import('../feed.ts');
          return function (this: CliContext, flags: DataDirFlags & { json?: boolean }) {
            return listFeeds(this, flags);
          };
        },
      }),
      status: buildCommand({
        docs: { brief: 'Show how far feeds are: lag, deliveries, what each shard does' },
        parameters: {
          flags: { watch: flag('Show it again and again'), ...JSON_FLAG, ...DATA_DIR },
          positional: NAME_OR_NONE,
        },
        loader: async () => {
          const { showFeeds } = await import('../feed.ts');
          return function (this: CliContext, flags: FeedStatusFlags, name?: string) {
            return showFeeds(this, flags, name);
          };
        },
      }),
      delete: buildCommand({
        docs: { brief: 'End one; what it has not delivered is dropped' },
        parameters: { flags: { ...REGION, ...DATA_DIR }, positional: NAME },
        loader: async () => {
          const { deleteFeed } = await import('../feed.ts');
          return function (this: CliContext, flags: DataDirFlags & { region?: string }, name: string) {
            return deleteFeed(this, flags, name);
          };
        },
      }),
    },
  }),
};
