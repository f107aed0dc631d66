// The configuration of ssh for instances that run here: names, ports, the keys of the instances. `exec` and `shell` include
// the file, and `millpond ssh-config` prints it.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../../kernel/replace-file.ts';
import type { Reached } from './names.ts';

const HEAD = '# The EC2 instances that run in Millpond. It writes this file again after each change.\n';
/** The text that cloud-init puts around the host keys in the console output. */
const KEYS = /^-----BEGIN SSH HOST KEY KEYS-----\r?\n([\s\S]*?)^-----END SSH HOST KEY KEYS-----/m;
const KEY = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256) ([A-Za-z0-9+/]{40,2000}=*)(?: [^\n]*)?$/;
const MOST_KEYS = 8;

/** The host keys in the console output of an instance, without comments. */
export function hostKeysIn(output: string): string[] {
  const lines = KEYS.exec(output)?.[1]?.split(/\r?\n/) ?? [];
  return lines
    .flatMap((line) => {
      const [, type, key] = KEY.exec(line) ?? [];
      return key === undefined ? [] : [`${type} ${key}`];
    })
    .slice(0, MOST_KEYS);
}

/**
 * A section of ssh_config for each instance with SSH, with this file of known hosts. `carrier`: the value of ProxyCommand.
 */
export function sshConfig(all: readonly Reached[], knownHosts: string, carrier?: string): string {
  const sections = all.flatMap((one) => {
    const { instance, address, privateName, publicName, publicIp } = one;
    const { sshPort, noSsh, hostKeys } = instance.machine!;
    if (sshPort === undefined || noSsh !== undefined) return [];
    const names = [instance.instanceId, privateName, publicName, address, publicIp].filter(Boolean);
    return [
      [
        `Host ${[...new Set(names)].join(' ')}`,
        `HostName ${address}`,
        `Port ${sshPort}`,
        // One each second: an instance is `running` before it takes connections.
        'ConnectionAttempts 30',
        'User ec2-user',
        `HostKeyAlias ${instance.instanceId}`,
        `UserKnownHostsFile "${knownHosts}"`,
        // The keys of an instance are known once it has booted; before, the first connection decides.
        `StrictHostKeyChecking ${hostKeys?.length ? 'yes' : 'accept-new'}`,
        ...(carrier === undefined ? [] : [`ProxyCommand ${carrier}`]),
      ].join('\n  '),
    ];
  });
  return `${HEAD}\n${sections.join('\n\n')}\n`;
}

/** A line of known_hosts for each key of each instance. */
export const knownHosts = (all: readonly Reached[]): string =>
  all
    .flatMap(({ instance: { instanceId, machine } }) =>
      (machine!.hostKeys ?? []).map((key) => `${instanceId} ${key}\n`),
    )
    .join('');

/** The two files in a directory of Millpond's. */
export interface SshFiles {
  /** The path of the file of known hosts. */
  readonly knownHosts: string;
  /** Throws the system's errors. */
  write(all: readonly Reached[]): void;
}

/** Writes nothing yet. */
export function sshFiles(directory: string): SshFiles {
  const paths = { config: join(directory, 'config'), knownHosts: join(directory, 'known_hosts') };
  let last: string | undefined;
  return {
    knownHosts: paths.knownHosts,
    write(all) {
      const config = sshConfig(all, paths.knownHosts);
      const hosts = knownHosts(all);
      if (last === config + hosts) return;
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      replaceFile(paths.knownHosts, hosts);
      replaceFile(paths.config, config);
      last = config + hosts;
    },
  };
}
