// Errors of changes to the network, with AWS's text.

import { Fault } from '../../wire/fault.ts';

const invalidParameterValue = (message: string): Fault => new Fault('InvalidParameterValue', message);

/** For text that is not a block of addresses. */
export const malformedCidr = (cidr: string, parameter = 'cidrBlock'): Fault =>
  invalidParameterValue(
    `Value (${cidr}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );

/** For a block of a size that a VPC cannot have. */
export const vpcRange = (cidr: string): Fault =>
  new Fault('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);

/** For a block of a size that a subnet cannot have, or outside of the VPC's blocks. */
export const subnetRange = (cidr: string): Fault =>
  new Fault('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);

/** For a block that overlaps another subnet's. */
export const subnetConflict = (cidr: string): Fault =>
  new Fault('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);

/** For a zone that the region does not have. */
export const zoneForSubnet = (zone: string, zones: readonly string[], parameter: string): Fault =>
  invalidParameterValue(
    `Value (${zone}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
  );

/** `what` is AWS's name of the kind: `vpc`, `subnet`, `routeTable`, `internetGateway`. */
export const hasDependencies = (what: string, id: string): Fault =>
  new Fault('DependencyViolation', `The ${what} '${id}' has dependencies and cannot be deleted.`);

/** For a security group that is in use. */
export const hasDependentObject = (id: string): Fault =>
  new Fault('DependencyViolation', `resource ${id} has a dependent object`);

/** For detaching the gateway of a VPC with public addresses. */
export const mappedPublicAddresses = (vpcId: string): Fault =>
  new Fault(
    'DependencyViolation',
    `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
  );

/** `things` is the plural in the text: `route tables`. */
export const limitExceeded = (code: string, things: string): Fault =>
  new Fault(code, `The maximum number of ${things} has been reached.`);

export const noFreeAddress = (subnetId: string): Fault =>
  new Fault(
    'InsufficientFreeAddressesInSubnet',
    `There are not enough free addresses in subnet '${subnetId}' to satisfy the requested number of instances.`,
  );

export const addressOutsideSubnet = (address: string): Fault =>
  invalidParameterValue(`Address ${address} does not fall within the subnet's address range`);

export const addressInUse = (address: string): Fault =>
  new Fault('InvalidIPAddress.InUse', `Address ${address} is in use.`);

/** For a destination that the table already has. */
export const routeExists = (destination: string): Fault =>
  new Fault('RouteAlreadyExists', `The route identified by ${destination} already exists.`);

/** For a destination that the table does not have. */
export const noSuchRoute = (destination: string, routeTableId: string): Fault =>
  new Fault(
    'InvalidRoute.NotFound',
    `no route with destination-cidr-block ${destination} in route table ${routeTableId}`,
  );

/** For a destination within the VPC whose target is not an interface. */
export const routeInsideVpc = (destination: string): Fault =>
  invalidParameterValue(
    `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
  );

/** For deleting a local route. */
export const localRoute = (destination: string, routeTableId: string): Fault =>
  invalidParameterValue(`cannot remove local route ${destination} in route table ${routeTableId}`);

/** For two resources of different VPCs. Each argument is a kind and an id: `subnet subnet-1`. */
export const differentNetworks = (one: string, other: string): Fault =>
  invalidParameterValue(`${one} and ${other} belong to different networks`);

/** For a route without exactly one target. */
export const oneTargetOnly = (): Fault =>
  new Fault(
    'InvalidParameterCombination',
    'A route must have exactly one destination and exactly one target.',
  );

/** For a subnet that another route table is associated with. */
export const associationConflict = (routeTableId: string): Fault =>
  new Fault(
    'Resource.AlreadyAssociated',
    `the specified association for route table ${routeTableId} conflicts with an existing association`,
  );

/** For any kind of association. */
export const noSuchAssociation = (associationId: string): Fault =>
  new Fault('InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);

/** For disassociating a VPC's main route table. */
export const mainAssociation = (associationId: string): Fault =>
  invalidParameterValue(`cannot disassociate the main route table association ${associationId}`);

/** For attaching a gateway that is attached. */
export const gatewayAttached = (gatewayId: string, vpcId: string): Fault =>
  new Fault('Resource.AlreadyAssociated', `resource ${gatewayId} is already attached to network ${vpcId}`);

/** For attaching a second gateway to a VPC. */
export const vpcHasGateway = (vpcId: string): Fault =>
  invalidParameterValue(`Network ${vpcId} already has an internet gateway attached`);

/** For detaching a gateway from a VPC that does not have it. */
export const gatewayNotAttached = (gatewayId: string, vpcId: string): Fault =>
  new Fault('Gateway.NotAttached', `resource ${gatewayId} is not attached to network ${vpcId}`);

/** For a public address in a VPC without an internet gateway. */
export const noGatewayForAddresses = (vpcId: string): Fault =>
  new Fault('Gateway.NotAttached', `Network ${vpcId} is not attached to any internet gateway`);

/** For associating an address that is associated. */
export const addressAssociated = (allocationId: string): Fault =>
  new Fault('Resource.AlreadyAssociated', `resource ${allocationId} is already associated.`);

/** For releasing an address that is associated. */
export const addressOccupied = (allocationId: string): Fault =>
  new Fault(
    'InvalidIPAddress.InUse',
    `The address with allocation id '${allocationId}' cannot be released because it is associated.`,
  );

/** For an unknown public address. */
export const noSuchAddress = (publicIp: string): Fault =>
  new Fault('InvalidAddress.NotFound', `Address '${publicIp}' not found.`);

/** For a feature that Millpond does not have. `what` names it. */
export const unsupported = (what: string): Fault =>
  new Fault('UnsupportedOperation', `Millpond does not support ${what}.`);
