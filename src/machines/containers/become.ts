// The last programs before a container's own: they drop privileges, set its variables and enter its working directory.
// Pure.

import type { ToolLine } from './tools.ts';
import type { ContainerUser } from './users.ts';

/** A program to become. */
export interface Program {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  user: ContainerUser;
  /** One user only: there is no other to become, and no groups can be set. */
  hasOneUser: boolean;
}

/** Docker: the capabilities of a container that asks for none, within its own user namespace. */
const CAPABILITIES = [
  ...['audit_write', 'chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'mknod', 'net_bind_service'],
  ...['net_raw', 'setfcap', 'setgid', 'setpcap', 'setuid', 'sys_chroot'],
];
/** Docker: where programs are looked for if nobody says. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const CARRIER = 'MILLPOND_VALUE_';
const DIRECTORY = 'MILLPOND_DIRECTORY';

/** The variables that a program sees: those that it is given, and those that every container has. */
export const variablesOf = (
  { environment, user }: Pick<Program, 'environment' | 'user'>,
  hostName: string,
): Record<string, string> => ({ PATH, HOSTNAME: hostName, HOME: user.home, ...environment });

/**
 * The command that becomes the program, and the environment that it must be run with. Values of variables are not in the
 * command: everybody can read command lines. Nor have variables their own names before the program runs, since a
 * linker's would take effect in the programs that drop privileges.
 */
export function becoming(
  program: Program,
  tool: ToolLine,
): { line: string[]; environment: Record<string, string> } {
  const { user, hasOneUser } = program;
  const drop = capabilityDrop({ user, hasOneUser });
  const variables = Object.entries(program.environment).filter(
    ([name]) => name !== '' && !name.includes('='),
  );
  const carried = variables.map(([, value], index) => [`${CARRIER}${index}`, value] as const);
  const naming = variables.map(([name], index) => `"${quoted(name)}=\${${CARRIER}${index}}"`);
  return {
    line: [
      ...[...tool('setpriv'), ...drop, '--', ...tool('env')],
      ...['-S', `-i -C "\${${DIRECTORY}}" ${naming.join(' ')}`],
      ...program.command,
    ],
    environment: { ...Object.fromEntries(carried), [DIRECTORY]: program.workingDirectory || '/' },
  };
}

/** Arguments of `setpriv`: the user, root by default, and the capabilities that are left. */
export function capabilityDrop({
  user: { uid, gid, groups } = { uid: 0, gid: 0, groups: [] },
  hasOneUser,
}: {
  user?: Pick<ContainerUser, 'uid' | 'gid' | 'groups'>;
  hasOneUser: boolean;
}): string[] {
  const ofUser = groups.length > 0 ? [`--groups=${groups.join(',')}`] : ['--clear-groups'];
  return [
    ...(hasOneUser ? ['--keep-groups'] : [`--reuid=${uid}`, `--regid=${gid}`, ...ofUser]),
    ...['--inh-caps=-all', '--ambient-caps=-all'],
    `--bounding-set=-all,${CAPABILITIES.map((name) => `+${name}`).join(',')}`,
  ];
}

/** For a double-quoted text of `env --split-string`. */
const quoted = (text: string): string => text.replace(/["\\$]/g, '\\$&');
