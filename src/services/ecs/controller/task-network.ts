// The network of a task: one interface for all its containers where programs have some; elsewhere they share this host's
// network, and the task has an address of its subnet there, at which a program that listens on 0.0.0.0 is reached.

import type { Scope } from '../../../aws/scope.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { HeldAddresses } from '../../../network/held-addresses.ts';
import type { Network, NetworkInterface } from '../../../network/network.ts';
import type { OpenInterface } from '../../manifest.ts';
import type { Task, TaskNetwork } from '../domain/model.ts';

/** What the networks of tasks are made of. */
export interface TaskNetworks {
  /** Absent where programs share this host's network. */
  openInterface?: OpenInterface | undefined;
  addresses: HeldAddresses;
  network: Pick<Network, 'ensure' | 'withdraw'>;
}

/** The network of a task that has or will have programs. */
export interface OpenTaskNetwork {
  address: string;
  interface?: NetworkInterface;
  /** Call it when no program uses it any more. Never rejects. */
  close(): Promise<void>;
}

/** `program` is the pid of a container of the task that runs already. Rejects with an OperationalError or EC2's faults. */
export async function openTaskNetwork(
  { openInterface, addresses, network }: TaskNetworks,
  scope: Scope,
  { network: wanted }: Pick<Task, 'network'>,
  program: number | undefined,
): Promise<OpenTaskNetwork> {
  if (!openInterface) {
    const isOwn = wanted.address !== undefined && addresses.owns(wanted.address, wanted.cidr);
    const address = isOwn ? wanted.address! : addresses.take(wanted.cidr);
    addresses.hold(address);
    const close = () => giveBack({ addresses, network }, address);
    try {
      await network.ensure(address);
    } catch (error) {
      await close();
      throw error;
    }
    return { address, close };
  }
  const opened = await openAgain(openInterface, scope, wanted, program);
  try {
    await opened.ready;
  } catch (error) {
    await opened.close();
    throw error;
  }
  return { address: opened.address, interface: opened, close: () => opened.close() };
}

/** With the address that the task had before a restart of Millpond, unless something else has it now. */
async function openAgain(
  open: OpenInterface,
  scope: Scope,
  { subnetId, securityGroupIds, hasPublicAddress, address }: TaskNetwork,
  program: number | undefined,
): Promise<NetworkInterface> {
  const wish = { subnetId, securityGroupIds, hasPublicAddress };
  const attempts = [
    ...(program !== undefined ? [{ ...wish, address, isThere: true, program }] : []),
    ...(address !== undefined ? [{ ...wish, address }] : []),
  ];
  for (const attempt of attempts) {
    try {
      return await open(scope, attempt);
    } catch (error) {
      if (!(error instanceof OperationalError && error.code === 'AddressUnavailable')) throw error;
    }
  }
  return open(scope, wish);
}

/** For a task that ends without its network having been opened again after a restart. Never rejects. */
export async function closeUnopened(
  { openInterface, ...networks }: TaskNetworks,
  { network: { address, cidr } }: Pick<Task, 'network'>,
): Promise<void> {
  // Interfaces end with the programs that have them.
  if (openInterface || address === undefined || !networks.addresses.owns(address, cidr)) return;
  await giveBack(networks, address);
}

async function giveBack(
  { addresses, network }: Omit<TaskNetworks, 'openInterface'>,
  address: string,
): Promise<void> {
  addresses.release(address);
  await network.withdraw?.(address).catch(() => undefined);
}
