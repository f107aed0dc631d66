// The errors of changes to the network, with their exact texts.

import { Fault } from '../../wire/fault.ts';

const invalidParameterValue = (message: string): Fault => new Fault('InvalidParameterValue', message);

export const malformedCidr = (cidr: string, parameter = 'cidrBlock'): Fault =>
  invalidParameterValue(
    `Value (${cidr}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );

export const vpcRange = (cidr: string): Fault =>
  new Fault('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);

export const subnetRange = (cidr: string): Fault =>
  new Fault('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);

export const subnetConflict = (cidr: string): Fault =>
  new Fault('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);

export const zoneForSubnet = (zone: string, zones: readonly string[], parameter: string): Fault =>
  invalidParameterValue(
    `Value (${zone}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
  );

/** `what` as errors name the kind: `vpc`, `subnet`, `routeTable`, `internetGateway`. */
export const hasDependencies = (what: string, id: string): Fault =>
  new Fault('DependencyViolation', `The ${what} '${id}' has dependencies and cannot be deleted.`);

export const hasDependentObject = (id: string): Fault =>
  new Fault('DependencyViolation', `resource ${id} has a dependent object`);

export const mappedPublicAddresses = (vpcId: string): Fault =>
  new Fault(
    'DependencyViolation',
    `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
  );

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

export const routeExists = (destination: string): Fault =>
  new Fault('RouteAlreadyExists', `The route identified by ${destination} already exists.`);

export const noSuchRoute = (destination: string, routeTableId: string): Fault =>
  new Fault(
    'InvalidRoute.NotFound',
    `no route with destination-cidr-block ${destination} in route table ${routeTableId}`,
  );

export const routeInsideVpc = (destination: string): Fault =>
  invalidParameterValue(
    `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
  );

export const localRoute = (destination: string, routeTableId: string): Fault =>
  invalidParameterValue(`cannot remove local route ${destination} in route table ${routeTableId}`);

export const differentNetworks = (one: string, other: string): Fault =>
  invalidParameterValue(`${one} and ${other} belong to different networks`);

export const oneTargetOnly = (): Fault =>
  new Fault(
    'InvalidParameterCombination',
    'A route must have exactly one destination and exactly one target.',
  );

export const associationConflict = (routeTableId: string): Fault =>
  new Fault(
    'Resource.AlreadyAssociated',
    `the specified association for route table ${routeTableId} conflicts with an existing association`,
  );

export const noSuchAssociation = (associationId: string): Fault =>
  new Fault('InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);

export const mainAssociation = (associationId: string): Fault =>
  invalidParameterValue(`cannot disassociate the main route table association ${associationId}`);

export const gatewayAttached = (gatewayId: string, vpcId: string): Fault =>
  new Fault('Resource.AlreadyAssociated', `resource ${gatewayId} is already attached to network ${vpcId}`);

export const vpcHasGateway = (vpcId: string): Fault =>
  invalidParameterValue(`Network ${vpcId} already has an internet gateway attached`);

export const gatewayNotAttached = (gatewayId: string, vpcId: string): Fault =>
  new Fault('Gateway.NotAttached', `resource ${gatewayId} is not attached to network ${vpcId}`);

export const noGatewayForAddresses = (vpcId: string): Fault =>
  new Fault('Gateway.NotAttached', `Network ${vpcId} is not attached to any internet gateway`);

export const addressAssociated = (allocationId: string): Fault =>
  new Fault('Resource.AlreadyAssociated', `resource ${allocationId} is already associated.`);

export const addressOccupied = (allocationId: string): Fault =>
  new Fault(
    'InvalidIPAddress.InUse',
    `The address with allocation id '${allocationId}' cannot be released because it is associated.`,
  );

export const noSuchAddress = (publicIp: string): Fault =>
  new Fault('InvalidAddress.NotFound', `Address '${publicIp}' not found.`);

/** What Millpond does not do is refused by name. */
export const unsupported = (what: string): Fault =>
  new Fault('UnsupportedOperation', `Millpond does not support ${what}.`);
