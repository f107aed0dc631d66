// The services that VPC endpoints can connect to. Common services are listed. Any other name of the right form is
// accepted, since AWS adds services all the time. Pure.

import { Fault } from '../../wire/fault.ts';

/** AWS: the services with gateway endpoints. */
export const GATEWAY_SERVICES = ['dynamodb', 's3'];

/** The services with interface endpoints that DescribeVpcEndpointServices lists. */
export const INTERFACE_SERVICES =
  `autoscaling cloudformation dynamodb ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent
  ecs-telemetry elasticache elasticfilesystem elasticloadbalancing events execute-api kinesis-firehose kinesis-streams
  kms lambda logs monitoring rds s3 secretsmanager sns sqs ssm ssmmessages states sts xray`.split(/\s+/);

/** The service's part of `com.amazonaws.REGION.s3`. Throws InvalidServiceName. */
export function endpointServiceOf(serviceName: string, region: string): string {
  const [, place, service] = /^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]{1,60})$/.exec(serviceName) ?? [];
  if (!service || place !== region) {
    throw new Fault('InvalidServiceName', `The Vpc Endpoint Service '${serviceName}' does not exist`);
  }
  return service;
}
