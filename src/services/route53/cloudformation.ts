// Route 53's resource types for CloudFormation. Each calls Route 53's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { hostedZoneType } from './resource-types/hosted-zone.ts';
import { recordSetGroupType, recordSetType } from './resource-types/record-sets.ts';
import type { Sdk } from './sdk.ts';

/** AWS::Route53::HostedZone, AWS::Route53::RecordSet and AWS::Route53::RecordSetGroup. */
export const route53ResourceTypes = (route53: Client<Sdk>): ResourceType[] => [
  hostedZoneType(route53),
  recordSetType(route53),
  recordSetGroupType(route53),
];
