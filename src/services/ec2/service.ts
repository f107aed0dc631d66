// EC2: the network of caches, functions and instances, as records and rules. It sends no packets and runs no
// machines; network/subnets/ enforces its security groups. Every account has a default network.

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
import { networkRulesOf } from './network-rules.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';

/** What EC2 needs. */
export interface Ec2Dependencies {
  store: Store;
  clock: Clock;
  /** Reads the interfaces of other services. None by default. */
  serviceInterfaces?: ServiceInterfaces;
  /** Called after each commit that changes what `networkRules` reads. */
  networkChanged?: (() => void) | undefined;
}

/** EC2, and what only Millpond's own network asks it. */
export interface Ec2Service extends Service {
  networkRules(): Promise<NetworkFacts>;
}

/** Builds EC2 over the store. */
export function createEc2({
  store,
  clock,
  serviceInterfaces = async () => [],
  networkChanged,
}: Ec2Dependencies): Ec2Service {
  const ec2: Ec2 = { store, clock, records: openRecords(store, networkChanged), serviceInterfaces };
  const service = defineService<Sdk, Ec2>('ec2', ec2, operations, { constraints });
  return {
    ...withDryRun(withDefaultNetwork(withClientTokens(service, ec2), ec2)),
    networkRules: () => networkRulesOf(ec2.records),
  };
}

/** Creates the account's default network before its first operation. */
const withDefaultNetwork = (service: Service, ec2: Ec2): Service =>
  aroundEach(service, (handle, input, context) => {
    prepareAccount(ec2, context);
    return handle(input, context);
  });

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
