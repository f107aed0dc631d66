// Makes an address usable on this host before something listens on it. Linux has all of 127/8. macOS has only
// 127.0.0.1; further ones are aliases of lo0 that only root may add.

import { networkInterfaces } from 'node:os';
import { assert } from '../../kernel/assert.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { runInTerminal } from '../../kernel/programs.ts';

/** Configures loopback addresses of this host. */
export interface HostAddresses {
  /** Rejects with AddressUnavailable and a sentence that says what to do. */
  ensure(address: string): Promise<void>;
  /** Whether a process can already listen on the address. */
  isConfigured(address: string): boolean;
  /** Removes the address if `ensure` added it. */
  release(address: string): Promise<void>;
}

/** The implementation for this platform. `say` gets lines for people. */
export function hostAddresses(say: (line: string) => void): HostAddresses {
  return process.platform === 'darwin'
    ? loopbackAliases({
        say,
        run: runInTerminal,
        present: presentAddresses,
        interactive: process.stdin.isTTY === true,
      })
    : wholeLoopback;
}

const wholeLoopback: HostAddresses = {
  ensure: async () => {},
  isConfigured: () => true,
  release: async () => {},
};

/** What `loopbackAliases` needs of the system; tests replace it. */
export interface AliasSurroundings {
  say(line: string): void;
  /** Resolves to the exit code; -1 when the program cannot be started. */
  run(program: string, args: readonly string[]): Promise<number>;
  present(): ReadonlySet<string>;
  /** Whether sudo may ask for a password. */
  interactive: boolean;
}

/** macOS: aliases of lo0, added by `sudo ifconfig`. */
export function loopbackAliases(surroundings: AliasSurroundings): HostAddresses {
  const { say, run, present, interactive } = surroundings;
  const added = new Set<string>();

  const sudo = (args: readonly string[]) =>
    run('sudo', [...(interactive ? [] : ['-n']), 'ifconfig', ...args]);

  return {
    async ensure(address) {
      assert(/^127(\.\d{1,3}){3}$/.test(address), `${address} is not a loopback address`);
      if (present().has(address)) return;
      say(`Adding ${address} to lo0: sudo ifconfig lo0 alias ${address} 255.255.255.255`);
      const code = await sudo(['lo0', 'alias', address, '255.255.255.255']);
      if (code !== 0) {
        throw new OperationalError(
          'AddressUnavailable',
          `macOS has no address ${address}; run: sudo ifconfig lo0 alias ${address} 255.255.255.255`,
        );
      }
      added.add(address);
    },
    isConfigured: (address) => present().has(address),
    async release(address) {
      if (!added.delete(address)) return;
      await sudo(['lo0', '-alias', address]);
    },
  };
}

const presentAddresses = (): ReadonlySet<string> =>
  new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((info) => info?.address ?? ''),
  );
