// The commands that give programs of this machine the names of the endpoints.

import { buildCommand, buildRouteMap } from '@stricli/core';
import { type CliContext, printError } from '../context.ts';
import {
  DATA_DIR,
  type DataDirFlags,
  flag,
  JSON_FLAG,
  PLACE,
  REGION,
  value,
  values,
  word,
} from '../flags.ts';
import type { DockerInstallFlags, PlaceFlags } from '../inside.ts';
import type { StartSessionFlags } from '../start-session.ts';

export const programRoutes = {
  exec: buildCommand({
    docs: {
      brief: 'Run a command in which the endpoints resolve: millpond exec -- COMMAND',
      fullDescription:
        'Runs a command in which the endpoints resolve and the AWS tools talk to Millpond. Put -- before the command, so that its own flags stay its own.',
    },
    parameters: {
      flags: { ...PLACE, ...DATA_DIR },
      positional: { kind: 'array', parameter: word('The command and its arguments', 'command'), minimum: 1 },
    },
    loader: async () => {
      const { execInside } = await import('../inside.ts');
      return function (this: CliContext, flags: DataDirFlags & PlaceFlags, ...argv: string[]) {
        return execInside(this, flags, argv);
      };
    },
  }),
  shell: buildCommand({
    docs: { brief: 'Open a shell in which the endpoints resolve' },
    parameters: { flags: { ...PLACE, ...DATA_DIR } },
    loader: async () => {
      const { shellInside } = await import('../inside.ts');
      return function (this: CliContext, flags: DataDirFlags & PlaceFlags) {
        return shellInside(this, flags);
      };
    },
  }),
  sshConfig: buildCommand({
    docs: {
      brief: 'Print a configuration of ssh for the EC2 instances that run',
      fullDescription:
        'Prints a configuration of ssh for the EC2 instances that run, by id, name and address: millpond ssh-config >>~/.ssh/config. In exec and shell ssh has it anyway.',
    },
    parameters: { flags: DATA_DIR },
    loader: async () => {
      const { sshConfig } = await import('../instances/ssh-config.ts');
      return function (this: CliContext, flags: DataDirFlags) {
        return sshConfig(this, flags);
      };
    },
  }),
  ssm: buildRouteMap({
    docs: { brief: 'Session Manager: a shell on an instance' },
    routes: {
      startSession: buildCommand({
        docs: {
          brief: 'Open a shell on an EC2 instance: millpond ssm start-session --target i-…',
          fullDescription:
            "Opens a shell as `aws ssm start-session` does: here, with the instance's host name, names, region and credentials.",
        },
        parameters: {
          flags: {
            target: value('The id of the instance', 'ID'),
            command: value('Run this one command line there instead of a shell', 'COMMAND'),
            ...REGION,
            ...DATA_DIR,
          },
        },
        loader: async () => {
          const { startSessionInside } = await import('../inside.ts');
          return function (this: CliContext, flags: DataDirFlags & StartSessionFlags) {
            return startSessionInside(this, flags);
          };
        },
      }),
    },
  }),
  dns: buildRouteMap({
    docs: { brief: "Make this machine's own resolver ask Millpond for the endpoints, or undo that" },
    routes: {
      install: buildCommand({
        docs: { brief: "Make this machine's own resolver ask Millpond for the endpoints" },
        parameters: { flags: DATA_DIR },
        loader: async () => {
          const { installDns } = await import('../inside.ts');
          return function (this: CliContext, flags: DataDirFlags) {
            return installDns(this, flags);
          };
        },
      }),
      uninstall: buildCommand({
        docs: { brief: 'Undo dns install' },
        parameters: { flags: DATA_DIR },
        loader: async () => {
          const { dnsUninstall } = await import('../dns.ts');
          return async function (this: CliContext) {
            this.exitWith(await dnsUninstall());
          };
        },
      }),
    },
  }),
  docker: buildRouteMap({
    docs: { brief: "Let this machine's container tools use ECR's registries by their names, or undo that" },
    routes: {
      install: buildCommand({
        docs: {
          brief: "Give ECR's registries their names, and the container tools Millpond's authority for them",
          fullDescription:
            "Writes entries of the hosts file and /etc/docker/certs.d, which Docker's daemon, podman, skopeo and buildah read. In `millpond exec` docker needs none of this.",
        },
        parameters: {
          flags: {
            account: values('The account of a registry (default 000000000000); may be repeated', 'ID'),
            region: values("The region of a registry (default Millpond's); may be repeated", 'REGION'),
            print: flag('Print the commands, and change nothing'),
            ...DATA_DIR,
          },
        },
        loader: async () => {
          const { installDocker } = await import('../inside.ts');
          return function (this: CliContext, flags: DataDirFlags & DockerInstallFlags) {
            return installDocker(this, flags);
          };
        },
      }),
      uninstall: buildCommand({
        docs: { brief: 'Undo docker install' },
        parameters: { flags: {} },
        loader: async () => {
          const { dockerUninstall } = await import('../docker/install.ts');
          return async function (this: CliContext) {
            this.exitWith(await dockerUninstall());
          };
        },
      }),
      mapped: buildCommand({
        docs: { brief: "Run docker with ECR's registries mapped to Millpond, as `exec` does" },
        parameters: {
          flags: {},
          positional: { kind: 'array', parameter: word('The arguments of docker, after --', 'args') },
        },
        loader: async () => {
          const { runMapped } = await import('../docker/mapped.ts');
          return async function (this: CliContext, _flags: Record<never, never>, ...args: string[]) {
            this.exitWith(await runMapped(args, this.env, printError));
          };
        },
      }),
    },
  }),
  names: buildRouteMap({
    docs: { brief: 'Names for the replicas of a group, which Millpond keeps up to date' },
    routes: {
      add: buildCommand({
        docs: {
          brief: 'Give the replicas names: millpond names add GROUP read.example.internal',
          fullDescription:
            'Gives the replicas of a group names: read.example.internal stands for read1.example.internal and so on. It is the tag millpond:replica-names of the group.',
        },
        parameters: {
          flags: DATA_DIR,
          positional: {
            kind: 'tuple',
            parameters: [
              word('Id of a replication group', 'group'),
              word('The names without their number', 'domain'),
            ],
          },
        },
        loader: async () => {
          const { addNames } = await import('../names.ts');
          return function (this: CliContext, flags: DataDirFlags, group: string, domain: string) {
            return addNames(this, flags, group, domain);
          };
        },
      }),
      remove: buildCommand({
        docs: { brief: 'Remove the names of the replicas' },
        parameters: {
          flags: DATA_DIR,
          positional: { kind: 'tuple', parameters: [word('Id of a replication group', 'group')] },
        },
        loader: async () => {
          const { removeNames } = await import('../names.ts');
          return function (this: CliContext, flags: DataDirFlags, group: string) {
            return removeNames(this, flags, group);
          };
        },
      }),
      list: buildCommand({
        docs: { brief: 'Show every name of a replica and its target' },
        parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
        loader: async () => {
          const { listNames } = await import('../names.ts');
          return function (this: CliContext, flags: DataDirFlags & { json?: boolean }) {
            return listNames(this, flags);
          };
        },
      }),
    },
  }),
};
