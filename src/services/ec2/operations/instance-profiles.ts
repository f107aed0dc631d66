// Instance profiles of instances: associate, replace, disassociate, describe. EC2 does not check that IAM has the
// profile.

import { derivedHex } from '../../../kernel/ids.ts';
import { Fault } from '../../../wire/fault.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ec2 } from '../context.ts';
import { type Listable, list, selectionOf } from '../describe.ts';
import { missingParameter } from '../faults.ts';
import { viewProfile } from '../instances.ts';
import type { InstanceRecord } from '../model.ts';
import { noSuchAssociation } from '../network-faults.ts';
import type { Input, Operation } from '../sdk.ts';

/** Throws IncorrectState if the instance has a profile. */
export const AssociateIamInstanceProfile: Operation<'AssociateIamInstanceProfile'> = (
  ec2,
  input,
  context,
) => {
  const instanceProfile = profileAsked(input);
  return ec2.store.transaction(() => {
    const instance = ec2.records.instances.existing(context, input.InstanceId);
    if (instance.instanceProfile) throw hasProfile(instance.instanceId);
    const changed = { ...instance, instanceProfile };
    ec2.records.instances.put(context, changed);
    return { IamInstanceProfileAssociation: view(context, changed, 'associating') };
  });
};

/** AWS: the replacement is a new association with a new id. */
export const ReplaceIamInstanceProfileAssociation: Operation<'ReplaceIamInstanceProfileAssociation'> = (
  ec2,
  input,
  context,
) => {
  const instanceProfile = profileAsked(input);
  return ec2.store.transaction(() => {
    const changed = { ...associated(ec2, context, input.AssociationId), instanceProfile };
    ec2.records.instances.put(context, changed);
    return { IamInstanceProfileAssociation: view(context, changed, 'associating') };
  });
};

/** Throws InvalidAssociationID.NotFound. */
export const DisassociateIamInstanceProfile: Operation<'DisassociateIamInstanceProfile'> = (
  ec2,
  input,
  context,
) =>
  ec2.store.transaction(() => {
    const instance = associated(ec2, context, input.AssociationId);
    const { instanceProfile: _, ...rest } = instance;
    ec2.records.instances.put(context, rest);
    return { IamInstanceProfileAssociation: view(context, instance, 'disassociating') };
  });

export const DescribeIamInstanceProfileAssociations: Operation<
  'DescribeIamInstanceProfileAssociations'
> = async (ec2, input, context) => {
  const asked = input.AssociationIds ?? [];
  const all = withProfile(ec2, context).filter(
    (one) => asked.length === 0 || asked.includes(associationIdOf(one)),
  );
  const { items, nextToken } = await list(all, LISTABLE, selectionOf(input, undefined), () => ({}));
  const IamInstanceProfileAssociations = items.map((one) => view(context, one, 'associated'));
  return { IamInstanceProfileAssociations, NextToken: nextToken };
};

/** The ARN or name in the request. Throws MissingParameter. */
function profileAsked({
  IamInstanceProfile: asked,
}: Pick<Input<'RunInstances'>, 'IamInstanceProfile'>): string {
  const profile = asked?.Arn ?? asked?.Name;
  if (!profile) throw missingParameter('IamInstanceProfile');
  return profile;
}

function associated(ec2: Ec2, context: RequestContext, associationId: string): InstanceRecord {
  const found = withProfile(ec2, context).find((one) => associationIdOf(one) === associationId);
  if (!found) throw noSuchAssociation(associationId);
  return found;
}

/** A short list, since the number of instances is limited. */
const withProfile = (ec2: Ec2, context: RequestContext): InstanceRecord[] =>
  ec2.records.instances.by(context, 'profile', 'yes');

const associationIdOf = ({ instanceId, instanceProfile = '' }: InstanceRecord): string =>
  `iip-assoc-0${derivedHex(16, instanceId, instanceProfile)}`;

const view = (
  context: RequestContext,
  instance: InstanceRecord,
  State: 'associating' | 'associated' | 'disassociating',
) => ({
  AssociationId: associationIdOf(instance),
  InstanceId: instance.instanceId,
  IamInstanceProfile: viewProfile(instance, context),
  State,
});

const LISTABLE: Listable<InstanceRecord> = {
  list: 'instance profile associations',
  idOf: associationIdOf,
  filters: { 'instance-id': (one) => one.instanceId, state: () => 'associated' },
};

const hasProfile = (instanceId: string): Fault =>
  new Fault('IncorrectState', `There is an existing association for instance ${instanceId}`);
