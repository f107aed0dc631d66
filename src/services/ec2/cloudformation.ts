// EC2's resource types, for CloudFormation: each over EC2's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import {
  elasticIpType,
  gatewayAttachmentType,
  internetGatewayType,
  natGatewayType,
} from './resource-types/gateways.ts';
import { instanceType } from './resource-types/instance.ts';
import { keyPairType } from './resource-types/key-pair.ts';
import { launchTemplateType } from './resource-types/launch-template.ts';
import type { Ec2Client } from './resource-types/making.ts';
import { routeTableAssociationType, routeTableType, routeType } from './resource-types/routing.ts';
import { securityGroupType } from './resource-types/security-group.ts';
import { securityGroupRuleType } from './resource-types/security-group-rule.ts';
import { subnetType, vpcType } from './resource-types/vpc-and-subnet.ts';
import { vpcEndpointType } from './resource-types/vpc-endpoint.ts';

/** A gateway whose network has public addresses, a group that another interface is in… */
const IN_THE_WAY = /^(DependencyViolation|InvalidGroup\.InUse|InvalidIPAddress\.InUse)$/;

export const ec2ResourceTypes = (ec2: Ec2Client): ResourceType[] =>
  typesOf(ec2).map((type) => ({ ...type, inTheWay: IN_THE_WAY }));

const typesOf = (ec2: Ec2Client): ResourceType[] => [
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
  keyPairType(ec2),
  launchTemplateType(ec2),
];
