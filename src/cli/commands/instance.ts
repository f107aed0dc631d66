// The commands about Millpond itself: its start, its end, and what it and this machine say of themselves.

import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import {
  DATA_DIR,
  type DataDirFlags,
  flag,
  JSON_FLAG,
  START,
  type StartFlags,
  value,
  word,
} from '../flags.ts';

export const instanceRoutes = {
  start: buildCommand({
    docs: { brief: 'Start Millpond here with a demo replication group, and show what to try' },
    parameters: { flags: START },
    loader: async () => {
      const { start } = await import('../start.ts');
      return function (this: CliContext, flags: StartFlags) {
        return start(this, flags);
      };
    },
  }),
  up: buildCommand({
    docs: { brief: 'Start Millpond, here until Ctrl-C or detached' },
    parameters: {
      flags: { detach: flag('Leave it running, and return when it is ready'), ...START },
      aliases: { d: 'detach' },
    },
    loader: async () => {
      const { up } = await import('../up.ts');
      return function (this: CliContext, flags: StartFlags & { detach?: boolean }) {
        return up(this, flags);
      };
    },
  }),
  down: buildCommand({
    docs: { brief: 'Stop Millpond and its nodes, keeping their data' },
    parameters: {
      flags: { purge: flag('Also delete everything it made in the data directory'), ...DATA_DIR },
    },
    loader: async () => {
      const { down } = await import('../down.ts');
      return function (this: CliContext, flags: DataDirFlags & { purge?: boolean }) {
        return down(this, flags);
      };
    },
  }),
  status: buildCommand({
    docs: { brief: 'Show what runs, with every replication group and its endpoints' },
    parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
    loader: async () => {
      const { status } = await import('../status.ts');
      return function (this: CliContext, flags: DataDirFlags & { json?: boolean }) {
        return status(this, flags);
      };
    },
  }),
  why: buildCommand({
    docs: { brief: 'Explain the state of a resource: desired, observed, next step, last events' },
    parameters: {
      flags: { ...JSON_FLAG, ...DATA_DIR },
      positional: {
        kind: 'tuple',
        parameters: [word('Id of a replication group or cache cluster', 'resource')],
      },
    },
    loader: async () => {
      const { why } = await import('../why.ts');
      return function (this: CliContext, flags: DataDirFlags & { json?: boolean }, resource: string) {
        return why(this, flags, resource);
      };
    },
  }),
  doctor: buildCommand({
    docs: { brief: 'Check this machine for everything that Millpond uses' },
    parameters: {
      flags: { ...JSON_FLAG, ...DATA_DIR, port: value('Port of the API (default 4566)', 'PORT') },
    },
    loader: async () => {
      const { doctor } = await import('../doctor.ts');
      return function (this: CliContext, flags: DataDirFlags & { json?: boolean; port?: string }) {
        return doctor(this, flags);
      };
    },
  }),
};
