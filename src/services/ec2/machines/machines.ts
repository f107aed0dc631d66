// The contract of instances as machines, as EC2's operations see them: whether they run on this host, and what runs there.

import type { Scope } from '../../../aws/scope.ts';
import type { Instance } from '../../../machines/instances/instances.ts';
import type { KeyPairRecord, MachineRecord, SubnetRecord } from '../model.ts';

/** The machines of instances. */
export interface Machines {
  /** Resolves once `runHere` is known. */
  known(): Promise<void>;
  /** Whether instances run on this host; else they are records only. */
  readonly runHere: boolean;
  /** Why they do not; `undefined` where they do, and before it is known. */
  readonly whyNot: string | undefined;
  /** A machine for a new instance, which lets in this key; absent where instances are records only. */
  machineIn(subnet: SubnetRecord, key: KeyPairRecord | undefined): MachineRecord | undefined;
  /**
   * An address for a new instance of the subnet where programs share this host's network; else absent. Call it in the
   * transaction that uses it. Throws InsufficientFreeAddressesInSubnet.
   */
  takeAddress(subnet: SubnetRecord): string | undefined;
  /** Gives the addresses back that a transaction took which has failed. */
  giveBack(): void;
  /** The record of an instance was made or has changed. */
  changed(scope: Scope, instanceId: string): void;
  /** The running machine of an instance. */
  live(scope: Scope, instanceId: string): Instance | undefined;
  /** The end of what it has printed. */
  console(instanceId: string): Promise<Buffer>;
}

/** Instances are records only. */
export const noMachines: Machines = {
  known: async () => {},
  ...{ runHere: false, whyNot: undefined },
  machineIn: () => undefined,
  takeAddress: () => undefined,
  giveBack: () => {},
  changed: () => {},
  live: () => undefined,
  console: async () => Buffer.alloc(0),
};
