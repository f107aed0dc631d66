// The command line as a table: every command with its flags and the file that implements it, which is loaded on use.

import {
  type ApplicationText,
  buildApplication,
  buildCommand,
  buildRouteMap,
  run,
  text_en,
} from '@stricli/core';
import { command } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { VERSION } from '../version.ts';
import { type CliContext, printError } from './context.ts';
import type { DeployFlags } from './deploy.ts';
import type { DrillFlags } from './drill.ts';
import type { CutFlags } from './fault.ts';
import { DATA_DIR, type DataDirFlags, flag, PLACE, START, type StartFlags, value, values } from './flags.ts';
import type { DockerInstallFlags, PlaceFlags } from './inside.ts';
import type { OpenFlags } from './open.ts';
import type { StartSessionFlags } from './start-session.ts';

const word = (brief: string, placeholder: string) => ({ brief, placeholder, parse: String });

const JSON_FLAG = { json: flag('Print JSON') };
const REGION = { region: value("The region (default AWS_REGION, else Millpond's own)", 'REGION') };

const routes = {
  start: buildCommand({
    docs: { brief: 'Start Millpond here with a demo replication group, and show what to try' },
    parameters: { flags: START },
    loader: async () => {
      const { start } = await import('./start.ts');
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
      const { up } = await import('./up.ts');
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
      const { down } = await import('./down.ts');
      return function (this: CliContext, flags: DataDirFlags & { purge?: boolean }) {
        return down(this, flags);
      };
    },
  }),
  status: buildCommand({
    docs: { brief: 'Show what runs, with every replication group and its endpoints' },
    parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
    loader: async () => {
      const { status } = await import('./status.ts');
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
      const { why } = await import('./why.ts');
      return function (this: CliContext, flags: DataDirFlags & { json?: boolean }, resource: string) {
        return why(this, flags, resource);
      };
    },
  }),
  deploy: buildCommand({
    docs: {
      brief: 'Create or update a CloudFormation stack from a template',
      fullDescription:
        'Makes or changes a stack and waits for its end. Nested templates and code that the template names by paths are uploaded first; all capabilities are acknowledged; parameters that are not given keep their values. Exits with 1 when the stack fails, and says why.',
    },
    parameters: {
      flags: {
        stackName: value("The stack (default: the file's name, or its folder's)", 'NAME'),
        parameter: {
          ...value('A parameter of the template; may be repeated', 'NAME=VALUE'),
          variadic: true as const,
        },
        watch: flag('Show every resource, even if the output is not a terminal'),
        ...REGION,
        ...DATA_DIR,
      },
      positional: { kind: 'tuple', parameters: [word('The template: YAML or JSON', 'template')] },
    },
    loader: async () => {
      const { deploy } = await import('./deploy.ts');
      return function (this: CliContext, flags: DataDirFlags & DeployFlags, template: string) {
        return deploy(this, flags, template);
      };
    },
  }),
  open: buildCommand({
    docs: {
      brief: 'Open the dashboard, or another address, that is an output of a stack',
      fullDescription:
        "Prints where an output of a stack leads on this machine, and opens it in the browser where there is one. For a dashboard of AWS's console it is the page on which Millpond draws it. Without an output it is the list of dashboards.",
    },
    parameters: {
      flags: {
        stackName: value('The stack (default: the only one with this output)', 'NAME'),
        print: flag('Only print the address'),
        ...REGION,
        ...DATA_DIR,
      },
      positional: {
        kind: 'tuple',
        parameters: [{ ...word('The name of the output', 'output'), optional: true as const }],
      },
    },
    loader: async () => {
      const { open } = await import('./open.ts');
      return function (this: CliContext, flags: DataDirFlags & OpenFlags, output?: string) {
        return open(this, flags, output);
      };
    },
  }),
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
      const { execInside } = await import('./inside.ts');
      return function (this: CliContext, flags: DataDirFlags & PlaceFlags, ...argv: string[]) {
        return execInside(this, flags, argv);
      };
    },
  }),
  shell: buildCommand({
    docs: { brief: 'Open a shell in which the endpoints resolve' },
    parameters: { flags: { ...PLACE, ...DATA_DIR } },
    loader: async () => {
      const { shellInside } = await import('./inside.ts');
      return function (this: CliContext, flags: DataDirFlags & PlaceFlags) {
        return shellInside(this, flags);
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
          const { startSessionInside } = await import('./inside.ts');
          return function (this: CliContext, flags: DataDirFlags & StartSessionFlags) {
            return startSessionInside(this, flags);
          };
        },
      }),
    },
  }),
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
      const { drillInside } = await import('./inside.ts');
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
          const { cutNetwork } = await import('./fault.ts');
          return function (this: CliContext, flags: CutFlags) {
            return cutNetwork(this, flags);
          };
        },
      }),
      list: buildCommand({
        docs: { brief: 'Show what is cut' },
        parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
        loader: async () => {
          const { listCuts } = await import('./fault.ts');
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
          const { clearCuts } = await import('./fault.ts');
          return function (this: CliContext, flags: DataDirFlags, id?: string) {
            return clearCuts(this, flags, id);
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
          const { installDns } = await import('./inside.ts');
          return function (this: CliContext, flags: DataDirFlags) {
            return installDns(this, flags);
          };
        },
      }),
      uninstall: buildCommand({
        docs: { brief: 'Undo dns install' },
        parameters: { flags: DATA_DIR },
        loader: async () => {
          const { dnsUninstall } = await import('./dns.ts');
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
          const { installDocker } = await import('./inside.ts');
          return function (this: CliContext, flags: DataDirFlags & DockerInstallFlags) {
            return installDocker(this, flags);
          };
        },
      }),
      uninstall: buildCommand({
        docs: { brief: 'Undo docker install' },
        parameters: { flags: {} },
        loader: async () => {
          const { dockerUninstall } = await import('./docker/install.ts');
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
          const { runMapped } = await import('./docker/mapped.ts');
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
          const { addNames } = await import('./names.ts');
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
          const { removeNames } = await import('./names.ts');
          return function (this: CliContext, flags: DataDirFlags, group: string) {
            return removeNames(this, flags, group);
          };
        },
      }),
      list: buildCommand({
        docs: { brief: 'Show every name of a replica and its target' },
        parameters: { flags: { ...JSON_FLAG, ...DATA_DIR } },
        loader: async () => {
          const { listNames } = await import('./names.ts');
          return function (this: CliContext, flags: DataDirFlags & { json?: boolean }) {
            return listNames(this, flags);
          };
        },
      }),
    },
  }),
  doctor: buildCommand({
    docs: { brief: 'Check this machine for everything that Millpond uses' },
    parameters: {
      flags: { ...JSON_FLAG, ...DATA_DIR, port: value('Port of the API (default 4566)', 'PORT') },
    },
    loader: async () => {
      const { doctor } = await import('./doctor.ts');
      return function (this: CliContext, flags: DataDirFlags & { json?: boolean; port?: string }) {
        return doctor(this, flags);
      };
    },
  }),
};

const text: ApplicationText = {
  ...text_en,
  exceptionWhileRunningCommand: sentenceOf,
  exceptionWhileLoadingCommandFunction: sentenceOf,
  commandErrorResult: sentenceOf,
  exceptionWhileParsingArguments: (error) => `millpond: ${(error as Error).message}`,
  noCommandRegisteredForInput: ({ input, corrections }) =>
    `millpond: there is no command ${input}${corrections.length > 0 ? `; did you mean ${corrections.join(' or ')}` : ''}; see \`${command()} --help\`.`,
};

const application = buildApplication(
  buildRouteMap({
    routes,
    docs: {
      brief: 'ElastiCache on your own machine: the real API in front of real Redis and Valkey servers',
    },
  }),
  {
    name: 'millpond',
    versionInfo: { currentVersion: VERSION },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: {
      onlyRequiredInUsageLine: true,
      caseStyle: 'convert-camel-to-kebab',
      disableAnsiColor: true,
    },
    localization: { text },
  },
);

/** Runs one command and returns the exit code: 2 for a bad command line, 1 for a failure. */
export async function runCommandLine(
  argv: string[],
  startMillpond: CliContext['startMillpond'],
): Promise<number> {
  let ownCode: number | undefined;
  // Stricli writes its exit code to this object and not to the process, since its codes differ from a shell's.
  const report: {
    stdout: NodeJS.WriteStream;
    stderr: NodeJS.WriteStream;
    exitCode?: number | string | null;
  } = {
    stdout: process.stdout,
    stderr: process.stderr,
  };
  const context = {
    process: report as unknown as NodeJS.Process,
    env: process.env,
    startMillpond,
    exitWith(code: number) {
      ownCode = code;
    },
  };
  await run(application, argv, context);
  const code = Number(report.exitCode ?? 0);
  if (code !== 0) return code < 0 ? 2 : 1;
  return ownCode ?? 0;
}

function sentenceOf(error: unknown): string {
  if (process.argv.some((argument) => /^(--log-level=)?debug$/.test(argument))) {
    return `millpond: ${(error as Error).stack ?? String(error)}`;
  }
  if (error instanceof OperationalError) return `millpond: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return `millpond: internal error: ${message} (--log-level debug shows more)`;
}
