// VPC endpoints: create, modify, delete. A gateway endpoint is a route in each of its route tables; an interface
// endpoint has an interface in each of its subnets.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Ec2 } from '../context.ts';
import { endpointServiceOf, GATEWAY_SERVICES } from '../endpoint-services.ts';
import { groupsOfInterface } from '../groups-of-interface.ts';
import { LIMITS } from '../limits.ts';
import type { VpcEndpointRecord, VpcRecord } from '../model.ts';
import { differentNetworks, limitExceeded, unsupported } from '../network-faults.ts';
import { prefixListsOf } from '../prefix-lists.ts';
import { addressIn } from '../private-addresses.ts';
import { NETWORK_INTERFACE, newId, VPC_ENDPOINT } from '../resource-kinds.ts';
import { absent } from '../resources.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { viewVpcEndpoint } from './describe-vpc-endpoints.ts';

const OPEN_POLICY = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});
const MAX_POLICY_LENGTH = 20_480;

/** Throws InvalidServiceName, and InvalidParameter for a type that the service does not have. */
export const CreateVpcEndpoint: Operation<'CreateVpcEndpoint'> = (ec2, input, context) => {
  const type = input.VpcEndpointType ?? 'Gateway';
  if (type !== 'Gateway' && type !== 'Interface') throw unsupported(`VPC endpoints of the type ${type}`);
  const { ServiceName } = input;
  const service = endpointServiceOf(ServiceName ?? '', context.region);
  if (type === 'Gateway' && !GATEWAY_SERVICES.includes(service)) throw wrongType(type, ServiceName ?? '');
  return ec2.store.transaction(() => {
    const vpc = ec2.records.vpcs.existing(context, input.VpcId);
    const others = ec2.records.vpcEndpoints.by(context, 'vpc', vpc.vpcId);
    if (others.length >= LIMITS.endpointsPerVpc)
      throw limitExceeded('VpcEndpointLimitExceeded', 'VPC endpoints');
    const isInterface = type === 'Interface';
    const endpoint: VpcEndpointRecord = {
      vpcEndpointId: newId(VPC_ENDPOINT),
      vpcId: vpc.vpcId,
      serviceName: ServiceName ?? '',
      type,
      policyDocument: policyOf(input.PolicyDocument),
      routeTableIds: [],
      subnets: [],
      groupIds: isInterface ? groupsOfInterface(ec2, context, vpc.vpcId, input.SecurityGroupIds) : [],
      privateDnsEnabled: isInterface && input.PrivateDnsEnabled !== false,
      createdAt: ec2.clock.now(),
    };
    if (endpoint.privateDnsEnabled) checkPrivateDns(vpc, endpoint, others);
    if (isInterface) for (const id of input.SubnetIds ?? []) addSubnet(ec2, context, endpoint, id);
    else for (const id of input.RouteTableIds ?? []) addRoute(ec2, context, endpoint, id);
    ec2.records.vpcEndpoints.put(context, endpoint);
    const id = endpoint.vpcEndpointId;
    const tags = tagAtCreation(ec2, context, VPC_ENDPOINT, id, input.TagSpecifications);
    return {
      VpcEndpoint: viewVpcEndpoint(endpoint, context, ec2, tags),
      ClientToken: input.ClientToken,
    };
  });
};

/** Adds and removes route tables, subnets and groups; replaces the policy. */
export const ModifyVpcEndpoint: Operation<'ModifyVpcEndpoint'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const endpoint = ec2.records.vpcEndpoints.existing(context, input.VpcEndpointId);
    const vpc = ec2.records.vpcs.existing(context, endpoint.vpcId);
    for (const id of input.RemoveRouteTableIds ?? []) removeRoute(ec2, context, endpoint, id);
    for (const id of input.AddRouteTableIds ?? []) addRoute(ec2, context, endpoint, id);
    const removed = new Set(input.RemoveSubnetIds);
    endpoint.subnets = endpoint.subnets.filter((one) => !removed.has(one.subnetId));
    for (const id of input.AddSubnetIds ?? []) addSubnet(ec2, context, endpoint, id);
    const goneGroups = new Set(input.RemoveSecurityGroupIds);
    const groups = [...endpoint.groupIds, ...(input.AddSecurityGroupIds ?? [])].filter(
      (id) => !goneGroups.has(id),
    );
    if (endpoint.type === 'Interface') {
      endpoint.groupIds = groupsOfInterface(ec2, context, endpoint.vpcId, groups);
    }
    if (input.ResetPolicy) endpoint.policyDocument = OPEN_POLICY;
    if (input.PolicyDocument) endpoint.policyDocument = policyOf(input.PolicyDocument);
    if (input.PrivateDnsEnabled !== undefined) {
      const others = ec2.records.vpcEndpoints
        .by(context, 'vpc', vpc.vpcId)
        .filter((one) => one.vpcEndpointId !== endpoint.vpcEndpointId);
      if (input.PrivateDnsEnabled) checkPrivateDns(vpc, endpoint, others);
      endpoint.privateDnsEnabled = input.PrivateDnsEnabled;
    }
    ec2.records.vpcEndpoints.put(context, endpoint);
  });
  return { Return: true };
};

/** AWS: reports an error for each unknown id and does not fail. */
export const DeleteVpcEndpoints: Operation<'DeleteVpcEndpoints'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const failures = (input.VpcEndpointIds ?? []).flatMap((id) => {
      const endpoint = ec2.records.vpcEndpoints.find(context, id);
      if (endpoint) {
        for (const table of endpoint.routeTableIds) removeRoute(ec2, context, endpoint, table);
        ec2.records.vpcEndpoints.remove(context, id);
        return [];
      }
      const fault = absent(VPC_ENDPOINT, id);
      return [{ ResourceId: id, Error: { Code: fault.shape, Message: fault.message } }];
    });
    return { Unsuccessful: failures };
  });

function addRoute(ec2: Ec2, scope: Scope, endpoint: VpcEndpointRecord, routeTableId: string): void {
  const table = ec2.records.routeTables.existing(scope, routeTableId);
  if (table.vpcId !== endpoint.vpcId) {
    throw differentNetworks(`route table ${routeTableId}`, `network ${endpoint.vpcId}`);
  }
  if (endpoint.routeTableIds.includes(routeTableId)) return;
  const prefixList = prefixListsOf(scope.region).find((one) => one.name === endpoint.serviceName)!;
  if (table.routes.some((route) => route.destination === prefixList.prefixListId)) {
    throw new Fault(
      'RouteAlreadyExists',
      `route table ${routeTableId} already has a route with destination-prefix-list-id ${prefixList.prefixListId}`,
    );
  }
  table.routes.push({
    destination: prefixList.prefixListId,
    gatewayId: endpoint.vpcEndpointId,
    origin: 'CreateRoute',
  });
  ec2.records.routeTables.put(scope, table);
  endpoint.routeTableIds.push(routeTableId);
}

function removeRoute(ec2: Ec2, scope: Scope, endpoint: VpcEndpointRecord, routeTableId: string): void {
  endpoint.routeTableIds = endpoint.routeTableIds.filter((id) => id !== routeTableId);
  const table = ec2.records.routeTables.find(scope, routeTableId);
  if (!table) return;
  const routes = table.routes.filter((route) => route.gatewayId !== endpoint.vpcEndpointId);
  ec2.records.routeTables.put(scope, { ...table, routes });
}

function addSubnet(ec2: Ec2, scope: Scope, endpoint: VpcEndpointRecord, subnetId: string): void {
  const subnet = ec2.records.subnets.existing(scope, subnetId);
  if (subnet.vpcId !== endpoint.vpcId)
    throw differentNetworks(`subnet ${subnetId}`, `network ${endpoint.vpcId}`);
  if (endpoint.subnets.some((one) => one.subnetId === subnetId)) return;
  const zones = endpoint.subnets.map((one) => ec2.records.subnets.existing(scope, one.subnetId).zone);
  if (zones.includes(subnet.zone)) throw sameZone(subnetId);
  endpoint.subnets.push({
    subnetId,
    interfaceId: newId(NETWORK_INTERFACE),
    privateIp: addressIn(ec2, scope, subnet, undefined),
  });
}

function checkPrivateDns(
  vpc: VpcRecord,
  endpoint: VpcEndpointRecord,
  others: readonly VpcEndpointRecord[],
): void {
  if (!vpc.enableDnsSupport || !vpc.enableDnsHostnames) {
    throw new Fault(
      'InvalidParameter',
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.vpcId}`,
    );
  }
  if (others.some((one) => one.privateDnsEnabled && one.serviceName === endpoint.serviceName)) {
    const domain = endpoint.serviceName.split('.').slice(2).reverse().join('.');
    throw new Fault(
      'InvalidParameter',
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${domain}.amazonaws.com in the VPC ${vpc.vpcId}`,
    );
  }
}

function policyOf(text: string | undefined): string {
  if (!text) return OPEN_POLICY;
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && text.length <= MAX_POLICY_LENGTH) return text;
  } catch {
    // Refused below.
  }
  throw new Fault('InvalidPolicyDocument', 'The policy document is not valid.');
}

const wrongType = (type: string, serviceName: string): Fault =>
  new Fault(
    'InvalidParameter',
    `The VPC endpoint type '${type}' is not supported for service '${serviceName}'. Use the type Interface.`,
  );

const sameZone = (subnetId: string): Fault =>
  new Fault(
    'DuplicateSubnetsInSameZone',
    `Found another VPC endpoint subnet in the availability zone of ${subnetId}`,
  );
