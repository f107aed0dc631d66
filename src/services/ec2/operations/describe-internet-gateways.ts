// DescribeInternetGateways: internet gateways and their VPCs.

import type { InternetGateway } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { InternetGatewayRecord } from '../model.ts';
import { INTERNET_GATEWAY } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

export const DescribeInternetGateways: Operation<'DescribeInternetGateways'> = async (
  ec2,
  input,
  context,
) => {
  const tagsOf = tagReader(ec2, context);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.internetGateways, context, { indexes: { 'attachment.vpc-id': 'vpc' } }),
    describableGateways(context.accountId),
    selectionOf(input, input.InternetGatewayIds),
    tagsOf,
  );
  return {
    InternetGateways: items.map((gateway) =>
      viewInternetGateway(gateway, context, tagsOf(gateway.internetGatewayId)),
    ),
    NextToken: nextToken,
  };
};

// AWS: the service answers `available`, although the model has `attached`.
const ATTACHED = 'available' as 'attached';

/** AWS's view of a gateway. */
export const viewInternetGateway = (
  gateway: InternetGatewayRecord,
  scope: Scope,
  tags: Record<string, string>,
): InternetGateway => ({
  InternetGatewayId: gateway.internetGatewayId,
  OwnerId: scope.accountId,
  Attachments: gateway.attachedTo.map((vpcId) => ({ VpcId: vpcId, State: ATTACHED })),
  Tags: listTags(tags),
});

const describableGateways = (accountId: string): Describable<InternetGatewayRecord> => ({
  kind: INTERNET_GATEWAY,
  idParameter: 'InternetGatewayIds',
  idOf: (gateway) => gateway.internetGatewayId,
  filters: {
    'attachment.state': (gateway) => gateway.attachedTo.map(() => ATTACHED),
    'attachment.vpc-id': (gateway) => gateway.attachedTo,
    'internet-gateway-id': (gateway) => gateway.internetGatewayId,
    'owner-id': () => accountId,
  },
});
