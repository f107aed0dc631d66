// Options of existing instances: metadata access and CPU credits.

import { Fault } from '../../../wire/fault.ts';
import { type Describable, recordsOf, type Source, select, selectionOf } from '../describe.ts';
import { missingParameter } from '../faults.ts';
import { incorrectState } from '../instance-faults.ts';
import { checkCredits, creditsOf, isBurstable, metadataOf, viewMetadata } from '../instance-options.ts';
import { tagReader } from '../inventory.ts';
import type { InstanceRecord } from '../model.ts';
import { INSTANCE } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

/** Throws IncorrectInstanceState for a terminated instance. */
export const ModifyInstanceMetadataOptions: Operation<'ModifyInstanceMetadataOptions'> = (
  ec2,
  input,
  context,
) =>
  ec2.store.transaction(() => {
    const { instanceId, metadata } = ec2.records.instances.change(context, input.InstanceId, (instance) => {
      if (instance.state === 'terminated')
        throw incorrectState(instance.instanceId, instance.state, 'modified');
      return { ...instance, metadata: metadataOf(instance.metadata, input) };
    });
    // AWS: the state is `pending` in this response, and `applied` afterwards.
    return { InstanceId: instanceId, InstanceMetadataOptions: viewMetadata(metadata, 'pending') };
  });

/** Throws InstanceCreditSpecification.NotSupported for a given instance that is not burstable. */
export const DescribeInstanceCreditSpecifications: Operation<'DescribeInstanceCreditSpecifications'> = async (
  ec2,
  input,
  context,
) => {
  const { items, nextToken } = await select(
    burstable(
      recordsOf(ec2.records.instances, context),
      input.InstanceIds?.length ? () => true : isUnlimited,
    ),
    DESCRIBABLE,
    selectionOf(input, input.InstanceIds),
    tagReader(ec2, context),
  );
  return {
    InstanceCreditSpecifications: items.map((one) => ({
      InstanceId: one.instanceId,
      CpuCredits: creditsOf(one),
    })),
    NextToken: nextToken,
  };
};

/** AWS: without ids, the operation lists only instances with `unlimited` credits. */
const isUnlimited = (one: InstanceRecord) => creditsOf(one) === 'unlimited';

function burstable(
  source: Source<InstanceRecord>,
  isWanted: (one: InstanceRecord) => boolean,
): Source<InstanceRecord> {
  const isListed = (one: InstanceRecord) => one.state !== 'terminated' && isBurstable(one) && isWanted(one);
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

/** Reports unknown and unsuitable instances in the response. */
export const ModifyInstanceCreditSpecification: Operation<'ModifyInstanceCreditSpecification'> = (
  ec2,
  input,
  context,
) => {
  const asked = input.InstanceCreditSpecifications ?? [];
  if (asked.length === 0) throw missingParameter('InstanceCreditSpecification');
  return ec2.store.transaction(() => {
    const Successful: { InstanceId: string }[] = [];
    const Unsuccessful = asked.flatMap(({ InstanceId = '', CpuCredits }) => {
      const cpuCredits = checkCredits(CpuCredits);
      if (!cpuCredits) throw missingParameter('CpuCredits');
      const instance = ec2.records.instances.find(context, InstanceId);
      const reason = whyNot(instance, InstanceId);
      if (!instance || reason) return [{ InstanceId, Error: reason }];
      ec2.records.instances.put(context, { ...instance, cpuCredits });
      Successful.push({ InstanceId });
      return [];
    });
    return {
      SuccessfulInstanceCreditSpecifications: Successful,
      UnsuccessfulInstanceCreditSpecifications: Unsuccessful,
    };
  });
};

// AWS: the code is one of the model's UnsuccessfulInstanceCreditSpecificationErrorCode.
const withoutCredits = (id: string): Fault =>
  new Fault('InstanceCreditSpecification.NotSupported', doesNotSupport(id));

const doesNotSupport = (id: string): string => `The instance '${id}' does not support CPU credits.`;

/** AWS: the operation reports an error for each instance and does not fail. */
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
