// The files that an instance finds in /run/millpond/programs: its first program, the programs that this host has not, and
// their settings. And those that its root begins with.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isExecutable } from '../../kernel/programs.ts';
import { systemAccounts } from './host-files.ts';
import { FIRST_PERSON, type InstanceUsers } from './identities.ts';
import type { InstanceSpec } from './instances.ts';
import { INSIDE } from './places.ts';
import type { Seed } from './root.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin';
/** Where the SSH daemon of every distribution is. It starts itself again by this path. */
export const SSH_DAEMON = '/usr/sbin/sshd';
const SUDO = '/usr/bin/sudo';
const GO = '/usr/local/go/bin';
const PROGRAMS = ['init', 'login', 'sudo', 'yum', 'shutdown', 'bashrc', 'bash_profile'];
/** Names under which the package manager of Amazon Linux is known. */
const YUM = ['yum', 'dnf', 'amazon-linux-extras'];

/** Their ways through systemd would find none. */
const SHUTDOWNS = ['poweroff', 'halt', 'reboot'];

/** What decides about the files of a boot. */
export interface BootFacts {
  users: InstanceUsers['kind'];
  /** Whether its root is an image's. */
  hasImage: boolean;
  /** Why it has no SSH, as far as that is known before it boots. */
  noSsh: string | undefined;
  /** Whether a process outside listens for SSH, and starts a daemon for each connection. */
  isOutside: boolean;
  /** Lines for the log of the user data. */
  refused: readonly string[];
  /** Tries out whether instances boot: the instance ends at once. */
  probe?: 'layered' | 'plain' | undefined;
}

/** Whether this host's own sudo works in an instance over its files. */
const usesHostSudo = ({ users, hasImage }: BootFacts): boolean =>
  users === 'root' && !hasImage && isExecutable(SUDO);

/** For a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `as_login` is the command line under which ec2-user is another user than root where there is only one. */
export function programsOf(spec: InstanceSpec, facts: BootFacts): Seed[] {
  const settings = {
    instance_id: spec.id,
    instance_name: spec.hostName,
    short_name: spec.hostName.split('.')[0] ?? '',
    instance_path: pathOf(facts),
    users: facts.users,
    as_login:
      facts.users === 'one' ? `unshare --user --map-user=${FIRST_PERSON} --map-group=${FIRST_PERSON} --` : '',
    login_shell: facts.hasImage || existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh',
    sudo: usesHostSudo(facts) ? 'host' : 'own',
    has_image: facts.hasImage ? 'yes' : '',
    ssh_outside: facts.isOutside ? 'yes' : '',
    no_ssh: facts.noSsh ?? '',
    probe: facts.probe ?? '',
  };
  const environment = variables(spec);
  const lines = (values: Readonly<Record<string, string>>, before = '') =>
    Object.entries(values)
      .map(([name, value]) => `${before}${name}=${quoted(value)}\n`)
      .join('');
  return [
    ...PROGRAMS.map((name) => ({ path: name, mode: 0o755, text: programText(name) })),
    ...YUM.slice(1).map((name) => ({ path: name, target: 'yum' })),
    ...SHUTDOWNS.map((name) => ({ path: name, target: 'shutdown' })),
    { path: 'settings', text: lines(settings) },
    { path: 'environment', text: lines(environment, 'export ') },
    { path: 'authorized_keys', text: spec.authorizedKeys.map((key) => `${key.trim()}\n`).join('') },
    { path: 'refused', text: facts.refused.map((line) => `${line}\n`).join('') },
    { path: 'sshd_config', text: sshdConfig(spec, facts, { ...environment, PATH: pathOf(facts) }) },
  ];
}

const programText = (name: string): string =>
  readFileSync(new URL(`./programs/${name}`, import.meta.url), 'utf8');

/** Of this host's, also Go's own directory, into which people install it. */
const pathOf = ({ hasImage }: BootFacts): string =>
  hasImage ? PATH : [PATH, ...(existsSync(GO) ? [GO] : []), INSIDE.programs].join(':');

/** Names that are no names of a shell are left out: nothing could read them. */
const variables = ({ environment }: InstanceSpec): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)));

/** AWS: as Amazon Linux has it, with keys only. `internal-sftp` needs no program of the root. */
function sshdConfig(
  { ssh }: InstanceSpec,
  { users }: BootFacts,
  environment: Readonly<Record<string, string>>,
): string {
  const set = Object.entries(environment)
    .filter(([, value]) => !/["\n\\]/.test(value))
    .map(([name, value]) => `"${name}=${value}"`);
  return [
    ...(ssh ? [`ListenAddress ${ssh.address}`, `Port ${ssh.port}`] : []),
    ...['rsa', 'ecdsa', 'ed25519'].map((kind) => `HostKey /etc/ssh/ssh_host_${kind}_key`),
    'PidFile none',
    'LogLevel INFO',
    'AuthenticationMethods publickey',
    'PubkeyAuthentication yes',
    'AuthorizedKeysFile .ssh/authorized_keys',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'X11Forwarding no',
    'MaxStartups 10:30:60',
    'LoginGraceTime 60',
    'AcceptEnv LANG LC_*',
    ...(set.length > 0 ? [`SetEnv ${set.join(' ')}`] : []),
    'Subsystem sftp internal-sftp',
    // Nobody else is there to log in as.
    ...(users === 'one' ? ['AllowUsers ec2-user'] : []),
    '',
  ].join('\n');
}

/** What a root over this host's files begins with: accounts without people, its own identity, and who may be root. */
export function seedsOf(facts: BootFacts, { hostName, environment: own }: InstanceSpec): Seed[] {
  const environment = Object.keys(own);
  const { passwd, group } = systemAccounts(FIRST_PERSON);
  const names = passwd.split('\n').flatMap((line) => line.split(':')[0] || []);
  const groups = group.split('\n').flatMap((line) => line.split(':')[0] || []);
  // The SSH daemon would give terminals to the group, which cannot be where there is only one.
  const shown = facts.users === 'one' ? group.replace(/^tty:.*\n/m, '') : group;
  const kept = ['AWS_*', ...environment.filter((name) => /^\w+$/.test(name) && !name.startsWith('AWS_'))];
  return [
    { path: '/etc/passwd', text: passwd },
    { path: '/etc/group', text: shown },
    {
      path: '/etc/shadow',
      mode: 0o640,
      text: names.map((name) => `${name}:*:19000:0:99999:7:::\n`).join(''),
    },
    { path: '/etc/gshadow', mode: 0o640, text: groups.map((name) => `${name}:*::\n`).join('') },
    ...['passwd-', 'group-', 'shadow-', 'gshadow-', 'subuid-', 'subgid-'].map((name) => ({
      path: `/etc/${name}`,
      isGone: true as const,
    })),
    ...['subuid', 'subgid', 'fstab'].map((name) => ({ path: `/etc/${name}`, text: '' })),
    { path: '/etc/machine-id', text: `${randomBytes(16).toString('hex')}\n` },
    // Where the caller covers none.
    { path: '/etc/hosts', text: `127.0.0.1 localhost ${hostName}\n::1 localhost\n` },
    { path: '/etc/hostname', text: `${hostName}\n` },
    { path: '/etc/mtab', target: '../proc/self/mounts' },
    { path: '/etc/motd', text: '' },
    {
      path: '/etc/sudoers',
      mode: 0o440,
      text: `Defaults env_reset\nDefaults secure_path="${pathOf(facts)}"\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n`,
    },
    {
      path: '/etc/sudoers.d/90-cloud-init-users',
      mode: 0o440,
      text: `Defaults env_keep += "${kept.join(' ')}"\nec2-user ALL=(ALL) NOPASSWD:ALL\n`,
    },
    { path: '/etc/sudoers.d/ssm-agent-users', mode: 0o440, text: 'ssm-user ALL=(ALL) NOPASSWD:ALL\n' },
    ...(usesHostSudo(facts) ? [] : [link('/usr/bin/sudo', 'sudo')]),
    ...['shutdown', ...SHUTDOWNS].map((name) => link(`/usr/sbin/${name}`, name)),
    ...YUM.filter((name) => !existsSync(`/usr/bin/${name}`)).map((name) => link(`/usr/bin/${name}`, name)),
  ];
}

const link = (path: string, program: string): Seed => ({ path, target: `${INSIDE.programs}/${program}` });
