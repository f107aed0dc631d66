// EC2's resource types for CloudFormation. Each calls EC2's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import {
  elasticIpType,
  gatewayAttachmentType,
  internetGatewayType,
  natGatewayType,
} from './resource-types/gateways.ts';
import { instanceType } from './resource-types/instance.ts';
import { keyPairType, type SsmClient } from './resource-types/key-pair.ts';
import { launchTemplateType } from './resource-types/launch-template.ts';
import { routeTableAssociationType, routeTableType, routeType } from './resource-types/routing.ts';
import { securityGroupType } from './resource-types/security-group.ts';
import { securityGroupRuleType } from './resource-types/security-group-rule.ts';
import type { Ec2Client } from './resource-types/tokens-and-tags.ts';
import { subnetType, vpcType } from './resource-types/vpc-and-subnet.ts';
import { vpcEndpointType } from './resource-types/vpc-endpoint.ts';

/** Errors of a resource that another one still uses, such as a security group of an interface. */
const IN_THE_WAY = /^(DependencyViolation|InvalidGroup\.InUse|InvalidIPAddress\.InUse)$/;

/** The resource types of EC2. Deletion is retried while another resource still uses the deleted one. */
export const ec2ResourceTypes = (ec2: Ec2Client, others: { ssm: SsmClient }): ResourceType[] =>
  typesOf(ec2, others).map((type) => ({ ...type, inTheWay: IN_THE_WAY }));

const typesOf = (ec2: Ec2Client, { ssm }: { ssm: SsmClient }): ResourceType[] => [
  vpcType(ec2),
  subnetType(ec2),
  routeTableType(ec2),
  routeType(ec2),
  routeTableAssociationType(ec2),
  securityGroupType(ec2),
  securityGroupRuleType(ec2, 'Ingress'),
  securityGroupRuleType(ec2, 'Egress'),
  internetGatewayType(ec2),
  gatewayAttachmentType(ec2),
  natGatewayType(ec2),
  elasticIpType(ec2),
  vpcEndpointType(ec2),
  instanceType(ec2),
  keyPairType(ec2, ssm),
  launchTemplateType(ec2),
];
