// Decides who listens for SSH, and starts the process that does where the instance itself may not.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { InstanceSpec } from './instances.ts';

const PROGRAM = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './ssh-listener-program.ts' : './ssh-listener-program.js',
    import.meta.url,
  ),
);

/** Whether a port of this host's network may be listened on only by its root. In a network of its own, any may be. */
export function needsRoot({ ssh, interface: own }: Pick<InstanceSpec, 'ssh' | 'interface'>): boolean {
  if (!ssh || own) return false;
  try {
    return ssh.port < Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return ssh.port < 1024;
  }
}

/** Starts listening, which goes on as long as the instance runs. Resolves with the system's code when it cannot. */
export function listenForSsh(
  { address, port }: { address: string; port: number },
  directory: string,
  line: readonly [string, ...string[]],
): Promise<string | undefined> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROGRAM, address, `${port}`, directory, ...line],
    // Of Millpond's variables, which may be secrets, it needs none.
    { detached: true, cwd: '/', env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  );
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', () => resolve('it ended at once'));
    child.once('message', (message: { failed?: string }) => {
      resolve(message.failed);
      if (child.connected) child.disconnect();
      child.unref();
    });
  });
}
