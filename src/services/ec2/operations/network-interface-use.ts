// DeleteNetworkInterface and DetachNetworkInterface. Every interface here is in use by what it belongs to, so both are
// always refused.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Ec2 } from '../context.ts';
import { attachmentIdOf } from '../interface-attachments.ts';
import type { InterfaceFacts } from '../network-interfaces.ts';
import { ofInstance } from '../network-interfaces.ts';
import type { Operation } from '../sdk.ts';
import { existingInterface, serviceInterfacesIn } from '../service-interfaces.ts';

/** Throws NotFound, or InvalidParameterValue for an interface that exists. */
export const DeleteNetworkInterface: Operation<'DeleteNetworkInterface'> = async (ec2, input, context) => {
  throw inUse((await existingInterface(ec2, context, input.NetworkInterfaceId)).interfaceId);
};

/** Throws InvalidAttachmentID.NotFound, or OperationNotPermitted or AuthFailure for an attachment that exists. */
export const DetachNetworkInterface: Operation<'DetachNetworkInterface'> = async (ec2, input, context) => {
  const { AttachmentId } = input;
  if (AttachmentId.startsWith('ela-attach-')) throw ofSharedNetwork();
  const found = await attachedBy(ec2, context, AttachmentId);
  if (!found) throw noSuchAttachment(AttachmentId);
  throw found.instanceId === undefined ? ofServicesInstance() : firstOfInstance();
};

async function attachedBy(ec2: Ec2, scope: Scope, attachmentId: string): Promise<InterfaceFacts | undefined> {
  const isIt = (one: InterfaceFacts) => attachmentIdOf(one) === attachmentId;
  for await (const batch of ec2.records.instances.batches(scope)) {
    const found = batch.flatMap(({ value }) => ofInstance(ec2.records, scope, value)).find(isIt);
    if (found) return found;
  }
  return (await serviceInterfacesIn(ec2, scope)).find(isIt);
}

/** AWS: as reported in github.com/gruntwork-io/cloud-nuke, issue 431. */
const inUse = (id: string): Fault =>
  new Fault('InvalidParameterValue', `Network interface '${id}' is currently in use.`);

/** AWS: as reported in github.com/boto/boto3, issue 2218. */
const ofSharedNetwork = (): Fault =>
  new Fault('OperationNotPermitted', "You are not allowed to manage 'ela-attach' attachments.");

/** AWS: as reported for the interfaces of RDS in github.com/hashicorp/terraform, issue 37576. */
const ofServicesInstance = (): Fault =>
  new Fault('AuthFailure', 'You do not have permission to access the specified resource.');

/** AWS: as reported in github.com/redhat-performance/cloud-governance, pull request 952. */
const firstOfInstance = (): Fault =>
  new Fault(
    'OperationNotPermitted',
    'The network interface at device index 0 and networkCard index 0 cannot be detached.',
  );

const noSuchAttachment = (id: string): Fault =>
  new Fault('InvalidAttachmentID.NotFound', `The attachment ID '${id}' does not exist`);
