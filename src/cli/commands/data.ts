// The commands about data in services.

import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { ItemsFlags } from '../dynamodb/items.ts';
import { DATA_DIR, type DataDirFlags, JSON_FLAG, REGION, value, word } from '../flags.ts';

export const dataRoutes = {
  dynamodb: buildRouteMap({
    docs: { brief: 'Look into the tables of DynamoDB' },
    routes: {
      items: buildCommand({
        docs: { brief: 'Show the items of a table: millpond dynamodb items TABLE' },
        parameters: {
          flags: {
            index: value('Show the items of this index', 'NAME'),
            limit: value('How many items at most (default 100)', 'COUNT'),
            ...JSON_FLAG,
            ...REGION,
            ...DATA_DIR,
          },
          positional: { kind: 'tuple', parameters: [word('The name of the table', 'table')] },
        },
        loader: async () => {
          const { showItems } = await import('../dynamodb/items.ts');
          return function (this: CliContext, flags: DataDirFlags & ItemsFlags, table: string) {
            return showItems(this, flags, table);
          };
        },
      }),
    },
  }),
};
