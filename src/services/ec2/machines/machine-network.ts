// The network of an instance: an interface where machines have some; elsewhere it shares this host's network, and has an
// address of its own there. The address belongs to it until it is terminated.

import type { Scope } from '../../../aws/scope.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { HeldAddresses } from '../../../network/held-addresses.ts';
import type { InterfaceSpec, Network, NetworkInterface } from '../../../network/network.ts';
import type { OpenInterface } from '../../manifest.ts';
import { contains, parseCidr } from '../cidr.ts';
import type { InstanceRecord } from '../model.ts';

/** What the networks of instances are made of. */
export interface MachineNetworks {
  /** Absent where programs share this host's network. */
  openInterface?: OpenInterface | undefined;
  addresses: HeldAddresses;
  network: Pick<Network, 'ensure' | 'withdraw' | 'assertFree'>;
}

/** What security groups and routes go by. */
export type InterfaceFacts = Required<Pick<InterfaceSpec, 'securityGroupIds' | 'hasPublicAddress'>>;

/** The network of an instance that has or will have programs. */
export interface OpenMachineNetwork {
  address: string;
  sshPort: number;
  interface?: NetworkInterface;
  /** Call it when no program uses it any more. Never rejects. */
  close(): Promise<void>;
}

const SSH_PORT = 22;
/** own. Where the port of SSH is another program's, or needs privileges. */
const FURTHER_SSH_PORTS = [2222, 22_022, 22_222];

/** The address of this host at which an instance of a subnet (CIDR) is reached; the record's, or another one. */
function addressHere({ addresses }: MachineNetworks, { privateIp, machine }: InstanceRecord): string {
  const cidr = machine!.cidr;
  const own = [machine!.address, privateIp].find((one) => one !== undefined && addresses.owns(one, cidr));
  const address = own ?? addresses.take(cidr);
  addresses.hold(address);
  return address;
}

/**
 * Takes the address of an instance, before any address is given out. Later calls of `openMachineNetwork` find it taken by
 * itself.
 */
export function holdAddress(networks: MachineNetworks, instance: InstanceRecord): void {
  const { machine, privateIp } = instance;
  const { addresses, openInterface } = networks;
  const address = openInterface ? privateIp : (machine!.address ?? privateIp);
  if (addresses.owns(address, machine!.cidr)) addresses.hold(address);
}

/** Gives the address back, when the instance is terminated. Never rejects. */
export async function freeAddress({ addresses, network }: MachineNetworks, instance: InstanceRecord) {
  for (const address of new Set([instance.privateIp, instance.machine!.address ?? instance.privateIp])) {
    addresses.release(address);
    await network.withdraw?.(address).catch(() => undefined);
  }
}

/**
 * `program` is the pid of the instance's first process, if it runs already. Rejects with an OperationalError or EC2's
 * faults.
 */
export async function openMachineNetwork(
  networks: MachineNetworks,
  scope: Scope,
  instance: InstanceRecord,
  program: number | undefined,
): Promise<OpenMachineNetwork> {
  const { openInterface, addresses, network } = networks;
  if (!openInterface) {
    const address = addressHere(networks, instance);
    await network.ensure(address);
    const known = instance.machine!.sshPort;
    const sshPort = program !== undefined && known !== undefined ? known : await freePort(networks, address);
    return { address, sshPort, close: async () => undefined };
  }
  if (!isInSubnet(instance)) {
    throw new OperationalError(
      'AddressUnavailable',
      `Its address ${instance.privateIp} is none of its subnet, since it was launched on another --network: start Millpond on that one, or launch another instance.`,
    );
  }
  // While the interface is open, it keeps the address itself.
  addresses.release(instance.privateIp);
  const opened = await open(openInterface, scope, instance, program);
  const close = async () => {
    await opened.close();
    addresses.hold(instance.privateIp);
  };
  try {
    await opened.ready;
  } catch (error) {
    await close();
    throw error;
  }
  return { address: opened.address, sshPort: SSH_PORT, interface: opened, close };
}

function isInSubnet({ privateIp, machine }: InstanceRecord): boolean {
  const [subnet, own] = [parseCidr(machine!.cidr), parseCidr(`${privateIp}/32`)];
  return subnet === undefined || own === undefined || contains(subnet, own);
}

async function open(
  openInterface: OpenInterface,
  scope: Scope,
  { subnetId, groupIds, publicIp, privateIp: address }: InstanceRecord,
  program: number | undefined,
): Promise<NetworkInterface> {
  const wish = {
    ...{ subnetId, securityGroupIds: groupIds, address },
    hasPublicAddress: publicIp !== undefined,
  };
  if (program === undefined) return openInterface(scope, wish);
  return openInterface(scope, { ...wish, isThere: true, program });
}

/** A port of the address for SSH: 22 where it may be had. */
async function freePort({ network }: MachineNetworks, address: string): Promise<number> {
  for (const port of [SSH_PORT, ...FURTHER_SSH_PORTS]) {
    try {
      await network.assertFree(address, port);
      return port;
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error;
    }
  }
  throw new OperationalError('AddressInUse', `No port for SSH is free on ${address}.`);
}
