// The programs that join a network namespace to the network of this host as an ordinary user: one of them runs. Data and
// command lines; outside-process.ts runs them.

import { accessSync, constants } from 'node:fs';
import { toolAt } from '../../../kernel/programs.ts';

/** Both programs make their device by it. */
const TUN = '/dev/net/tun';
/** The link in the world that leads outside. */
export const EDGE_LINK = 'outside';
/** The program's device, in the edge. */
export const PROGRAM_DEVICE = 'program';
/** The addresses on the program's device. AWS gives out no address of 169.254.0.0/16, so none is lost. */
export const OWN_ADDRESS = '169.254.1.100';
/** The router behind the device; this host's loopback, where the user lets commands reach it. */
export const HOST_ADDRESS = '169.254.1.2';
export const PREFIX_LENGTH = 24;
const RANGE = `169.254.1.0/${PREFIX_LENGTH}`;

/** A namespace to join. */
export interface Target {
  /** A process in it. */
  pid: number;
  /** It is in a user namespace of its own. */
  hasUsers: boolean;
}

/** What the program may do. */
export interface Reach {
  /** `HOST_ADDRESS` leads to 127.0.0.1 of this host. */
  reachHost: boolean;
}

/** A program, and how it is run with its standard input being the network namespace. */
export interface Program {
  name: 'pasta' | 'slirp4netns';
  /** The package, as Debian names it. */
  package: string;
  argumentsFor(target: Target, reach: Reach): string[];
}

/** In the order in which they are tried. Options of the versions of 2023 and later. */
export const PROGRAMS: readonly Program[] = [
  {
    name: 'pasta',
    package: 'passt',
    argumentsFor: ({ pid, hasUsers }, { reachHost }) => [
      ...['--foreground', '--quiet', '--ipv4-only', '--ns-ifname', PROGRAM_DEVICE],
      ...['--address', OWN_ADDRESS, '--netmask', String(PREFIX_LENGTH), '--gateway', HOST_ADDRESS],
      // By default every port is forwarded, in both directions.
      ...['-t', 'none', '-u', 'none', '-T', 'none', '-U', 'none'],
      ...['--no-dhcp', '--no-dhcpv6', '--no-ndp', '--no-ra', '--dns', 'none', '--search', 'none'],
      ...(reachHost ? [] : ['--no-map-gw']),
      '--no-netns-quit',
      ...(hasUsers
        ? ['--userns', `/proc/${pid}/ns/user`, '--netns', `/proc/${pid}/ns/net`]
        : // As root it gives up most capabilities at first, and may then no longer look into the world's processes.
          ['--runas', '0', '--netns-only', '--netns', '/proc/self/fd/0']),
    ],
  },
  {
    name: 'slirp4netns',
    package: 'slirp4netns',
    argumentsFor: ({ pid }, { reachHost }) => [
      ...[`--cidr=${RANGE}`, '--disable-dns', '--enable-sandbox', '--enable-seccomp'],
      ...(reachHost ? [] : ['--disable-host-loopback']),
      ...[String(pid), PROGRAM_DEVICE],
    ],
  },
];

/** The path of the program; `undefined` when it is not installed. */
export function pathOf({ name }: Program): string | undefined {
  const path = toolAt(name, process.env);
  return path.includes('/') ? path : undefined;
}

/** What to do where there is none. */
export const ADVICE = `install ${PROGRAMS.map((program) => program.package).join(' or ')}`;

/** Why machines cannot reach the outside on this host, for `doctor`; `undefined` when a program can be tried. */
export function whyNoWayOut(): string | undefined {
  if (PROGRAMS.every((program) => pathOf(program) === undefined)) return ADVICE;
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return `this user may not open ${TUN}; allow it, for example by \`sudo chmod 666 ${TUN}\``;
  }
}
