// The resource type AWS::EC2::VPCEndpoint.

import type { Scope } from '../../../aws/scope.ts';
import {
  changesOf,
  documentOf,
  flagOf,
  listOf,
  requiredText,
  textOf,
} from '../../../control/resource-properties.ts';
import type { ResourceState, ResourceType } from '../../../control/resource-type.ts';
import { type Ec2Client, retag, tagSpecifications, withToken } from './tokens-and-tags.ts';

/** Its physical id is the endpoint's id. */
export const vpcEndpointType = (ec2: Ec2Client): ResourceType => ({
  name: 'AWS::EC2::VPCEndpoint',
  async create(request) {
    const { properties, scope } = request;
    const type = textOf(properties, 'VpcEndpointType') as 'Gateway' | 'Interface' | undefined;
    const input = withToken(request, {
      VpcId: requiredText(properties, 'VpcId'),
      ServiceName: requiredText(properties, 'ServiceName'),
      VpcEndpointType: type,
      PolicyDocument: documentOf(properties, 'PolicyDocument'),
      RouteTableIds: listOf(properties, 'RouteTableIds'),
      SubnetIds: listOf(properties, 'SubnetIds'),
      SecurityGroupIds: listOf(properties, 'SecurityGroupIds'),
      // AWS: the default is false in templates and true in the API.
      PrivateDnsEnabled: flagOf(properties, 'PrivateDnsEnabled') ?? false,
      ...tagSpecifications(request, 'vpc-endpoint'),
    });
    const { VpcEndpoint } = await ec2.call('CreateVpcEndpoint', input, scope);
    return stateOf(ec2, scope, VpcEndpoint!.VpcEndpointId!);
  },
  async update(request) {
    const { physicalId, properties, before, scope } = request;
    const change = (name: string) =>
      changesOf(listOf(before, name) ?? [], listOf(properties, name) ?? [], (id) => id);
    const [tables, subnets, groups] = ['RouteTableIds', 'SubnetIds', 'SecurityGroupIds'].map(change);
    const policy = documentOf(properties, 'PolicyDocument');
    const isInterface = textOf(properties, 'VpcEndpointType') === 'Interface';
    await ec2.call(
      'ModifyVpcEndpoint',
      {
        VpcEndpointId: physicalId,
        ...(policy === undefined ? { ResetPolicy: true } : { PolicyDocument: policy }),
        AddRouteTableIds: tables!.come,
        RemoveRouteTableIds: tables!.gone,
        AddSubnetIds: subnets!.come,
        RemoveSubnetIds: subnets!.gone,
        AddSecurityGroupIds: groups!.come,
        RemoveSecurityGroupIds: groups!.gone,
        ...(isInterface && { PrivateDnsEnabled: flagOf(properties, 'PrivateDnsEnabled') ?? false }),
      },
      scope,
    );
    await retag(ec2, request, physicalId);
    return stateOf(ec2, scope, physicalId);
  },
  async delete({ physicalId, scope }) {
    const { Unsuccessful } = await ec2.call('DeleteVpcEndpoints', { VpcEndpointIds: [physicalId] }, scope);
    const failure = Unsuccessful?.[0]?.Error;
    if (failure && !failure.Code?.endsWith('NotFound')) throw new Error(failure.Message);
  },
});

async function stateOf(ec2: Ec2Client, scope: Scope, id: string): Promise<ResourceState> {
  const { VpcEndpoints } = await ec2.call('DescribeVpcEndpoints', { VpcEndpointIds: [id] }, scope);
  const endpoint = VpcEndpoints![0]!;
  return {
    physicalId: id,
    attributes: {
      Id: id,
      CreationTimestamp: endpoint.CreationTimestamp?.toISOString() ?? '',
      DnsEntries: (endpoint.DnsEntries ?? []).map((one) => `${one.HostedZoneId}:${one.DnsName}`),
      NetworkInterfaceIds: endpoint.NetworkInterfaceIds ?? [],
    },
  };
}
