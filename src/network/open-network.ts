// Opens the network of a data directory: of the kind that the user asks for, or of the kind that it already has. The
// kind is recorded, and cannot change while nodes may run.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { openLoopbackNetwork } from './loopback/loopback-network.ts';
import { NETWORK_KINDS, type Network, type NetworkKind, type NetworkOptions } from './network.ts';

/** `network/kind.json` in the data directory. */
interface KindRecord {
  kind: NetworkKind;
  /** Nodes may run in it. */
  isHeld: boolean;
}

/** Rejects with InvalidOption when nodes may run in a network of another kind; AddressUnavailable, NetworkUnavailable. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { dataDir } = options;
  const before = readKind(dataDir);
  const kind = options.kind ?? before?.kind ?? NETWORK_KINDS[0];
  if (before?.isHeld && before.kind !== kind) {
    throw new OperationalError(
      'InvalidOption',
      `${dataDir} has a network of the kind ${before.kind}; run \`${commandOn(dataDir, 'down')}\` before you start it with --network ${kind}.`,
    );
  }
  if (options.block !== undefined && kind !== 'host') {
    throw new OperationalError(
      'InvalidOption',
      `--network-block is for --network host only, and this is --network ${kind}.`,
    );
  }
  const network = await open(kind, options, before?.isHeld ?? false);
  writeKind(dataDir, { kind, isHeld: true });
  return {
    ...network,
    async release(nodes) {
      await network.release(nodes);
      if (nodes === 'stopped') writeKind(dataDir, { kind, isHeld: false });
      if (nodes === 'as-found') writeKind(dataDir, { kind, isHeld: before?.isHeld ?? false });
    },
  };
}

/** Ends what an earlier Millpond left of its network, once no node runs in it; for `down`. */
export async function endNetwork(dataDir: string): Promise<void> {
  const before = readKind(dataDir);
  if (before?.kind === 'subnets')
    await (await import('./subnets/subnets-network.ts')).endSubnetsNetwork(dataDir);
  if (before?.kind === 'host') await (await import('./host/host-network.ts')).endHostNetwork(dataDir);
  if (before) writeKind(dataDir, { kind: before.kind, isHeld: false });
}

/** The kind of this data directory's network; `undefined` when it was never started. */
export const kindOf = (dataDir: string): NetworkKind | undefined => readKind(dataDir)?.kind;

async function open(kind: NetworkKind, options: NetworkOptions, isHeld: boolean): Promise<Network> {
  switch (kind) {
    case 'loopback':
      return openLoopbackNetwork(options.dataDir, (line) => options.log.info({ part: 'network' }, line));
    case 'subnets': {
      const { openSubnetsNetwork } = await import('./subnets/subnets-network.ts');
      return openSubnetsNetwork(options);
    }
    case 'host': {
      const { openHostNetwork } = await import('./host/host-network.ts');
      return openHostNetwork({ ...options, isHeld });
    }
  }
}

const FILE = 'kind.json';

function readKind(dataDir: string): KindRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'network', FILE), 'utf8')) as KindRecord;
  } catch {
    return undefined;
  }
}

function writeKind(dataDir: string, record: KindRecord): void {
  // A full disk must not keep `down` from what it can do.
  if (JSON.stringify(readKind(dataDir)) === JSON.stringify(record)) return;
  mkdirSync(join(dataDir, 'network'), { recursive: true, mode: 0o700 });
  replaceFile(join(dataDir, 'network', FILE), JSON.stringify(record));
}
