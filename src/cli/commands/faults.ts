// The commands that make something fail: rehearsals, and cuts of the network.

import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { DrillFlags } from '../drill.ts';
import type { CutFlags } from '../fault.ts';
import { DATA_DIR, type DataDirFlags, flag, JSON_FLAG, value, word } from '../flags.ts';

export const faultRoutes = {
  drill: buildCommand({
    docs: { brief: 'Rehearse a failover: a writer, a reader, and a timeline of what they saw' },
    parameters: {
      flags: {
        nodeGroup: value('Shard to fail over (default 0001)', 'ID'),
        kind: value('failover, kill, switch or partition (default failover)', 'KIND'),
        seconds: value('How long to watch at most after the call (default 10)', 'SECONDS'),
        ...JSON_FLAG,
        ...DATA_DIR,
      },
      positional: { kind: 'tuple', parameters: [word('Id of a replication group', 'group')] },
    },
    loader: async () => {
      const { drillInside } = await import('../inside.ts');
      return function (this: CliContext, flags: DataDirFlags & DrillFlags, group: string) {
        return drillInside(this, flags, group);
      };
    },
  }),
  fault: buildRouteMap({
    docs: { brief: 'Cut the network between zones, nodes and clients (needs --network subnets)' },
    routes: {
      cut: buildCommand({
        docs: {
          brief: 'Drop packets: millpond fault cut --from us-east-1a --to us-east-1b --for 30s',
          fullDescription:
            'Drops all packets between two ends: zones, nodes (shop-001), the nodes of a group (shop), or clients, which is everything that is not a node. A primary that can no longer reach most of its group fails over.',
        },
        parameters: {
          flags: {
            from: {
              ...value('One end: a zone, a node, a group, or clients', 'END'),
              optional: false as const,
            },
            to: value('The other end (default: everything else)', 'END'),
            for: value('How long: 500ms, 30s, 5m, 1h (default: until it is cleared)', 'TIME'),
            oneWay: flag('Drop only packets from --from to --to'),
            delay: value('Refused: packets cannot be delayed', 'TIME'),
            ...DATA_DIR,
          },
        },
        loader: async () => {
          const { cutNetwork } = await import('../fault.ts');
          return function (this: CliContext, flags: CutFlags) {
            return cutNetwork(this, flags);
          };
        },
      }),
      list: buildCommand({
        docs: { brief: 'Show what is cut' },
        parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
        loader: async () => {
          const { listCuts } = await import('../fault.ts');
          return function (this: CliContext, flags: DataDirFlags & { json?: boolean }) {
            return listCuts(this, flags);
          };
        },
      }),
      clear: buildCommand({
        docs: { brief: 'End one cut, or all' },
        parameters: {
          flags: DATA_DIR,
          positional: {
            kind: 'tuple',
            parameters: [{ ...word('Id of a cut (default: all)', 'id'), optional: true as const }],
          },
        },
        loader: async () => {
          const { clearCuts } = await import('../fault.ts');
          return function (this: CliContext, flags: DataDirFlags, id?: string) {
            return clearCuts(this, flags, id);
          };
        },
      }),
    },
  }),
};
