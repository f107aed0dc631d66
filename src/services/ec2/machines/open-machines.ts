// Opens the machines of instances: what an instance boots with, and the controller.

import type { Scope } from '../../../aws/scope.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { derivedHex } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { InstanceSpec, Instances } from '../../../machines/instances/instances.ts';
import type { Cover } from '../../../machines/machine.ts';
import type { Ec2 } from '../context.ts';
import type { InstanceRecord } from '../model.ts';
import { noFreeAddress } from '../network-faults.ts';
import { privateDnsNameOf } from '../public-addresses.ts';
import { type Controller, createController, type MachineLabels } from './controller.ts';
import { hostBeganAt } from './host-began.ts';
import type { MachineNetworks, OpenMachineNetwork } from './machine-network.ts';
import type { Machines } from './machines.ts';
import { createTurns } from './turns.ts';

/** What machines need. */
export interface MachinesDependencies {
  instances(): Promise<Instances>;
  networks: MachineNetworks;
  /** The variables of every instance: endpoint, region; no credentials. */
  environmentOf(scope: Scope): Record<string, string>;
  /** Further variables, which are known once something listens. */
  variables(): Promise<Record<string, string>>;
  /** The files that an instance has in place of its root's. */
  filesOf(machine: {
    resolver: string | undefined;
    address: string;
    hostName: string;
  }): Promise<readonly Cover[]>;
  /** The image of a machine image: an OCI reference, by AMI. */
  imageOf(imageId: string): string | undefined;
  log: Log;
  /** Called after each change of an instance's machine. */
  changed(): void;
}

/** The machines, and what runs them. */
export interface RunningMachines extends Machines {
  controller: Controller;
}

/** How many instances are being started at the same time. */
const BOOTS_AT_ONCE = 4;

/** Finds out nothing before `known`. */
export function createMachines(
  ec2: Omit<Ec2, 'machines'>,
  dependencies: MachinesDependencies,
): RunningMachines {
  const { networks, log } = dependencies;
  const { store, records, clock } = ec2;
  let state: { whyNot: string | undefined } | undefined;
  let finding: Promise<void> | undefined;
  /** Addresses that a transaction has taken. */
  const uncommitted = new Set<string>();
  const controller = createController({
    ...{ store, records, clock, log, networks, changed: dependencies.changed },
    instances: dependencies.instances,
    specOf: (scope, instance, network) => specOf(dependencies, scope, instance, network),
    turns: createTurns(BOOTS_AT_ONCE),
    hostBeganAt: hostBeganAt(),
  });

  async function find(): Promise<void> {
    try {
      state = { whyNot: await (await dependencies.instances()).whyNot() };
    } catch (error) {
      finding = undefined;
      throw error;
    }
  }

  return {
    known: () => (finding ??= find()),
    get runHere() {
      return state !== undefined && state.whyNot === undefined;
    },
    get whyNot() {
      return state?.whyNot;
    },
    machineIn(subnet, key) {
      if (!this.runHere) return undefined;
      const authorizedKey = key && `${key.publicKey} ${key.keyName}`;
      return { boot: 1, cidr: subnet.cidrBlock, ...(authorizedKey && { authorizedKey }) };
    },
    takeAddress(subnet) {
      if (!this.runHere || networks.openInterface) return undefined;
      let address: string;
      try {
        address = networks.addresses.take(subnet.cidrBlock);
      } catch (error) {
        if (error instanceof OperationalError) throw noFreeAddress(subnet.subnetId);
        throw error;
      }
      uncommitted.add(address);
      store.afterCommit(() => uncommitted.delete(address));
      return address;
    },
    giveBack() {
      for (const address of uncommitted) networks.addresses.release(address);
      uncommitted.clear();
    },
    changed(scope, instanceId) {
      store.afterCommit(() => {
        dependencies.changed();
        controller.wake(scope, instanceId);
      });
    },
    live: controller.live,
    console: async (instanceId) => (await dependencies.instances()).console(instanceId),
    controller,
  };
}

async function specOf(
  { environmentOf, variables, filesOf, imageOf }: MachinesDependencies,
  scope: Scope,
  instance: InstanceRecord,
  network: OpenMachineNetwork,
): Promise<InstanceSpec> {
  const { instanceId: id, privateIp, userData, imageId, machine } = instance;
  const hostName = privateDnsNameOf(privateIp, scope.region);
  const { address, sshPort: port } = network;
  const reference = imageOf(imageId);
  const labels: MachineLabels = {
    ...{ account: scope.accountId, region: scope.region },
    boot: String(machine!.boot),
  };
  return {
    ...{ id, hostName, ssh: { address, port }, labels: { ...labels } },
    covers: await filesOf({ resolver: network.interface?.resolver, address, hostName }),
    environment: { ...environmentOf(scope), ...(await variables()) },
    authorizedKeys: machine!.authorizedKey === undefined ? [] : [machine!.authorizedKey],
    ...(reference !== undefined && { image: { reference } }),
    ...(network.interface && { interface: network.interface }),
    ...(userData !== undefined && { userData: Buffer.from(userData, 'base64') }),
  };
}

/** A hardware address of the instance's interface, as its metadata show it. */
export const hardwareAddressOf = ({ interfaceId }: Pick<InstanceRecord, 'interfaceId'>): string =>
  `0a:${derivedHex(10, 'mac', interfaceId).match(/../g)!.join(':')}`;
