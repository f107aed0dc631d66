// EC2 over instances that run nothing, for tests.

import { fakeAddresses } from '../../../drivers/fake/fake-driver.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createFakeInstances, type FakeInstances } from '../../../machines/instances/fake-instances.ts';
import { createHeldAddresses } from '../../../network/held-addresses.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { type Client, createClient } from '../../../wire/client.ts';
import type { OpenInterface } from '../../manifest.ts';
import type { MetadataDependencies } from '../metadata/service.ts';
import type { Sdk } from '../sdk.ts';
import { createEc2, type Ec2Service } from '../service.ts';
import type { MachinesDependencies } from './open-machines.ts';

export const SCOPE = { accountId: '000000000000', region: 'us-west-2' };

/** EC2 with machines, as a start of Millpond has it. */
export interface ServedMachines {
  ec2: Client<Sdk>;
  service: Ec2Service;
  instances: FakeInstances;
  /** Launches one instance. Resolves with its id. */
  launch(input?: object): Promise<string>;
  /** AWS's view of it. */
  view(id: string): Promise<import('@aws-sdk/client-ec2').Instance>;
  /** Resolves with the view once the instance is in this state. */
  until(id: string, state: string): Promise<import('@aws-sdk/client-ec2').Instance>;
}

/** `store` and `instances` of an earlier one: as Millpond starts again. */
export async function startMachines({
  store = openStore(':memory:'),
  instances = createFakeInstances(),
  metadata,
  openInterface,
  ...more
}: Partial<Omit<MachinesDependencies, 'instances' | 'variables'>> & {
  metadata?: MetadataDependencies;
  openInterface?: OpenInterface;
  store?: Store;
  instances?: FakeInstances;
} = {}): Promise<ServedMachines> {
  const changes = new EventTarget();
  const service = createEc2({
    ...{ store, clock: { now: () => Date.now() }, metadata },
    machines: {
      instances: async () => instances,
      networks: {
        openInterface,
        addresses: createHeldAddresses(fakeAddresses, () => new Set()),
        network: { ensure: async () => {}, assertFree: async () => {} },
      },
      environmentOf: () => ({ AWS_REGION: 'here' }),
      filesOf: async () => [],
      imageOf: () => undefined,
      log: silentLog,
      changed: () => changes.dispatchEvent(new Event('change')),
      ...more,
    },
  });
  await service.machines!.controller.adopt();
  service.machines!.controller.begin();
  const ec2 = createClient<Sdk>('ec2', { inProcess: service });
  const view = async (id: string) => {
    const { Reservations } = await ec2.call('DescribeInstances', { InstanceIds: [id] }, SCOPE);
    return Reservations![0]!.Instances![0]!;
  };
  return {
    ...{ ec2, service, instances, view },
    async launch(input = {}) {
      const asked = { ImageId: 'ami-0123456789abcdef0', MinCount: 1, MaxCount: 1, ...input };
      const { Instances } = await ec2.call('RunInstances', asked, SCOPE);
      return Instances![0]!.InstanceId!;
    },
    async until(id, state) {
      for (;;) {
        const changed = new Promise((resolve) => changes.addEventListener('change', resolve, { once: true }));
        const now = await view(id);
        if (now.State?.Name === state) return now;
        await changed;
      }
    },
  };
}
