// EC2: the network of caches, functions and instances, as records and rules; and instances as machines, which
// machines/instances/ runs. network/subnets/ enforces security groups. Every account has a default network.

import type { ServiceInterfaces } from '../../aws/service-interface.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NetworkFacts } from '../../network/routes.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { withClientTokens } from './client-tokens.ts';
import { constraints } from './constraints.ts';
import type { Ec2 } from './context.ts';
import { dryRunSucceeded } from './faults.ts';
import { prepareAccount } from './inventory.ts';
import { noMachines } from './machines/machines.ts';
import { createMachines, type MachinesDependencies, type RunningMachines } from './machines/open-machines.ts';
import {
  createMetadataService,
  type MetadataDependencies,
  type MetadataService,
} from './metadata/service.ts';
import { networkRulesOf } from './network-rules.ts';
import { operations } from './operations.ts';
import { openRecords, type Records } from './records.ts';
import type { Sdk } from './sdk.ts';

/** What EC2 needs. */
export interface Ec2Dependencies {
  store: Store;
  clock: Clock;
  /** Reads the interfaces of other services. None by default. */
  serviceInterfaces?: ServiceInterfaces;
  /** Called after each commit that changes what `networkRules` reads. */
  networkChanged?: (() => void) | undefined;
  /** What runs instances; absent: they are records only. */
  machines?: Omit<MachinesDependencies, 'variables'> | undefined;
  /** The instance metadata service, which instances that run have. */
  metadata?: MetadataDependencies | undefined;
}

/** EC2, and what only Millpond's own network asks it. */
export interface Ec2Service extends Service {
  networkRules(): Promise<NetworkFacts>;
  ec2: Ec2;
  records: Records;
  /** Absent where instances are records only. */
  machines?: RunningMachines | undefined;
  metadata?: MetadataService | undefined;
}

/** Builds EC2 over the store. */
export function createEc2({
  store,
  clock,
  serviceInterfaces = async () => [],
  networkChanged,
  machines: wanted,
  metadata,
}: Ec2Dependencies): Ec2Service {
  let metadataService: MetadataService | undefined;
  const parts = {
    store,
    clock,
    records: openRecords(store, networkChanged, () => machines?.controller.wakeAll()),
    serviceInterfaces,
  };
  const variables = async () => (await metadataService?.variables()) ?? {};
  const machines = wanted && createMachines(parts, { ...wanted, variables });
  const ec2: Ec2 = { ...parts, machines: machines ?? noMachines };
  metadataService = metadata && createMetadataService(ec2, metadata);
  const service = defineService<Sdk, Ec2>('ec2', ec2, operations, { constraints });
  return {
    ...withDryRun(withDefaultNetwork(withMachines(withClientTokens(service, ec2), ec2), ec2)),
    networkRules: () => networkRulesOf(ec2.records),
    ...{ ec2, records: ec2.records, machines, metadata: metadataService },
  };
}

/** Creates the account's default network before its first operation. */
const withDefaultNetwork = (service: Service, ec2: Ec2): Service =>
  aroundEach(service, (handle, input, context) => {
    prepareAccount(ec2, context);
    return handle(input, context);
  });

/** Operations that decide in a transaction whether an instance is a machine. */
const OF_MACHINES = ['RunInstances', 'StartInstances'];

/** They begin once it is known whether instances run here. */
function withMachines(service: Service, { machines }: Ec2): Service {
  const waiting = OF_MACHINES.map((name): [string, AnyHandler] => {
    const handle = service.operations[name]!;
    return [
      name,
      async (input, context) => {
        await machines.known();
        try {
          return handle(input, context);
        } catch (error) {
          machines.giveBack();
          throw error;
        }
      },
    ];
  });
  return { ...service, operations: { ...service.operations, ...Object.fromEntries(waiting) } };
}

/** AWS: a request with DryRun always fails; the error DryRunOperation means that it would have succeeded. */
const withDryRun = (service: Service): Service =>
  aroundEach(service, (handle, input, context) => {
    if (input.DryRun) throw dryRunSucceeded();
    return handle(input, context);
  });

type AnyHandler = Service['operations'][string];

function aroundEach(
  service: Service,
  around: (handle: AnyHandler, ...request: Parameters<AnyHandler>) => unknown,
): Service {
  const operations = Object.entries(service.operations).map(([name, handle]): [string, AnyHandler] => [
    name,
    (input, context) => around(handle, input, context),
  ]);
  return { ...service, operations: Object.fromEntries(operations) };
}
