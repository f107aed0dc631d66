// Every error that Route 53 answers, with its exact text.

import { Fault } from '../../wire/fault.ts';

/** The zone does not exist, or belongs to another account. */
export const noSuchHostedZone = (id: string): Fault =>
  new Fault('NoSuchHostedZone', `No hosted zone found with ID: ${id}`);

export const hostedZoneAlreadyExists = (): Fault =>
  new Fault(
    'HostedZoneAlreadyExists',
    'A hosted zone has already been created with the specified caller reference.',
  );

export const hostedZoneNotEmpty = (): Fault =>
  new Fault(
    'HostedZoneNotEmpty',
    'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
  );

export const tooManyHostedZones = (limit: number): Fault =>
  new Fault(
    'TooManyHostedZones',
    `Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more than ${limit}.`,
  );

export const invalidDomainName = (name: string): Fault =>
  new Fault('InvalidDomainName', `The domain name is invalid: ${name.slice(0, 300)}`);

/** AWS: the text that it uses for `example.com`. It publishes no text for other reserved names. */
export const reservedDomainName = (name: string, owner: 'AWS' | 'Millpond'): Fault =>
  new Fault('InvalidDomainName', `${name} is reserved by ${owner}!`);

/** For operations that do not declare InvalidDomainName. */
export const invalidRecordName = (name: string): Fault =>
  invalidInput(`Invalid request: The domain name is invalid: ${name.slice(0, 300)}`);

export const noSuchDelegationSet = (id: string): Fault =>
  new Fault('NoSuchDelegationSet', `The specified delegation set could not be found: ${id}`);

export const noSuchChange = (id: string): Fault =>
  new Fault('NoSuchChange', `Could not find resource with ID: ${id}`);

/** AWS: all problems of a batch in one error. */
export const invalidChangeBatch = (messages: readonly string[]): Fault =>
  new Fault('InvalidChangeBatch', `[${messages.join(', ')}]`);

export const invalidInput = (message: string): Fault => new Fault('InvalidInput', message);

export const invalidVpc = (vpcId: string, region: string): Fault =>
  new Fault('InvalidVPCId', `The VPC: ${vpcId} in region ${region} that you provided is not valid.`);

/** The VPC already has a zone of this name. */
export const conflictingDomain = (vpcId: string, region: string, zoneId: string): Fault =>
  new Fault(
    'ConflictingDomainExists',
    `The VPC ${vpcId} in region ${region} has already been associated with the hosted zone ${zoneId} with the same domain name.`,
  );

export const publicZoneAssociation = (): Fault =>
  new Fault(
    'PublicZoneVPCAssociation',
    'The HostedZone you provided is a public hosted zone; VPCs can be associated with private hosted zones only.',
  );

export const zoneNotPrivate = (): Fault =>
  new Fault('HostedZoneNotPrivate', 'The specified hosted zone is a public hosted zone.');

export const vpcNotAssociated = (vpcId: string, zoneId: string): Fault =>
  new Fault('VPCAssociationNotFound', `The VPC: ${vpcId} is not associated with hosted zone ${zoneId}.`);

export const lastVpc = (vpcId: string, zoneId: string): Fault =>
  new Fault(
    'LastVPCAssociation',
    `The VPC ${vpcId} is the last one associated with the private hosted zone ${zoneId}; it cannot be disassociated.`,
  );

/** AWS does not publish this text. */
export const invalidPaginationToken = (): Fault =>
  new Fault('InvalidPaginationToken', 'The value that you specified to get the next page is invalid.');

export const noSuchHealthCheck = (id: string): Fault =>
  new Fault('NoSuchHealthCheck', `No health check found with ID: ${id}`);
