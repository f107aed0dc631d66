// `millpond docker install|uninstall`: lets the container tools of this machine use ECR's registries by their own names.
// Docker's daemon resolves names itself, so the names are entries of the hosts file; and the daemon, podman, skopeo and
// buildah trust Millpond's authority for these names only (certs.d). Prints each step, and can undo it exactly.

import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { registryHost } from '../../aws/hosts.ts';
import { systemCode } from '../../kernel/errors.ts';
import { type Machine, readIfThere, refuse, succeed, thisMachine, writingCommands } from '../installation.ts';

/** What to install. */
export interface DockerInstallation {
  /** Where Millpond answers to HTTPS; absent when it does not. */
  https?: { address: string; port: number };
  /** PEM of Millpond's authority. */
  authority: string;
  accounts: readonly string[];
  regions: readonly string[];
  /** Only print what would be done, as commands. */
  print?: boolean;
}

const MARK = '# Written by `millpond docker install`; `millpond docker uninstall` removes it.\n';
/** The end of each line in the hosts file. */
const LINE_MARK = '# millpond docker install';
const CERTIFICATES = 'etc/docker/certs.d';
const AUTHORITY = 'ca.crt';
const HOSTS = 'etc/hosts';
const HTTPS_PORT = 443;

/** Installs names and authority. Resolves to the exit code. */
export async function dockerInstall(
  installation: DockerInstallation,
  machine: Machine = thisMachine(),
): Promise<number> {
  const problem = whyNot(installation, machine);
  if (problem !== undefined) return refuse(machine, problem);
  const { https, accounts, regions, authority, print } = installation;
  const names = accounts.flatMap((accountId) => regions.map((region) => registryHost({ accountId, region })));
  const lines = names.map((name) => `${https!.address} ${name} ${LINE_MARK}`);
  const files = names.map((name) => ({
    path: join(machine.rootDirectory, CERTIFICATES, name, AUTHORITY),
    text: MARK + authority,
  }));
  for (const { path } of files) {
    const present = await readIfThere(path);
    if (present !== undefined && !present.startsWith(MARK))
      return refuse(machine, `${path} exists and is not Millpond's; remove it first.`);
  }
  const hosts = join(machine.rootDirectory, HOSTS);
  if (print || !machine.isRoot) {
    machine.say(print ? 'These commands install it:' : 'This needs root. Run:');
    for (const command of files.flatMap(writingCommands)) machine.say(command);
    machine.say(`sudo tee -a ${hosts} >/dev/null <<'EOF'\n${lines.join('\n')}\nEOF`);
    return print ? 0 : 1;
  }
  for (const { path, text } of files) {
    machine.say(`Writing ${path}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o644 });
  }
  const before = (await readIfThere(hosts)) ?? '';
  const other = linesOf(before).filter((line) => !isFor(line, names));
  await replaceLines(machine, hosts, [...other, ...lines]);
  return succeed(machine, `Done: ${names.join(', ')}. No restart of the daemon is needed.`);
}

/** Removes what has Millpond's mark. Resolves to the exit code. */
export async function dockerUninstall(machine: Machine = thisMachine()): Promise<number> {
  const hosts = join(machine.rootDirectory, HOSTS);
  const present = linesOf((await readIfThere(hosts)) ?? '');
  const kept = present.filter((line) => !line.endsWith(LINE_MARK));
  const paths = await installedFiles(machine);
  if (paths.length === 0 && kept.length === present.length) return succeed(machine, 'Nothing is installed.');
  if (!machine.isRoot) {
    machine.say('This needs root. Run:');
    for (const path of paths) machine.say(`sudo rm ${path}`);
    machine.say(`sudo sed -i '/${LINE_MARK}$/d' ${hosts}`);
    return 1;
  }
  for (const path of paths) {
    machine.say(`Removing ${path}`);
    await rm(path);
    await removeIfEmpty(dirname(path));
  }
  if (kept.length < present.length) await replaceLines(machine, hosts, kept);
  return succeed(machine, 'Done.');
}

function whyNot({ https, accounts, regions }: DockerInstallation, machine: Machine): string | undefined {
  if (machine.platform !== 'linux')
    return 'Millpond can set up Docker on Linux only. Docker Desktop runs its daemon in a machine of its own, which does not reach loopback addresses of this one.';
  if (https?.port !== HTTPS_PORT)
    return 'This Millpond does not answer to HTTPS: port 443 needs root or CAP_NET_BIND_SERVICE. In `millpond exec` docker reaches it without.';
  if (https.address.startsWith('169.254.'))
    return 'With --network subnets the names lead to addresses that the daemon does not reach. In `millpond exec` docker reaches Millpond at localhost.';
  const account = accounts.find((id) => !/^\d{12}$/.test(id));
  if (account !== undefined) return `${account} is not an account id: it needs 12 digits.`;
  const region = regions.find((name) => !/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(name));
  if (region !== undefined) return `${region} is not a region.`;
  return undefined;
}

async function installedFiles(machine: Machine): Promise<string[]> {
  const directory = join(machine.rootDirectory, CERTIFICATES);
  const names = await readdir(directory).catch(() => []);
  const paths: string[] = [];
  for (const path of names.sort().map((name) => join(directory, name, AUTHORITY))) {
    if ((await readIfThere(path).catch(() => undefined))?.startsWith(MARK)) paths.push(path);
  }
  return paths;
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');

const isFor = (line: string, names: readonly string[]): boolean =>
  line.endsWith(LINE_MARK) && names.includes(line.split(' ')[1] ?? '');

/** Complete or not at all. A hosts file that is mounted cannot be replaced, and is rewritten. */
async function replaceLines(machine: Machine, path: string, lines: readonly string[]): Promise<void> {
  machine.say(`Writing ${path}`);
  const text = `${lines.join('\n')}\n`;
  const partial = `${path}.millpond`;
  await writeFile(partial, text, { mode: 0o644 });
  try {
    await rename(partial, path);
  } catch (error) {
    if (systemCode(error) !== 'EBUSY' && systemCode(error) !== 'EXDEV') throw error;
    await writeFile(path, text);
    await rm(partial);
  }
}

async function removeIfEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch((error) => {
    if (systemCode(error) !== 'ENOTEMPTY') throw error;
  });
}
