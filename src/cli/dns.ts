// `millpond dns install|uninstall`: makes the machine's own resolver ask Millpond for Millpond's names, by one small
// file for systemd-resolved or macOS. Prints each step, changes nothing else, and can undo it exactly.

import { mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandOn } from '../kernel/command-name.ts';
import { systemCode } from '../kernel/errors.ts';
import { type Machine, readIfThere, refuse, succeed, thisMachine, writingCommands } from './installation.ts';

/** What to install. */
export interface DnsInstallation {
  dnsAddress: string;
  dnsPort: number;
  /** `cache.amazonaws.com`: queries for all names below it go to Millpond, which forwards unknown ones. */
  suffixes: readonly string[];
  /** Millpond's data directory, for advice; the default one when absent. */
  dataDir?: string;
}

interface ResolverFile {
  path: string;
  text: string;
}

const MARK = '# Written by `millpond dns install`; `millpond dns uninstall` removes it.\n';
const RESOLVED_DIRECTORY = 'etc/systemd/resolved.conf.d';
const RESOLVED_FILE = `${RESOLVED_DIRECTORY}/millpond.conf`;
const MACOS_DIRECTORY = 'etc/resolver';
const RESTART = ['systemctl', 'restart', 'systemd-resolved'] as const;

/** Installs the resolver's files. Resolves to the exit code. */
export async function dnsInstall(installation: DnsInstallation, machine = thisMachine()): Promise<number> {
  const unsafe = installation.suffixes.find((suffix) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(suffix));
  if (unsafe !== undefined) return refuse(machine, `${unsafe} is not a domain name.`);
  const unsupported = await whyUnsupported(machine, installation.dataDir);
  if (unsupported) return refuse(machine, unsupported);

  const missing: ResolverFile[] = [];
  for (const file of filesFor(installation, machine)) {
    const present = await readIfThere(file.path);
    if (present === file.text) continue;
    if (present !== undefined && !present.startsWith(MARK)) {
      return refuse(machine, `${file.path} exists and is not Millpond's; remove it first.`);
    }
    missing.push(file);
  }
  if (missing.length === 0) return succeed(machine, 'Already installed.');
  if (!machine.isRoot) return askForRoot(machine, missing.flatMap(writingCommands));

  for (const { path, text } of missing) {
    machine.say(`Writing ${path}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o644 });
  }
  return apply(machine);
}

/** Removes the files that have Millpond's mark. Resolves to the exit code. */
export async function dnsUninstall(machine = thisMachine()): Promise<number> {
  const paths = await installedFiles(machine);
  if (paths.length === 0) return succeed(machine, 'Nothing is installed.');
  if (!machine.isRoot) {
    return askForRoot(
      machine,
      paths.map((path) => `sudo rm ${path}`),
    );
  }
  for (const path of paths) {
    machine.say(`Removing ${path}`);
    await rm(path);
    await rmdir(dirname(path)).catch((error) => {
      if (systemCode(error) !== 'ENOTEMPTY') throw error;
    });
  }
  return apply(machine);
}

function filesFor({ dnsAddress, dnsPort, suffixes }: DnsInstallation, machine: Machine): ResolverFile[] {
  if (machine.platform === 'darwin') {
    return suffixes.map((suffix) => ({
      path: join(machine.rootDirectory, MACOS_DIRECTORY, suffix.toLowerCase()),
      text: `${MARK}nameserver ${dnsAddress}\nport ${dnsPort}\n`,
    }));
  }
  // The tilde marks a routing domain, not a search domain.
  const domains = suffixes.map((suffix) => `~${suffix.toLowerCase()}`).join(' ');
  const text = `${MARK}[Resolve]\nDNS=${dnsAddress}:${dnsPort}\nDomains=${domains}\n`;
  return [{ path: join(machine.rootDirectory, RESOLVED_FILE), text }];
}

async function installedFiles(machine: Machine): Promise<string[]> {
  const directory = machine.platform === 'darwin' ? MACOS_DIRECTORY : RESOLVED_DIRECTORY;
  const parent = join(machine.rootDirectory, directory);
  const names = await readdir(parent).catch(() => []);
  const paths: string[] = [];
  for (const path of names.sort().map((name) => join(parent, name))) {
    if ((await readIfThere(path))?.startsWith(MARK)) paths.push(path);
  }
  return paths;
}

async function whyUnsupported(machine: Machine, dataDir: string | undefined): Promise<string | undefined> {
  if (machine.platform === 'darwin') return undefined;
  if (machine.platform !== 'linux') {
    return 'Millpond can set up only systemd-resolved and macOS; configure your resolver by hand.';
  }
  const running = await stat(join(machine.rootDirectory, 'run/systemd/resolve')).catch(() => undefined);
  if (running) return undefined;
  return `This machine does not use systemd-resolved; use \`${commandOn(dataDir, 'exec', '-- COMMAND')}\`, or point your resolver at Millpond by hand.`;
}

async function apply(machine: Machine): Promise<number> {
  // macOS watches its directory itself.
  if (machine.platform === 'darwin') return succeed(machine, 'Done.');
  machine.say(`Running ${RESTART.join(' ')}`);
  const [program, ...args] = RESTART;
  const code = await machine.run(program, args);
  return code === 0 ? succeed(machine, 'Done.') : refuse(machine, `${RESTART.join(' ')} failed.`);
}

function askForRoot(machine: Machine, commands: readonly string[]): number {
  machine.say('This needs root. Run:');
  for (const command of commands) machine.say(command);
  if (machine.platform !== 'darwin') machine.say(`sudo ${RESTART.join(' ')}`);
  return 1;
}
