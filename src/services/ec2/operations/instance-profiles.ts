// The instance profile of an instance: associate, disassociate, describe. Whether the profile exists is IAM's.

import { derivedHex } from '../../../kernel/ids.ts';
import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf, RequestContext } from '../../../wire/service.ts';
import { type Listable, list, selectionOf } from '../describe.ts';
import { missingParameter } from '../faults.ts';
import { surroundings, viewInstance } from '../instances.ts';
import type { Inventory } from '../inventory.ts';
import { noSuchAssociation } from '../network-faults.ts';
import type { InstanceRecord } from '../records.ts';
import type { Ec2 } from '../service.ts';

export function associateIamInstanceProfile(
  inventory: Inventory,
): HandlerOf<Ec2, 'AssociateIamInstanceProfile'> {
  return (input, context) => {
    const profile = input.IamInstanceProfile?.Arn ?? input.IamInstanceProfile?.Name;
    if (!profile) throw missingParameter('IamInstanceProfile');
    return inventory.transaction(() => {
      const instance = inventory.instances.existing(context, input.InstanceId);
      if (instance.instanceProfile) throw hasProfile(instance.instanceId);
      const changed = { ...instance, instanceProfile: profile };
      inventory.instances.put(context, changed);
      return { IamInstanceProfileAssociation: view(inventory, context, changed, 'associating') };
    });
  };
}

export function disassociateIamInstanceProfile(
  inventory: Inventory,
): HandlerOf<Ec2, 'DisassociateIamInstanceProfile'> {
  return (input, context) =>
    inventory.transaction(() => {
      const instance = withProfile(inventory, context).find(
        (one) => associationIdOf(one) === input.AssociationId,
      );
      if (!instance) throw noSuchAssociation(input.AssociationId);
      const { instanceProfile: _, ...rest } = instance;
      inventory.instances.put(context, rest);
      return { IamInstanceProfileAssociation: view(inventory, context, instance, 'disassociating') };
    });
}

export function describeIamInstanceProfileAssociations(
  inventory: Inventory,
): HandlerOf<Ec2, 'DescribeIamInstanceProfileAssociations'> {
  return async (input, context) => {
    const asked = input.AssociationIds ?? [];
    const all = withProfile(inventory, context).filter(
      (one) => asked.length === 0 || asked.includes(associationIdOf(one)),
    );
    const { items, nextToken } = await list(all, LISTABLE, selectionOf(input, undefined), () => ({}));
    const IamInstanceProfileAssociations = items.map((one) => view(inventory, context, one, 'associated'));
    return { IamInstanceProfileAssociations, NextToken: nextToken };
  };
}

/** At most as many as there may be instances. */
const withProfile = (inventory: Inventory, context: RequestContext): InstanceRecord[] =>
  inventory.instances.by(context, 'profile', 'yes');

const associationIdOf = ({ instanceId, instanceProfile = '' }: InstanceRecord): string =>
  `iip-assoc-0${derivedHex(16, instanceId, instanceProfile)}`;

const view = (
  inventory: Inventory,
  context: RequestContext,
  instance: InstanceRecord,
  State: 'associating' | 'associated' | 'disassociating',
) => ({
  AssociationId: associationIdOf(instance),
  InstanceId: instance.instanceId,
  IamInstanceProfile: viewInstance(instance, context, surroundings(inventory, context)).IamInstanceProfile,
  State,
});

const LISTABLE: Listable<InstanceRecord> = {
  list: 'instance profile associations',
  idOf: associationIdOf,
  filters: { 'instance-id': (one) => one.instanceId, state: () => 'associated' },
};

const hasProfile = (instanceId: string): Fault =>
  new Fault('IncorrectState', `There is an existing association for instance ${instanceId}`);
