// The commands that need a running Millpond's addresses: exec, shell, drill, dns install, docker install, ssm start-session. Reads
// them and calls the file that does the work.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { AWS_SUFFIXES } from '../aws/hosts.ts';
import { DEFAULT_ACCOUNT_ID } from '../aws/scope.ts';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { MachineRequest } from '../status.ts';
import { type CliContext, printError } from './context.ts';
import type { DrillFlags } from './drill.ts';
import { NOT_STARTED } from './exit-codes.ts';
import { type HeldMachine, openMachine } from './machine.ts';
import { regionIn } from './query-request.ts';
import { fetchNames, fetchStatus, runningInstance } from './running.ts';
import type { StartSessionFlags } from './start-session.ts';

type DataDirFlags = Pick<ConfigFlags, 'dataDir'>;

/** The registries that `docker install` sets up, and whether to print the steps only. */
export interface DockerInstallFlags {
  account?: string[];
  region?: string[];
  print?: boolean;
}

/** Who a command is in Millpond's network. */
export interface PlaceFlags {
  subnet?: string;
  securityGroup?: string[];
}

export async function execInside(
  context: CliContext,
  flags: DataDirFlags & PlaceFlags,
  argv: string[],
): Promise<void> {
  const { execCommand } = await import('./exec.ts');
  context.exitWith(
    await orNotStarted(async () => execCommand(placed(await surroundings(context, flags), flags), argv)),
  );
}

export async function shellInside(context: CliContext, flags: DataDirFlags & PlaceFlags): Promise<void> {
  const { openShell } = await import('./shell.ts');
  context.exitWith(
    await orNotStarted(async () => openShell(placed(await surroundings(context, flags), flags))),
  );
}

/** The exit code of a command of the user; that of a command that was not started where Millpond cannot be reached. */
async function orNotStarted(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    printError(error.message);
    return NOT_STARTED;
  }
}

/** The surroundings of a command of the user: a client in the default VPC, or in the place that the flags name. */
function placed<S extends Awaited<ReturnType<typeof surroundings>>>(found: S, flags: PlaceFlags) {
  const { machineAt } = found;
  if (!machineAt) {
    if (flags.subnet === undefined && flags.securityGroup === undefined) return found;
    throw new OperationalError(
      'InvalidOption',
      '--subnet and --security-group need a network of subnets: start Millpond with --network subnets.',
    );
  }
  const { environment, region } = found;
  const accessKeyId = environment.AWS_ACCESS_KEY_ID;
  const wish = {
    region: regionIn(environment) ?? region,
    ...(accessKeyId && { accessKeyId }),
    ...(flags.subnet !== undefined && { subnetId: flags.subnet }),
    ...(flags.securityGroup && { securityGroupIds: flags.securityGroup }),
  };
  return { ...found, openMachine: () => machineAt(wish) };
}

export async function startSessionInside(
  context: CliContext,
  flags: DataDirFlags & StartSessionFlags,
): Promise<void> {
  const { startSession } = await import('./start-session.ts');
  context.exitWith(await startSession(await surroundings(context, flags), flags));
}

export async function installDns(context: CliContext, flags: DataDirFlags): Promise<void> {
  const { dnsInstall } = await import('./dns.ts');
  const { dns, domain } = await fetchStatus(find(context, flags));
  const { dataDir } = parseConfig(flags, context.env);
  // Those of nodes and of load balancers.
  const suffixes = [domain, ...AWS_SUFFIXES.map((suffix) => `elb.${suffix}`)];
  const installation = { dataDir, dnsAddress: dns.address, dnsPort: dns.port, suffixes };
  context.exitWith(await dnsInstall(installation));
}

export async function installDocker(
  context: CliContext,
  flags: DataDirFlags & DockerInstallFlags,
): Promise<void> {
  const { dockerInstall } = await import('./docker/install.ts');
  const { https, region } = await fetchStatus(find(context, flags));
  const installation = {
    authority: https ? await readFile(https.authorityFile, 'utf8') : '',
    accounts: flags.account ?? [DEFAULT_ACCOUNT_ID],
    regions: flags.region ?? [region],
    ...(https && { https }),
    ...(flags.print && { print: true }),
  };
  context.exitWith(await dockerInstall(installation));
}

export async function drillInside(
  context: CliContext,
  flags: DataDirFlags & DrillFlags,
  group: string,
): Promise<void> {
  const { drill } = await import('./drill.ts');
  const apiUrl = context.env[MACHINE_API];
  if (apiUrl !== undefined) {
    const status = { ...(await fetchStatus({ pid: 0, listening: { url: apiUrl } })), url: apiUrl };
    return context.exitWith(await drill(status, group, flags));
  }
  const { machineAt, region, status } = await surroundings(context, flags);
  if (!machineAt) return context.exitWith(await drill(status, group, flags));
  const machine = await machineAt({ region });
  try {
    context.exitWith(await runAgainIn(machine));
  } finally {
    machine.close();
  }
}

/** Where this command runs in a machine, the URL of the API there. */
const MACHINE_API = 'MILLPOND_MACHINE_API';

/** Runs this command line once more, in the machine: only there the endpoints lead to nodes. Resolves to the exit code. */
async function runAgainIn({ enter, apiUrl }: HeldMachine): Promise<number> {
  const [program, ...args] = [...enter, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn(program!, args, {
    stdio: 'inherit',
    env: { ...process.env, [MACHINE_API]: apiUrl },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

async function surroundings(context: CliContext, flags: DataDirFlags) {
  const instance = find(context, flags);
  const status = await fetchStatus(instance);
  const { dns, url, region, https, network } = status;
  return {
    status,
    dataDir: parseConfig({ dataDir: flags.dataDir }, context.env).dataDir,
    dnsAddress: dns.address,
    dnsPort: dns.port,
    endpointUrl: url,
    region,
    hostNames: () => fetchNames(instance),
    ...(https && { https }),
    environment: context.env,
    machineAt: network === 'subnets' ? (wish: MachineRequest) => openMachine(url, wish) : undefined,
  };
}

const find = (context: CliContext, { dataDir }: DataDirFlags) =>
  runningInstance(parseConfig({ dataDir }, context.env).dataDir);
