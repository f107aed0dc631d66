// ModifyInstanceMetadataOptions, DescribeInstanceCreditSpecifications and ModifyInstanceCreditSpecification.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, recordsOf, type Source, select, selectionOf } from '../describe.ts';
import { missingParameter } from '../faults.ts';
import { incorrectState } from '../instance-faults.ts';
import { checkCredits, creditsOf, isBurstable, metadataOf, viewMetadata } from '../instance-options.ts';
import type { Inventory } from '../inventory.ts';
import type { InstanceRecord } from '../records.ts';
import { INSTANCE } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';

export function modifyInstanceMetadataOptions(
  inventory: Inventory,
): HandlerOf<Ec2, 'ModifyInstanceMetadataOptions'> {
  return (input, context) =>
    inventory.transaction(() => {
      const { instanceId, metadata } = inventory.instances.change(context, input.InstanceId, (instance) => {
        if (instance.state === 'terminated')
          throw incorrectState(instance.instanceId, instance.state, 'modified');
        return { ...instance, metadata: metadataOf(instance.metadata, input) };
      });
      // AWS: says `pending` here, and `applied` to whoever asks next.
      return { InstanceId: instanceId, InstanceMetadataOptions: viewMetadata(metadata, 'pending') };
    });
}

export function describeInstanceCreditSpecifications(
  inventory: Inventory,
): HandlerOf<Ec2, 'DescribeInstanceCreditSpecifications'> {
  return async (input, context) => {
    const { items, nextToken } = await select(
      burstable(
        recordsOf(inventory.instances, context),
        input.InstanceIds?.length ? () => true : isUnlimited,
      ),
      DESCRIBABLE,
      selectionOf(input, input.InstanceIds),
      inventory.tagsOf(context),
    );
    return {
      InstanceCreditSpecifications: items.map((one) => ({
        InstanceId: one.instanceId,
        CpuCredits: creditsOf(one),
      })),
      NextToken: nextToken,
    };
  };
}

/** AWS: without ids only those are listed that have `unlimited` credits. */
const isUnlimited = (one: InstanceRecord) => creditsOf(one) === 'unlimited';

function burstable(
  source: Source<InstanceRecord>,
  isMeant: (one: InstanceRecord) => boolean,
): Source<InstanceRecord> {
  const isListed = (one: InstanceRecord) => one.state !== 'terminated' && isBurstable(one) && isMeant(one);
  return {
    find(id) {
      const found = source.find(id);
      if (found && !isBurstable(found)) throw withoutCredits(id);
      return found;
    },
    async *batches(after) {
      for await (const batch of source.batches(after)) yield batch.filter(isListed);
    },
  };
}

export function modifyInstanceCreditSpecification(
  inventory: Inventory,
): HandlerOf<Ec2, 'ModifyInstanceCreditSpecification'> {
  return (input, context) => {
    const asked = input.InstanceCreditSpecifications ?? [];
    if (asked.length === 0) throw missingParameter('InstanceCreditSpecification');
    return inventory.transaction(() => {
      const Successful: { InstanceId: string }[] = [];
      const Unsuccessful = asked.flatMap(({ InstanceId = '', CpuCredits }) => {
        const cpuCredits = checkCredits(CpuCredits);
        if (!cpuCredits) throw missingParameter('CpuCredits');
        const instance = inventory.instances.find(context, InstanceId);
        const reason = whyNot(instance, InstanceId);
        if (!instance || reason) return [{ InstanceId, Error: reason }];
        inventory.instances.put(context, { ...instance, cpuCredits });
        Successful.push({ InstanceId });
        return [];
      });
      return {
        SuccessfulInstanceCreditSpecifications: Successful,
        UnsuccessfulInstanceCreditSpecifications: Unsuccessful,
      };
    });
  };
}

// AWS: the code is among those of the model's UnsuccessfulInstanceCreditSpecificationErrorCode.
const withoutCredits = (id: string): Fault =>
  new Fault('InstanceCreditSpecification.NotSupported', doesNotSupport(id));

const doesNotSupport = (id: string): string => `The instance '${id}' does not support CPU credits.`;

/** AWS: answers for each instance, and fails for none. */
function whyNot(instance: InstanceRecord | undefined, id: string) {
  if (!instance) {
    return {
      Code: 'InvalidInstanceID.NotFound' as const,
      Message: `The instance ID '${id}' does not exist`,
    };
  }
  if (instance.state === 'terminated') {
    return {
      Code: 'IncorrectInstanceState' as const,
      Message: `The instance '${id}' is not in a state from which it can be modified.`,
    };
  }
  return isBurstable(instance)
    ? undefined
    : {
        Code: 'InstanceCreditSpecification.NotSupported' as const,
        Message: doesNotSupport(id),
      };
}

const DESCRIBABLE: Describable<InstanceRecord> = {
  kind: INSTANCE,
  list: 'credit specifications',
  idParameter: 'InstanceIds',
  idOf: (one) => one.instanceId,
  filters: { 'instance-id': (one) => one.instanceId },
};
