// `millpond doctor`: checks this machine for everything that Millpond uses. Changes nothing; exits with 1 when
// something essential is missing.

import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ConfigFlags, PREPARED_PYTHON, parseConfig } from '../config.ts';
import { findBinaries } from '../drivers/local/binaries.ts';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import { silentLog } from '../kernel/log.ts';
import { isExecutable } from '../kernel/programs.ts';
import { probeContainers } from '../machines/containers/own-containers.ts';
import { removeTree } from '../machines/containers/places.ts';
import { probeFunctions } from '../machines/functions/pool.ts';
import type { PythonCheck } from '../machines/functions/python-check.ts';
import { probeInstances } from '../machines/instances/own-instances.ts';
import { probeNames } from '../machines/names/run.ts';
import { BLOCKS } from '../network/loopback/block.ts';
import { busyBlocks } from '../network/loopback/busy-blocks.ts';
import { NETWORK_KINDS } from '../network/network.ts';
import { kindOf } from '../network/open-network.ts';
import { type CliContext, print } from './context.ts';
import { isHeld, readRecord } from './data-directory.ts';
import { lookAtNetworks } from './doctor-networks.ts';
import type { Finding } from './finding.ts';

/** Prints the findings as a table or JSON. */
export async function doctor(context: CliContext, flags: ConfigFlags & { json?: boolean }): Promise<void> {
  const { json, ...configFlags } = flags;
  const config = parseConfig(configFlags, context.env);
  const { dataDir, address, port, announceHostnames } = config;
  const kind = config.network ?? kindOf(dataDir) ?? NETWORK_KINDS[0];
  const findings = [
    { what: 'Node', verdict: 'ok' as const, detail: `${process.version}, ${process.execPath}` },
    await lookForEngines(),
    await lookAtPort(dataDir, address, port),
    await lookAtLoopback(),
    await lookAtBlocks(),
    ...(await lookAtNetworks(config)),
    // In a network of its own Millpond has these ports.
    ...(kind === 'subnets' ? [] : [await lookAtDnsPort(), await lookAtHttpsPort()]),
    await lookAtNames(dataDir),
    ...(await lookAtFunctions(dataDir)),
    await lookAtContainers(),
    await lookAtInstances(),
    ...(kind === 'loopback' ? [lookAtAnnouncement(announceHostnames)] : []),
    lookForCommand('redis-cli', 'to look at nodes by hand'),
    lookForCommand('aws', 'the AWS CLI'),
    lookForCommand('python3', 'for boto3 and redis-py'),
    lookForCommand('dig', 'to look at names by hand'),
  ];
  if (json) print(JSON.stringify(findings, undefined, 2));
  else
    for (const { what, verdict, detail } of findings)
      print(`${verdict.padEnd(8)} ${what.padEnd(20)} ${detail}`);
  if (findings.some(({ verdict }) => verdict === 'missing')) context.exitWith(1);
}

async function lookForEngines(): Promise<Finding> {
  try {
    const binaries = await findBinaries();
    const detail = binaries.map(({ engine, version, path }) => `${engine} ${version} (${path})`).join(', ');
    return { what: 'Engines', verdict: 'ok', detail };
  } catch (error) {
    return { what: 'Engines', verdict: 'missing', detail: (error as Error).message };
  }
}

async function lookAtPort(dataDir: string, address: string, port: number): Promise<Finding> {
  const what = 'API port';
  const running = isHeld(dataDir) ? readRecord(dataDir) : undefined;
  if (running?.listening) {
    return {
      what,
      verdict: 'ok',
      detail: `Millpond is running, pid ${running.pid}, ${running.listening.url}`,
    };
  }
  const problem = await bindTcp(address, port);
  if (!problem) return { what, verdict: 'ok', detail: `${address}:${port} is free` };
  return {
    what,
    verdict: 'missing',
    detail: `${address}:${port} cannot be used (${problem}); choose another --port`,
  };
}

/** Nodes listen on 127.x.y.z. Linux has all of these addresses; macOS has only 127.0.0.1 until others are added. */
async function lookAtLoopback(): Promise<Finding> {
  const problem = await bindTcp(PROBE_ADDRESS, 0);
  const what = 'Addresses';
  if (!problem) return { what, verdict: 'ok', detail: '127.0.0.0/8 can be bound' };
  const remedy =
    process.platform === 'darwin' ? 'they are added to lo0 with sudo when Millpond starts' : problem;
  return {
    what,
    verdict: process.platform === 'darwin' ? 'lacking' : 'missing',
    detail: `no other than 127.0.0.1: ${remedy}`,
  };
}

/** Every instance needs its own /16 of loopback addresses. */
async function lookAtBlocks(): Promise<Finding> {
  const what = 'Blocks';
  const busy = await busyBlocks();
  const free = BLOCKS.filter((block) => !busy.has(block)).length;
  if (free > 0)
    return {
      what,
      verdict: 'ok',
      detail: `${free} of ${BLOCKS.length} blocks of loopback addresses are free`,
    };
  return {
    what,
    verdict: 'missing',
    detail: 'no block of loopback addresses is free; stop another Millpond first',
  };
}

async function lookAtNames(dataDir: string): Promise<Finding> {
  const what = 'Names';
  try {
    const way = await probeNames(PROBE_ADDRESS, dataDir);
    return {
      what,
      verdict: 'ok',
      detail: `\`${commandOn(dataDir, 'exec')}\` can make names resolve (by ${way})`,
    };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { what, verdict: 'lacking', detail: error.message };
  }
}

/** Runs a container that does nothing, in the same way as tasks of ECS run. */
async function lookAtContainers(): Promise<Finding> {
  const what = 'Containers';
  const scratch = await mkdtemp(join(tmpdir(), 'millpond-doctor-'));
  try {
    const clauses = await probeContainers(join(scratch, 'containers'), silentLog);
    return { what, verdict: 'ok', detail: `tasks of ECS can run: ${clauses.join('; ')}` };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { what, verdict: 'lacking', detail: error.message };
  } finally {
    await removeTree(scratch);
  }
}

/** Boots an instance that ends at once, in the same way as those of EC2 boot. */
async function lookAtInstances(): Promise<Finding> {
  const what = 'Instances';
  const scratch = await mkdtemp(join(tmpdir(), 'millpond-doctor-'));
  try {
    const clauses = await probeInstances(join(scratch, 'instances'), silentLog);
    return { what, verdict: 'ok', detail: `instances of EC2 can boot: ${clauses.join('; ')}` };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { what, verdict: 'lacking', detail: error.message };
  } finally {
    await removeTree(scratch);
  }
}

/** Checks the isolation of functions and the Pythons for them, in the same way as the first function does. */
async function lookAtFunctions(dataDir: string): Promise<Finding[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'millpond-doctor-'));
  try {
    const { guards, pythons } = await probeFunctions(scratch, {
      ...{ directory: join(dataDir, 'functions'), preparedPython: PREPARED_PYTHON },
    });
    const kept = guards.map(
      ({ what, isKept, detail }): Finding => ({
        ...{ what: `Functions' ${what}`, verdict: isKept ? 'ok' : 'lacking', detail },
      }),
    );
    return [...kept, ...describePythons(pythons)];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function describePythons(pythons: readonly PythonCheck[]): Finding[] {
  const what = "Functions' Python";
  if (pythons.length === 0) {
    return [
      { what, verdict: 'lacking', detail: 'no python3 on the PATH; functions in Python cannot be run' },
    ];
  }
  return pythons.map(({ version, directory, failure }): Finding => {
    if (failure === undefined)
      return { what, verdict: 'ok', detail: `functions can run ${version} (${directory})` };
    const remedy =
      'put a Python that every user may read and run, such as the distribution’s, first on the PATH; if the directory is a virtual environment, delete it, so that it is created again';
    return {
      what,
      verdict: 'lacking',
      detail: `functions cannot run ${version} (${directory}: ${failure || 'it failed'}); ${remedy}`,
    };
  });
}

/** For users of go-redis: in a cluster's map it replaces loopback addresses by the host that it asked. */
function lookAtAnnouncement(announceHostnames: boolean): Finding {
  const what = 'go-redis';
  if (announceHostnames) return { what, verdict: 'ok', detail: 'nodes in cluster mode announce their names' };
  const detail =
    'its ClusterClient takes all of 127.0.0.0/8 for one host; for it, start Millpond with --announce-hostnames';
  return { what, verdict: 'note', detail };
}

async function lookAtDnsPort(): Promise<Finding> {
  const problem = await bindUdp(PROBE_ADDRESS, 53);
  if (!problem) return { what: 'DNS port', verdict: 'ok', detail: 'port 53 can be bound' };
  return {
    what: 'DNS port',
    verdict: 'lacking',
    detail: `port 53 cannot be bound (${problem}); a high port serves instead`,
  };
}

async function lookAtHttpsPort(): Promise<Finding> {
  const problem = await bindTcp(PROBE_ADDRESS, 443);
  if (!problem) return { what: 'HTTPS port', verdict: 'ok', detail: 'port 443 can be bound' };
  return {
    what: 'HTTPS port',
    verdict: 'lacking',
    detail: `port 443 cannot be bound (${problem}); AWS's own host names do not lead to Millpond`,
  };
}

// In no instance's block: blocks begin with 127.2.
const PROBE_ADDRESS = '127.1.53.53';

function bindTcp(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(systemCode(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function bindUdp(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      resolve(systemCode(error));
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}

function lookForCommand(name: string, purpose: string): Finding {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  return { what: name, verdict: found ? 'ok' : 'lacking', detail: found ?? `not on the PATH (${purpose})` };
}
