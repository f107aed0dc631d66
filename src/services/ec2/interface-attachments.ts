// How network interfaces are attached, and to whom. Pure.

import { derivedHex } from '../../kernel/ids.ts';
import type { InterfaceFacts } from './network-interfaces.ts';

/**
 * AWS: the interfaces of services have attachments of two kinds. Where the service runs instances, as ElastiCache and
 * RDS do, it is `eni-attach`; in the network that Lambda, NAT gateways and endpoints share, it is `ela-attach`.
 */
export const attachmentIdOf = (one: InterfaceFacts): string =>
  one.attachmentId ??
  `${one.type === 'interface' ? 'eni' : 'ela'}-attach-${derivedHex(17, 'attachment', one.interfaceId)}`;

/** AWS's view of the attachment. */
export function attachmentOf(one: InterfaceFacts, { accountId }: { accountId: string }) {
  const attachment = { AttachmentId: attachmentIdOf(one), Status: 'attached' as const };
  if (one.instanceId !== undefined) {
    return {
      ...attachment,
      AttachTime: new Date(one.createdAt),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      InstanceId: one.instanceId,
      InstanceOwnerId: accountId,
    };
  }
  const ofService = { ...attachment, DeleteOnTermination: false, DeviceIndex: 1 };
  return one.type === 'interface'
    ? { ...ofService, AttachTime: new Date(one.createdAt), InstanceOwnerId: one.requesterId }
    : { ...ofService, InstanceOwnerId: 'amazon-aws' };
}

/** AWS: Lambda acts by a role of the account, and its interfaces do not count as managed. */
export const isRequesterManaged = ({ type, requesterId }: InterfaceFacts): boolean =>
  type === 'interface' ? requesterId !== undefined : type !== 'lambda';
